import type { Role } from "#api/generated/graphql.ts";

interface RoleRow {
  readonly role: Role;
  readonly permissions: readonly { readonly name: string; readonly description: string }[];
}

export interface Matrix {
  readonly roles: readonly Role[];
  readonly groups: readonly {
    /** What the permissions are about: "Agent". */
    readonly subject: string;
    readonly permissions: readonly {
      readonly name: string;
      readonly description: string;
      readonly holders: ReadonlySet<Role>;
    }[];
  }[];
}

/** The roles' lists as a table: a row for each permission that any role holds, by what it is about. */
export function matrixOf(rows: readonly RoleRow[]): Matrix {
  const known = new Map<string, { name: string; description: string; holders: Set<Role> }>();
  for (const { role, permissions } of rows) {
    for (const { name, description } of permissions) {
      const row = known.get(name) ?? { name, description, holders: new Set() };
      row.holders.add(role);
      known.set(name, row);
    }
  }
  const groups = Map.groupBy(known.values(), ({ name }) => name.slice(0, name.indexOf(".")));
  return {
    roles: rows.map(({ role }) => role),
    groups: [...groups]
      .map(([subject, permissions]) => ({ subject: subjectWords(subject), permissions }))
      .toSorted((one, other) => one.subject.localeCompare(other.subject)),
  };
}

/** "rateLimit" is "Rate limit". */
function subjectWords(subject: string): string {
  const words = subject.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
