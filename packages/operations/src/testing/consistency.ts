import { BUNDLE_INVARIANTS } from "./bundle-invariants.ts";
import { CONTENT_INVARIANTS } from "./content-invariants.ts";
import { HISTORY_INVARIANTS } from "./history-invariants.ts";
import { HOLDING_INVARIANTS } from "./holding-invariants.ts";
import { type Invariant, WITH_HISTORIES } from "./invariant.ts";
import { ROLLBACK_INVARIANTS } from "./rollback-invariants.ts";
import { SETTLED_INVARIANTS } from "./settled-invariants.ts";
import { VERSION_INVARIANTS } from "./version-invariants.ts";

/** What holds in every snapshot: state rows, histories and counters agree. */
export const INVARIANTS: readonly Invariant[] = [
  ...HISTORY_INVARIANTS,
  ...HOLDING_INVARIANTS,
  ...BUNDLE_INVARIANTS,
  ...CONTENT_INVARIANTS,
  ...VERSION_INVARIANTS,
  ...ROLLBACK_INVARIANTS,
];

/** Something that breaks an invariant. */
export interface Violation {
  readonly invariant: string;
  /** The task, agent, workflow or context. */
  readonly subject: string;
  readonly detail: string;
}

/** Runs SQL with positional parameters and gives its rows, as pg's `query` does. */
export type Query = (text: string, values: unknown[]) => Promise<object[]>;

/** How many violations of each invariant are reported. */
const SHOWN = 5;

function selectBroken(invariants: readonly Invariant[]): string {
  const parts = invariants.map(
    ({ name, broken }) =>
      `select * from (select '${name}'::text as invariant, b.subject, b.detail from (${broken}) b limit ${SHOWN}) v`,
  );
  // One statement is one snapshot: all invariants see the same moment.
  return `with ${WITH_HISTORIES} ${parts.join("\nunion all\n")}`;
}

const EVER = selectBroken(INVARIANTS);
const SETTLED = selectBroken([...INVARIANTS, ...SETTLED_INVARIANTS]);

/**
 * Looks at a whole database, or at one project of it, in one snapshot, and tells what breaks an invariant; of each at most a
 * few. At any moment, also while everything runs; with `settled`, also what holds only when the loops have had some quiet
 * seconds. It reads every task and the whole log, of which retention must not have removed any: for databases of tests. With pg alone:
 *
 *     await findViolations(async (text, values) => (await client.query(text, values)).rows, { settled: true })
 */
export async function findViolations(
  query: Query,
  { projectId = null, settled = false }: { readonly projectId?: string | null; readonly settled?: boolean } = {},
): Promise<Violation[]> {
  return (await query(settled ? SETTLED : EVER, [projectId])) as Violation[];
}
