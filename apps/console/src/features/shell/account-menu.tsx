"use client";
import { useRouter } from "next/navigation";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { signOut } from "#api/session.ts";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "#components/menu.tsx";
import { ROLE_WORDS } from "#components/role-words.ts";
import { chooseTheme } from "#components/theme.ts";
import { useTheme } from "#components/use-theme.ts";
import { roleHere } from "#features/shell/role-here.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const AccountMenuFragment = graphql(`
  fragment AccountMenu on Viewer {
    actor {
      kind
      name
    }
    user {
      id
      name
      memberships(first: 100) {
        edges {
          node {
            id
            role
            workspace {
              id
              slug
            }
            project {
              id
              path
            }
          }
        }
      }
    }
  }
`);

interface AccountMenuProps {
  readonly viewer: FragmentType<typeof AccountMenuFragment> | undefined;
  readonly current: ProjectRoute;
}

/** Who is signed in and as what, how it looks to them, and the way out. */
export function AccountMenu({ viewer: masked, current }: AccountMenuProps) {
  const theme = useTheme();
  const router = useRouter();
  const viewer = readFragment(AccountMenuFragment, masked);
  const name = viewer?.user?.name ?? viewer?.actor.name ?? "…";
  const memberships = viewer?.user?.memberships.edges.map(({ node }) => node) ?? [];
  const role = roleHere(memberships, current);
  const standing = viewer ? standingOf(viewer.user === null, role) : "";
  const trigger = (
    <button
      type="button"
      className="flex w-full min-w-0 items-center gap-2.5 rounded-md px-2 py-1.5 text-left hover:bg-sunken"
    >
      <span
        aria-hidden
        className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-ink uppercase"
      >
        {name.charAt(0)}
      </span>
      <span className="min-w-0">
        <span className="sr-only">Account: </span>
        <span className="block truncate font-[550]">{name}</span>
        <span title={standing} className="block truncate text-sm text-faint">
          {standing}
        </span>
      </span>
    </button>
  );
  return (
    <Menu trigger={trigger}>
      {viewer?.user && (
        <MenuItem onSelect={() => router.push(routes.settings(current, "profile"))}>Your profile</MenuItem>
      )}
      <MenuItem onSelect={() => router.push(routes.settings(current, "people"))}>People</MenuItem>
      <MenuSeparator />
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

type Standing = ReturnType<typeof roleHere>;

/** What somebody is here: "Viewer of demo/app", "Admin everywhere". */
function standingOf(isKey: boolean, role: Standing): string {
  if (isKey) return "Signed in with an API key";
  if (role === null) return "No role here";
  const { workspace, project } = role;
  const place = project?.path ?? workspace?.slug;
  return place === undefined ? `${ROLE_WORDS[role.role]} everywhere` : `${ROLE_WORDS[role.role]} of ${place}`;
}
