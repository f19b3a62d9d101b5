import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Tag } from "#components/tag.tsx";
import { Ago } from "#components/time.tsx";
import { ViewLink } from "#features/contexts/context-view.tsx";
import { sizeText } from "#components/size-text.ts";

export const VersionRowFragment = graphql(`
  fragment VersionRow on ContextVersion {
    id
    number
    message
    createdAt
    sizeBytes
    heldSince
    rolledBackTo
    author {
      name
    }
  }
`);

interface VersionRowProps {
  readonly version: FragmentType<typeof VersionRowFragment>;
  readonly current: boolean;
  /** Whether it is shown, alone or in a comparison. */
  readonly shown: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

/** One version in the list: chosen to be compared by its box, shown by a click anywhere else. */
export function VersionRow({ version: masked, current, shown, chosen, onChoose }: VersionRowProps) {
  const { number, message, createdAt, sizeBytes, heldSince, rolledBackTo, author } = readFragment(
    VersionRowFragment,
    masked,
  );
  return (
    <li
      className={`relative flex gap-2.5 border-b border-line px-3.5 py-2.5 last:border-b-0 ${shown ? "bg-accent-soft shadow-[inset_2px_0_0_var(--color-accent)]" : "hover:bg-sunken"}`}
    >
      <input
        type="checkbox"
        aria-label={`Choose version ${number} to compare`}
        checked={chosen}
        onChange={onChoose}
        className="relative z-1 mt-0.75 size-3.5 shrink-0 accent-accent"
      />
      <div className="min-w-0 grow">
        <div className="flex items-baseline gap-2">
          <ViewLink
            to={current ? {} : { version: number }}
            aria-current={shown ? "true" : undefined}
            className="min-w-0 grow truncate after:absolute after:inset-0"
            title={message ?? undefined}
          >
            <span className="font-semibold tabular-nums">{number}</span>{" "}
            {message ?? <span className="text-muted">without a message</span>}
          </ViewLink>
          {current && <Tag>current</Tag>}
          {heldSince !== null && <span className="text-sm font-[550] text-warning">held</span>}
        </div>
        <div className="flex justify-between gap-2 text-muted">
          <span className="min-w-0 truncate">
            {author.name}, <Ago at={createdAt} />
          </span>
          <span className="shrink-0 tabular-nums">
            {rolledBackTo === null ? sizeText(sizeBytes) : <Tag>back to {rolledBackTo}</Tag>}
          </span>
        </div>
      </div>
    </li>
  );
}
