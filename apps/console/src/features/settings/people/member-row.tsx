import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { reachText, ROLE_WORDS } from "#components/role-words.ts";
import { LastSignedIn, Person, PersonFragment } from "#features/settings/people/person.tsx";
import { type PeopleContext, PersonActions } from "#features/settings/people/person-actions.tsx";

const RowFragment = graphql(`
  fragment MemberRow on Membership {
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
    user {
      id
      ...Person
    }
  }
`);

interface MemberRowProps {
  readonly membership: FragmentType<typeof RowFragment>;
  readonly people: PeopleContext;
}

/** A person and a role that they have here. */
export function MemberRow({ membership: masked, people }: MemberRowProps) {
  const membership = readFragment(RowFragment, masked);
  const user = readFragment(PersonFragment, membership.user);
  return (
    <tr className="border-t border-line">
      <td className="w-2/5 max-w-0 min-w-36 py-2 pr-2 pl-4 sm:px-4">
        <Person user={membership.user} isSelf={user.id === people.self} />
      </td>
      <td className="px-2 py-2 sm:px-4">
        {ROLE_WORDS[membership.role]}
        <span className="block text-sm text-faint sm:hidden">{reachText(membership)}</span>
      </td>
      <td className="hidden px-4 py-2 text-muted sm:table-cell">{reachText(membership)}</td>
      <td className="hidden px-4 py-2 whitespace-nowrap text-muted md:table-cell">
        <LastSignedIn at={user.lastSignedInAt} />
      </td>
      <td className="py-2 pr-3 text-right">
        <PersonActions people={people} user={user} memberships={[membership]} />
      </td>
    </tr>
  );
}
