"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { signOut } from "#api/session.ts";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "#components/menu.tsx";
import { chooseTheme } from "#components/theme.ts";
import { useTheme } from "#components/use-theme.ts";

const AccountMenuFragment = graphql(`
  fragment AccountMenu on Viewer {
    actor {
      kind
      name
    }
  }
`);

/** Who is signed in, how it looks to them, and the way out. */
export function AccountMenu({ viewer }: { readonly viewer: FragmentType<typeof AccountMenuFragment> | undefined }) {
  const theme = useTheme();
  const name = readFragment(AccountMenuFragment, viewer)?.actor.name ?? "…";
  const trigger = (
    <button
      type="button"
      className="flex items-center gap-2 rounded-md px-2 py-1 text-muted hover:bg-sunken hover:text-ink"
    >
      <span
        aria-hidden
        className="grid size-5 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-ink uppercase"
      >
        {name.charAt(0)}
      </span>
      <span className="sr-only">Account: </span>
      <span className="sr-only sm:not-sr-only">{name}</span>
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuChoice
        label="Theme"
        value={theme}
        choices={{ system: "System", light: "Light", dark: "Dark" }}
        onChange={chooseTheme}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => void signOut()}>Sign out</MenuItem>
    </Menu>
  );
}
