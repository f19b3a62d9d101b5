export const THEME_KEY = "muster.theme";

export type Theme = "system" | "light" | "dark";

/** The theme that was chosen on this browser; "system" when none was. */
export function chosenTheme(): Theme {
  const theme = localStorage.getItem(THEME_KEY);
  return theme === "light" || theme === "dark" ? theme : "system";
}

const watching = new Set<() => void>();

export function chooseTheme(theme: Theme): void {
  if (theme === "system") {
    localStorage.removeItem(THEME_KEY);
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem(THEME_KEY, theme);
    document.documentElement.dataset["theme"] = theme;
  }
  for (const notice of watching) notice();
}

/** Calls `notice` when another theme is chosen on this page; answers how to stop. */
export function watchTheme(notice: () => void): () => void {
  watching.add(notice);
  return () => watching.delete(notice);
}
