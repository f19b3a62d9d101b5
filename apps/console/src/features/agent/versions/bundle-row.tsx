"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Tag } from "#components/tag.tsx";
import { Ago } from "#components/time.tsx";
import { bundleText } from "#features/agent/versions/bundle-words.ts";

const RowFragment = graphql(`
  fragment BundleRow on AgentBundle {
    number
    changes
    createdAt
    reason
    rolledBackTo
    author {
      name
    }
    version {
      id
      number
      message
      context {
        id
        name
      }
    }
  }
`);

interface BundleRowProps {
  readonly bundle: FragmentType<typeof RowFragment>;
  readonly newest: boolean;
  /** Whether it is one of the two that are shown. */
  readonly current: boolean;
  readonly chosen: boolean;
  /** The address of what it has changed. */
  readonly href: string;
  readonly onChoose: () => void;
}

/** One bundle: what it has changed, who did it and why. */
export function BundleRow({ bundle: masked, newest, current, chosen, href, onChoose }: BundleRowProps) {
  const bundle = readFragment(RowFragment, masked);
  const { number, createdAt, reason, rolledBackTo, author, version } = bundle;
  const why = reason ?? version?.message;
  return (
    <li
      data-current={current || undefined}
      className="flex items-start gap-2 border-t border-l-2 border-t-line border-l-transparent py-2 pr-3 pl-2.5 first:border-t-transparent hover:bg-sunken/60 data-current:border-l-accent data-current:bg-accent-soft"
    >
      <input
        type="checkbox"
        checked={chosen}
        onChange={onChoose}
        aria-label={`Choose ${number} to compare`}
        title="Choose two to compare them"
        className="mt-0.75 size-3.5 shrink-0 accent-accent"
      />
      <Link
        href={href}
        prefetch={false}
        scroll={false}
        aria-current={current ? "true" : undefined}
        onNavigate={(event) => {
          event.preventDefault();
          window.history.pushState(null, "", href);
        }}
        className="min-w-0 grow"
      >
        <span className="flex items-baseline gap-2">
          <span className="font-semibold tabular-nums">{number}</span>
          <span className="min-w-0 grow truncate">{bundleText(bundle)}</span>
          {newest && <Tag>now</Tag>}
          {rolledBackTo !== null && <Tag>back to {rolledBackTo}</Tag>}
        </span>
        <span className="block truncate text-sm text-muted" title={why ?? undefined}>
          {author.name}, <Ago at={createdAt} />
          {why !== null && why !== undefined && why !== "" && <>: “{why}”</>}
        </span>
      </Link>
    </li>
  );
}
