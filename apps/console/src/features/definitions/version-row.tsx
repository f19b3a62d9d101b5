import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { buttonClass } from "#components/button.tsx";
import { numberText } from "#components/number-text.ts";
import { Tag } from "#components/tag.tsx";
import { Ago } from "#components/time.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment DefinitionVersionRow on AgentDefinitionVersion {
    number
    capabilities
    createdAt
    author {
      kind
      id
      name
    }
    agentCount(project: $of)
  }
`);

interface VersionRowProps {
  readonly project: ProjectRoute;
  readonly slug: string;
  readonly version: FragmentType<typeof RowFragment>;
  readonly newest: number;
  readonly compared: boolean;
}

/** One version of a definition: since when, by whom, and how many agents have it. */
export function VersionRow({ project, slug, version: masked, newest, compared }: VersionRowProps) {
  const { number, capabilities, createdAt, author, agentCount } = readFragment(RowFragment, masked);
  const steps = [
    ...(number > 1 ? [{ name: `${number - 1}`, from: number - 1 }] : []),
    ...(number < newest - 1 || (number === 1 && newest > 1) ? [{ name: "newest", from: newest }] : []),
  ];
  return (
    <tr className={`border-t border-line align-top ${compared ? "bg-accent-soft" : ""}`}>
      <th scope="row" className="px-4 py-2.5 text-left font-[550] whitespace-nowrap tabular-nums">
        {number} {number === newest && <Tag>newest</Tag>}
      </th>
      <td className="px-4 py-2.5">
        <Ago at={createdAt} />
        {author !== null && <span className="block text-sm text-faint">by {author.name}</span>}
      </td>
      <td className="hidden px-4 py-2.5 md:table-cell">
        <span className="flex flex-wrap gap-1">
          {capabilities.map((capability) => (
            <Tag key={capability}>{capability}</Tag>
          ))}
        </span>
      </td>
      <td className="px-4 py-2.5 tabular-nums">
        {agentCount === 0 ? (
          <span className="text-faint">0</span>
        ) : (
          <Link
            href={routes.definition(project, slug, { tab: "agents", version: String(number) })}
            prefetch={false}
            onNavigate={(event) => {
              event.preventDefault();
              window.history.pushState(
                null,
                "",
                routes.definition(project, slug, { tab: "agents", version: String(number) }),
              );
            }}
            className="hover:text-accent hover:underline"
          >
            {numberText(agentCount)}
          </Link>
        )}
      </td>
      <td className="px-4 py-2 text-right">
        <span className="inline-flex flex-wrap justify-end gap-1.5">
          {steps.map(({ name, from }) => {
            const href = routes.definition(project, slug, {
              tab: "versions",
              compare: `${Math.min(from, number)}..${Math.max(from, number)}`,
            });
            return (
              <Link
                key={name}
                href={href}
                prefetch={false}
                aria-label={`Compare version ${number} with ${name}`}
                onNavigate={(event) => {
                  event.preventDefault();
                  window.history.pushState(null, "", href);
                  window.scrollTo({ top: 0 });
                }}
                className={buttonClass("ghost")}
              >
                with {name}
              </Link>
            );
          })}
        </span>
      </td>
    </tr>
  );
}
