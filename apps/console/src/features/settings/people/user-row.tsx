import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { reachText, ROLE_WORDS } from "#components/role-words.ts";
import { LastSignedIn, Person, PersonFragment } from "#features/settings/people/person.tsx";
import { type PeopleContext, PersonActions } from "#features/settings/people/person-actions.tsx";

const RowFragment = graphql(`
  fragment UserRow on User {
    id
    createdAt
    ...Person
    memberships(first: 20) {
      totalCount
      edges {
        node {
          id
          role
          version
          workspace {
            id
            slug
            permissions
          }
          project {
            id
            path
            permissions
          }
        }
      }
    }
  }
`);

interface UserRowProps {
  readonly user: FragmentType<typeof RowFragment>;
  readonly people: PeopleContext;
}

/** A person, with all roles that they have. */
export function UserRow({ user: masked, people }: UserRowProps) {
  const row = readFragment(RowFragment, masked);
  const user = readFragment(PersonFragment, row);
  const { totalCount, edges } = row.memberships;
  return (
    <tr className="border-t border-line align-top">
      <td className="w-2/5 max-w-0 min-w-36 py-2 pr-2 pl-4 sm:px-4">
        <Person user={row} isSelf={user.id === people.self} />
      </td>
      <td className="px-2 py-2 sm:px-4">
        {edges.length === 0 && <span className="text-faint">none</span>}
        {edges.map(({ node }) => (
          <span key={node.id} className="block">
            {ROLE_WORDS[node.role]} <span className="text-muted">of {reachText(node)}</span>
          </span>
        ))}
        {totalCount > edges.length && <span className="text-muted">and {totalCount - edges.length} more</span>}
      </td>
      <td className="hidden px-4 py-2 whitespace-nowrap text-muted md:table-cell">
        <LastSignedIn at={user.lastSignedInAt} />
      </td>
      <td className="py-2 pr-3 text-right">
        <PersonActions people={people} user={user} memberships={edges.map(({ node }) => node)} />
      </td>
    </tr>
  );
}
