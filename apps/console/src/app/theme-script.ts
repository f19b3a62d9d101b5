import { THEME_KEY } from "#components/theme.ts";

/** Runs before anything is painted, so that a chosen theme does not flash. */
export const themeScript = `try{const t=localStorage.getItem(${JSON.stringify(THEME_KEY)});if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch{}`;
