import { useSyncExternalStore } from "react";

/** What the page looks like now: the theme chosen in the account's menu, else the system's. */
export function useColorScheme(): "light" | "dark" {
  return useSyncExternalStore(listen, read, () => "light");
}

function system(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

function read(): "light" | "dark" {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "light" || chosen === "dark" ? chosen : system().matches ? "dark" : "light";
}

function listen(changed: () => void): () => void {
  const query = system();
  query.addEventListener("change", changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    query.removeEventListener("change", changed);
    observer.disconnect();
  };
}
