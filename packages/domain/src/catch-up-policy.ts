/** What a schedule does about times that passed while nobody looked: none of them, the last one, or each. */
export const CATCH_UP_POLICIES = ["NONE", "LAST", "ALL"] as const;
export type CatchUpPolicy = (typeof CATCH_UP_POLICIES)[number];
