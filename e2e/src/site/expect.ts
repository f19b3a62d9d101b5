import { expect as base } from "playwright/test";

/** Waits for what a page shows, on a busy machine too. */
export const expect = base.configure({ timeout: 15_000 });
