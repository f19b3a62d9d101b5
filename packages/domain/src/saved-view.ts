/** The screens of which views can be saved. */
export const SAVED_VIEW_SCREENS = ["FLEET", "TASKS", "ACTIVITY"] as const;
export type SavedViewScreen = (typeof SAVED_VIEW_SCREENS)[number];
