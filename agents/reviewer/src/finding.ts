/** Something about a commit that its author should look at. */
export interface Finding {
  readonly commit: string;
  /** Null when the finding is about the commit as a whole. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** A rule of oxlint such as "eslint(eqeqeq)", or one about commits: "commit(large-diff)". */
  readonly rule: string;
  readonly severity: "error" | "warning";
  readonly message: string;
}

/** How many a review reports at most. */
export const findingLimit = 500;
