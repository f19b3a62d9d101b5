"use client";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/menu.tsx";
import type { FleetAddress } from "#features/fleet/fleet-view.ts";

interface TravelMenuProps {
  readonly address: FleetAddress;
  readonly onChange: (change: Partial<FleetAddress>) => void;
}

const MINUTE = 60_000;
const AGO = { "5 minutes ago": 5, "1 hour ago": 60, "6 hours ago": 360, "24 hours ago": 1_440, "7 days ago": 10_080 };

/** The way into the fleet's past, and back. */
export function TravelMenu({ address, onChange }: TravelMenuProps) {
  const past = address.at !== undefined;
  const go = (minutes: number) => onChange({ at: iso(minutes), to: undefined, range: undefined });
  return (
    <Menu
      trigger={
        <Button look="ghost">
          {past ? "In the past" : "As of now"}
          <span aria-hidden>⌄</span>
        </Button>
      }
    >
      {past && <MenuItem onSelect={() => onChange({ at: undefined, to: undefined, range: undefined })}>Now</MenuItem>}
      {Object.entries(AGO).map(([name, minutes]) => (
        <MenuItem key={name} onSelect={() => go(minutes)}>
          {name}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => onChange({ at: iso(60), to: iso(0), range: undefined })}>
        What changed in the last hour
      </MenuItem>
    </Menu>
  );
}

function iso(minutesAgo: number): string {
  return new Date(Date.now() - minutesAgo * MINUTE).toISOString();
}
