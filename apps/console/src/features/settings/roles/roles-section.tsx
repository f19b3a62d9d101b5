"use client";
import { Fragment } from "react";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { QueryState } from "#components/query-state.tsx";
import { ROLE_WORDS } from "#components/role-words.ts";
import { type Matrix, matrixOf } from "#features/settings/roles/role-matrix.ts";

const RolesQuery = graphql(`
  query Roles {
    roles {
      role
      description
      permissions {
        name
        description
      }
    }
  }
`);

/** What each role may do: the matrix that the API itself goes by. */
export function RolesSection() {
  const [{ data, error }] = useQuery({ query: RolesQuery });
  return (
    <QueryState data={data} error={error}>
      {({ roles }) => (
        <div className="grid grid-cols-1 gap-4">
          <dl className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
            {roles.map(({ role, description, permissions }) => (
              <Card key={role} className="px-4 py-3">
                <dt className="flex items-baseline justify-between gap-2 font-semibold">
                  {ROLE_WORDS[role]}
                  <span className="text-sm font-normal text-faint tabular-nums">{permissions.length} permissions</span>
                </dt>
                <dd className="mt-1 text-muted">{description}</dd>
              </Card>
            ))}
          </dl>
          {/* On a narrow window it scrolls, by keys as well. */}
          <Card role="region" aria-label="Matrix of roles" tabIndex={0} className="relative overflow-x-auto">
            <MatrixTable matrix={matrixOf(roles)} />
          </Card>
          <p className="text-muted">
            A role holds in one project, in a whole workspace, or in the whole installation. Nobody can give a role, or
            make a key, that may more than they may themselves.
          </p>
        </div>
      )}
    </QueryState>
  );
}

function MatrixTable({ matrix: { roles, groups } }: { readonly matrix: Matrix }) {
  return (
    <table aria-label="Permissions of the roles" className="w-full text-left">
      <thead>
        <tr>
          <th scope="col" className="px-4 py-2 text-sm font-medium text-faint">
            Permission
          </th>
          {roles.map((role) => (
            <th key={role} scope="col" className="w-26 px-2 py-2 text-center font-[550] sm:px-4">
              {ROLE_WORDS[role]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map(({ subject, permissions }) => (
          <Fragment key={subject}>
            <tr className="border-t border-line bg-sunken">
              <th scope="colgroup" colSpan={roles.length + 1} className="px-4 py-1 text-sm font-[550] text-muted">
                {subject}
              </th>
            </tr>
            {permissions.map(({ name, description, holders }) => (
              <tr key={name} className="border-t border-line">
                <th scope="row" className="min-w-48 px-4 py-1.5 font-normal">
                  <span className="block font-mono text-sm">{name}</span>
                  <span className="text-sm text-faint">{description}</span>
                </th>
                {roles.map((role) => (
                  <td key={role} className="px-2 py-1.5 text-center sm:px-4">
                    {holders.has(role) ? (
                      <>
                        <span aria-hidden className="text-online">
                          ●
                        </span>
                        <span className="sr-only">yes</span>
                      </>
                    ) : (
                      <>
                        <span aria-hidden className="text-faint">
                          –
                        </span>
                        <span className="sr-only">no</span>
                      </>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
