"use client";
import type { ReactNode } from "react";
import { Button } from "#components/button.tsx";
import { Chip } from "#components/chip.tsx";
import { Choice } from "#components/choice.tsx";
import { numberText } from "#components/number-text.ts";
import { type FleetAddress, narrows } from "#features/fleet/fleet-view.ts";
import { SearchField } from "#features/fleet/search-field.tsx";

interface FleetToolsProps {
  readonly address: FleetAddress;
  readonly onChange: (change: Partial<FleetAddress>) => void;
  readonly problems: readonly string[];
  /** How many agents match; undefined while that is not known. */
  readonly matches: { readonly total: number; readonly totalIsCapped: boolean } | undefined;
  /** Whether there is a group of those that need somebody to show. */
  readonly offersAttention: boolean;
  /** Whether it can be shown as a grid. */
  readonly offersLook?: boolean;
  /** More of them, at the end. */
  readonly children?: ReactNode;
}

/** What narrows the list to some of the fleet, and how it is shown. All of it stands in the address. */
export function FleetTools(props: FleetToolsProps) {
  const { address, onChange, problems, matches, offersAttention, offersLook = true, children } = props;
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
      <SearchField search={address.search} onSearch={(search) => onChange({ search })} problems={problems} />
      {offersAttention && (
        <div className="py-0.5">
          <Chip pressed={address.attention} onPress={() => onChange({ attention: !address.attention })}>
            Needs attention first
          </Chip>
        </div>
      )}
      {narrows(address) && (
        <div className="flex items-center gap-1">
          <span role="status" className="text-muted tabular-nums">
            {matches && matchText(matches)}
          </span>
          <Button look="ghost" onClick={() => onChange({ state: [], search: "" })}>
            Show all
          </Button>
        </div>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-1">
        {children}
        {offersLook && (
          <Choice
            label="How agents are shown"
            options={{ table: "Table", grid: "Grid" }}
            value={address.look}
            onChange={(look) => onChange({ look })}
          />
        )}
      </div>
    </div>
  );
}

function matchText({ total, totalIsCapped }: { readonly total: number; readonly totalIsCapped: boolean }): string {
  if (total === 1) return "1 agent matches";
  return `${totalIsCapped ? "more than " : ""}${numberText(total)} agents match`;
}
