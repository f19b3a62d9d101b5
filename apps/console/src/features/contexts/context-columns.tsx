"use client";
import Link from "next/link";
import { createContext, use } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { sizeText } from "#components/size-text.ts";
import { columnsOf } from "#components/table/columns.ts";
import { RowLink } from "#components/table/row-link.tsx";
import { Tag } from "#components/tag.tsx";
import { Ago } from "#components/time.tsx";
import type { DetailsState } from "#features/contexts/use-context-details.ts";
import { RollbackStateBadge } from "#lifecycles/rollback-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

export const ContextRowFragment = graphql(`
  fragment ContextRow on Context {
    id
    name
    currentVersion
    storedBytes
    prunedThrough
    rollbackState
    rollbackPointer
    agent {
      id
      name
    }
  }
`);

interface ListView {
  readonly project: ProjectRoute;
  readonly details: ReadonlyMap<string, DetailsState>;
}
/** What cells need besides their row. */
export const ContextsList = createContext<ListView>({
  project: { workspace: "", project: "" },
  details: new Map(),
});

export type ContextRow = { readonly id: string } & FragmentType<typeof ContextRowFragment>;
type CellProps = { readonly context: ContextRow };
const read = (context: ContextRow) => readFragment(ContextRowFragment, context);

function Name({ context }: CellProps) {
  const { id, name } = read(context);
  return <RowLink href={routes.context(use(ContextsList).project, id)}>{name}</RowLink>;
}

function Whose({ context }: CellProps) {
  const { project } = use(ContextsList);
  const { agent } = read(context);
  if (!agent) return <span className="text-muted">shared</span>;
  return (
    <Link
      href={routes.agent(project, agent.id)}
      prefetch={false}
      className="block truncate hover:text-accent hover:underline"
    >
      {agent.name}
    </Link>
  );
}

function Version({ context }: CellProps) {
  const { currentVersion } = read(context);
  if (currentVersion === 0) return <span className="text-muted">none yet</span>;
  return (
    <>
      <span className="@4xl:hidden">version </span>
      {numberText(currentVersion)}
    </>
  );
}

function Size({ context }: CellProps) {
  const { storedBytes, prunedThrough } = read(context);
  return (
    <span className="inline-flex items-baseline gap-1.5">
      {prunedThrough > 0 && (
        <span title={`The data of versions up to ${numberText(prunedThrough)} was removed, their records are kept.`}>
          <Tag>pruned</Tag>
        </span>
      )}
      {sizeText(storedBytes)}
    </span>
  );
}

function Rollback({ context }: CellProps) {
  const { rollbackState, rollbackPointer } = read(context);
  if (rollbackState === null)
    return (
      <span className="text-faint">
        never<span className="@4xl:hidden"> rolled back</span>
      </span>
    );
  return (
    <span className="inline-flex items-baseline gap-2">
      <RollbackStateBadge state={rollbackState} />
      <span className="text-muted tabular-nums">to {rollbackPointer}</span>
    </span>
  );
}

function Readers({ context }: CellProps) {
  const details = use(ContextsList).details.get(context.id);
  if (details === undefined || details === "tampered") return null;
  if (details.readers === 0) return <span className="text-faint">nobody</span>;
  return (
    <>
      {numberText(details.readers)}
      <span className="@4xl:hidden">{details.readers === 1 ? " agent" : " agents"}</span>
    </>
  );
}

function LastWritten({ context }: CellProps) {
  const details = use(ContextsList).details.get(context.id);
  if (details === undefined) return <span aria-hidden className="block h-3.5 w-40 rounded-sm bg-sunken" />;
  if (details === "tampered")
    return <span className="text-danger">was changed in the database: open and verify it</span>;
  const { last } = details;
  if (last === null) return <span className="text-faint">nothing written yet</span>;
  return (
    <span className="flex min-w-0 items-baseline gap-3">
      <span className="min-w-0 grow truncate text-muted" title={last.message ?? undefined}>
        {last.author.name}
        {last.message !== null && `: ${last.message}`}
      </span>
      <span className="shrink-0 text-faint">
        <Ago at={last.createdAt} />
      </span>
    </span>
  );
}

const column = columnsOf<ContextRow>();
/** The columns of the list. */
export const CONTEXT_COLUMNS = column.columns([
  column.display({
    id: "name",
    cell: ({ row: { original } }) => <Name context={original} />,
    meta: { name: "Name", wide: "@4xl:w-[19%]", narrow: "order-1", fixed: true },
  }),
  column.display({
    id: "whose",
    cell: ({ row: { original } }) => <Whose context={original} />,
    meta: { name: "Whose", wide: "@4xl:w-[12%]", narrow: "order-2 @max-4xl:text-right" },
  }),
  column.display({
    id: "version",
    cell: ({ row: { original } }) => <Version context={original} />,
    meta: {
      name: "Version",
      wide: "@4xl:w-20 @4xl:text-right @4xl:tabular-nums",
      narrow: "order-4 text-muted @4xl:text-ink",
    },
  }),
  column.display({
    id: "size",
    cell: ({ row: { original } }) => <Size context={original} />,
    meta: {
      name: "Stored",
      wide: "@4xl:w-32 @4xl:text-right @4xl:whitespace-nowrap @4xl:tabular-nums",
      narrow: "order-5 text-right text-muted @4xl:text-ink",
    },
  }),
  column.display({
    id: "readers",
    cell: ({ row: { original } }) => <Readers context={original} />,
    meta: {
      name: "Used by",
      wide: "@4xl:w-20 @4xl:text-right @4xl:tabular-nums",
      narrow: "order-6 text-muted @4xl:text-ink",
    },
  }),
  column.display({
    id: "rollback",
    cell: ({ row: { original } }) => <Rollback context={original} />,
    meta: { name: "Rollback", wide: "@4xl:w-44 @4xl:whitespace-nowrap", narrow: "order-7 @max-4xl:text-right" },
  }),
  column.display({
    id: "last",
    cell: ({ row: { original } }) => <LastWritten context={original} />,
    meta: { name: "Last written", narrow: "order-3 col-span-2" },
  }),
]);

/** What a row is called. */
export function contextName(context: ContextRow): string {
  return read(context).name;
}
