"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { Role } from "#api/generated/graphql.ts";
import { CheckField } from "#components/check-field.tsx";

const RolePermissionsQuery = graphql(`
  query RolePermissions {
    roles {
      role
      permissions {
        name
        description
      }
    }
  }
`);

interface PermissionChoiceProps {
  readonly role: Role;
  /** null: all of the role's. */
  readonly value: readonly string[] | null;
  readonly onChange: (permissions: readonly string[] | null) => void;
}

/** All that a role may, or only some of it. */
export function PermissionChoice({ role, value, onChange }: PermissionChoiceProps) {
  const [{ data }] = useQuery({ query: RolePermissionsQuery, requestPolicy: "cache-first" });
  const all = data?.roles.find((each) => each.role === role)?.permissions ?? [];
  const toggle = (name: string, wanted: boolean) => {
    const chosen = value ?? [];
    onChange(wanted ? [...chosen, name] : chosen.filter((each) => each !== name));
  };
  return (
    <div className="grid gap-2">
      <CheckField
        label="Only some of the role’s permissions"
        checked={value !== null}
        onChange={(only) => onChange(only ? [] : null)}
      />
      {value !== null && (
        <fieldset className="grid max-h-52 gap-1.5 overflow-y-auto rounded-md border border-line px-3 py-2">
          <legend className="sr-only">Permissions</legend>
          {all.map(({ name, description }) => (
            <CheckField
              key={name}
              label={<span className="font-mono text-sm">{name}</span>}
              checked={value.includes(name)}
              onChange={(wanted) => toggle(name, wanted)}
              hint={description}
            />
          ))}
        </fieldset>
      )}
    </div>
  );
}
