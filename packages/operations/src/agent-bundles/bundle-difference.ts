import { equalJson } from "@muster/domain/json-patch.ts";
import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { type BundledContext, type BundleState, loadBundleStates } from "./bundle-state.ts";

/** A context that two bundles have in different versions; null: that one does not have it. */
export interface ContextDifference {
  readonly contextId: string;
  readonly name: string;
  readonly from: BundledContext | null;
  readonly to: BundledContext | null;
}

/** What differs between two bundles of an agent. */
export interface BundleDifference {
  readonly agentId: string;
  readonly from: BundleState;
  readonly to: BundleState;
  /** Whether the agent itself differs: its definition version, config or limits. */
  readonly itself: boolean;
  /** By name. Versions with the same data do not differ. */
  readonly contexts: readonly ContextDifference[];
}

function differenceOf(from: BundleState, to: BundleState): BundleDifference {
  const [before, after] = [from, to].map(({ contexts }) => new Map(contexts.map((each) => [each.contextId, each])));
  const every = new Map([...from.contexts, ...to.contexts].map(({ contextId, name }) => [contextId, name]));
  const contexts = [...every].map(([contextId, name]) => ({
    contextId,
    name,
    from: before?.get(contextId) ?? null,
    to: after?.get(contextId) ?? null,
  }));
  return {
    agentId: from.agentId,
    from,
    to,
    itself:
      from.definitionVersion !== to.definitionVersion ||
      from.maxConcurrency !== to.maxConcurrency ||
      !equalJson(from.config, to.config),
    contexts: contexts
      .filter((each) => each.from?.dataHash !== each.to?.dataHash)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

/** A context that going from the first bundle to the second writes to: one that the second does not have stays as it is. */
export type Restorable = ContextDifference & { readonly from: BundledContext; readonly to: BundledContext };

/** The contexts that a rollback from the first bundle to the second rolls back. */
export function restorableOf({ contexts }: BundleDifference): Restorable[] {
  return contexts.filter((each): each is Restorable => each.from !== null && each.to !== null);
}

/** Compares two bundles of each agent, by the agent's id: of those that exist and that the caller may see. */
export async function loadDifferences(
  connection: Connection,
  caller: Caller,
  pairs: readonly { readonly agentId: string; readonly from: number; readonly to: number }[],
): Promise<ReadonlyMap<string, BundleDifference>> {
  const keys = pairs.flatMap(({ agentId, from, to }) =>
    [...new Set([from, to])].map((number) => ({ agentId, number })),
  );
  const found = Map.groupBy(await loadBundleStates(connection, caller, keys), (state) => state.agentId);
  const differences = pairs.flatMap(({ agentId, from, to }) => {
    const [older, newer] = [from, to].map((number) => found.get(agentId)?.find((state) => state.number === number));
    return older && newer ? [[agentId, differenceOf(older, newer)] as const] : [];
  });
  return new Map(differences);
}
