import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { sizeText } from "#components/size-text.ts";
import { Tag } from "#components/tag.tsx";
import { Ago } from "#components/time.tsx";
import { ViewLink } from "#features/contexts/context-view.tsx";

export const VersionRowFragment = graphql(`
  fragment VersionRow on ContextVersion {
    id
    number
    message
    createdAt
    sizeBytes
    heldSince
    rolledBackTo
    prunedAt
    pins {
      name
    }
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
  const version = readFragment(VersionRowFragment, masked);
  const { number, message, createdAt, sizeBytes, heldSince, rolledBackTo, prunedAt, pins, author } = version;
  return (
    <RowFrame number={number} shown={shown} chosen={chosen} onChoose={onChoose}>
      <div className="flex items-baseline gap-2">
        <ViewLink
          to={current ? {} : { version: number }}
          aria-current={shown ? "true" : undefined}
          className="min-w-0 grow truncate -outline-offset-2 after:absolute after:inset-0"
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
        <span className="flex min-w-0 shrink-0 gap-1 tabular-nums">
          {pins[0] && (
            <span
              className="max-w-32 truncate rounded-sm bg-sunken px-1.5 font-mono text-xs leading-[18px]"
              title={pins.map(({ name }) => `Pinned as “${name}”`).join("\n")}
            >
              {pins.length > 1 && `${pins.length}: `}
              {pins[0].name}
            </span>
          )}
          {rolledBackTo !== null ? (
            <Tag>back to {rolledBackTo}</Tag>
          ) : prunedAt !== null ? (
            <span title="Retention has removed its data; the record is kept.">data removed</span>
          ) : (
            pins.length === 0 && sizeText(sizeBytes)
          )}
        </span>
      </div>
    </RowFrame>
  );
}

interface RowFrameProps {
  readonly number: number;
  readonly shown: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

function RowFrame({ number, shown, chosen, onChoose, children }: RowFrameProps) {
  return (
    <div
      className={`relative flex h-full gap-2.5 border-b border-line px-3.5 py-2 ${shown ? "bg-accent-soft shadow-[inset_2px_0_0_var(--color-accent)]" : "hover:bg-sunken"}`}
    >
      <label className="relative z-1 -m-1.5 h-fit p-1.5">
        <input
          type="checkbox"
          aria-label={`Choose version ${number} to compare`}
          checked={chosen}
          onChange={onChoose}
          className="mt-0.75 size-3.5 shrink-0 accent-accent"
        />
      </label>
      <div className="min-w-0 grow">{children}</div>
    </div>
  );
}

/** What stands in place of a version that is not there: on its way, or not to be read. */
export function MissingRow({ number, why }: { readonly number: number; readonly why: "tampered" | "failed" | null }) {
  return (
    <div className="relative flex h-full items-baseline gap-2 border-b border-line py-2 pr-3.5 pl-10">
      <ViewLink
        to={{ version: number }}
        className="font-semibold tabular-nums -outline-offset-2 after:absolute after:inset-0"
      >
        {number}
      </ViewLink>
      {why === "tampered" && <span className="text-danger">was changed in the database</span>}
      {why === "failed" && <span className="text-muted">could not be read</span>}
      {why === null && <span aria-hidden className="h-3.5 w-32 self-center rounded-sm bg-sunken" />}
    </div>
  );
}
