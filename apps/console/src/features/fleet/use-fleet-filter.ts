"use client";
import { useMemo } from "react";
import { filterOf, type FleetSearch } from "#features/fleet/fleet-search.ts";
import type { FleetAddress } from "#features/fleet/fleet-view.ts";
import { searchTerms } from "#features/fleet/search-language.ts";

/** Which agents the address asks for. */
export function useFleetFilter({ state, search }: FleetAddress): FleetSearch {
  return useMemo(() => filterOf(searchTerms(search), state), [search, state]);
}
