"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { Role } from "#api/generated/graphql.ts";
import { ExplainedChoice } from "#components/explained-choice.tsx";
import { ROLE_WORDS, ROLES } from "#components/role-words.ts";

const RoleDescriptionsQuery = graphql(`
  query RoleDescriptions {
    roles {
      role
      description
    }
  }
`);

interface RoleChoiceProps {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

/** One of the roles, each with what it is for. */
export function RoleChoice({ value, onChange }: RoleChoiceProps) {
  const [{ data }] = useQuery({ query: RoleDescriptionsQuery, requestPolicy: "cache-first" });
  const means = new Map(data?.roles.map(({ role, description }) => [role, description]));
  return (
    <ExplainedChoice
      label="Role"
      ways={ROLES.map((role) => ({ value: role, name: ROLE_WORDS[role], means: means.get(role) ?? "" }))}
      value={value}
      onChange={onChange}
    />
  );
}
