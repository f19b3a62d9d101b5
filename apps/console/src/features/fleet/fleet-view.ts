import type { AgentState } from "#api/generated/graphql.ts";
import { orderAddress, orderIn, type TableOrder } from "#components/table/table-order.ts";
import { searchTerms, searchText } from "#features/fleet/search-language.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import type { FleetView } from "#routes.ts";

/** What the address says about the fleet's page. */
export interface FleetAddress {
  /** Any of these; all when it is empty. */
  readonly state: readonly AgentState[];
  /** In the language of search-language.ts; without states, which stand in `state`. */
  readonly search: string;
  readonly order: TableOrder;
  readonly columns: string | undefined;
  readonly look: "table" | "grid";
  /** Whether those that need somebody stand above all others. */
  readonly attention: boolean;
  /** The moment that is looked at; undefined for now. */
  readonly at: string | undefined;
  /** How far back the way through time goes. */
  readonly range: string | undefined;
  /** The other moment, when two are compared: what changed from `at` to `to`. */
  readonly to: string | undefined;
}

export const BY_NAME: TableOrder = { by: "name", descending: false };
const ORDERS = ["name", "since", "registered"];
const STATES = Object.keys(AGENT_STATES) as AgentState[];

/** Reads an address; what it says that cannot be is left out. */
export function fleetAddress(address: Pick<URLSearchParams, "get">): FleetAddress {
  const asked = new Set((address.get("state") ?? "").toUpperCase().split(","));
  const terms = searchTerms((address.get("search") ?? "").trim());
  for (const term of terms) if (term.kind === "state") asked.add(term.state);
  return {
    state: STATES.filter((state) => asked.has(state)),
    search: searchText(terms.filter(({ kind }) => kind !== "state")),
    order: orderIn(address.get("order"), ORDERS, BY_NAME),
    columns: address.get("columns") ?? undefined,
    look: address.get("look") === "grid" ? "grid" : "table",
    attention: address.get("attention") !== "no",
    at: momentIn(address.get("at")),
    range: address.get("range") ?? undefined,
    to: momentIn(address.get("to")),
  };
}

/** The address that says it. */
export function viewOf({ state, search, order, columns, look, attention, at, range, to }: FleetAddress): FleetView {
  return {
    state,
    search,
    order: orderAddress(order, BY_NAME),
    columns,
    look: look === "grid" ? look : undefined,
    attention: attention ? undefined : "no",
    at,
    range,
    to,
  };
}

/** The same agents with a state more, or without it. */
export function toggleState<Address extends Pick<FleetAddress, "state">>(address: Address, state: AgentState): Address {
  const chosen = address.state.includes(state)
    ? address.state.filter((each) => each !== state)
    : [...address.state, state];
  return { ...address, state: chosen };
}

/** Whether it leaves agents out. */
export function narrows({ state, search }: Pick<FleetAddress, "state" | "search">): boolean {
  return state.length > 0 || search !== "";
}

function momentIn(text: string | null): string | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
