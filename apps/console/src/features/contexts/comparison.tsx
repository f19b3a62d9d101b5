"use client";
import { type ReactNode, useEffect, useMemo } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import type { ComparedLine } from "#components/diff/compare-lines.ts";
import { useCompared } from "#components/diff/use-compared.ts";
import { Empty, Loading } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { ComparisonLines } from "#features/contexts/comparison-lines.tsx";
import { VersionProblem } from "#features/contexts/version-problem.tsx";
import type { Mode } from "#features/contexts/version-view.ts";
import { useAnswer } from "#live/use-answer.ts";

const ComparisonQuery = graphql(`
  query ContextComparison($from: ID!, $to: ID!) {
    from: node(id: $from) {
      __typename
      id
      ...ComparedVersion
    }
    to: node(id: $to) {
      __typename
      id
      ...ComparedVersion
    }
  }
`);

const VersionFragment = graphql(`
  fragment ComparedVersion on ContextVersion {
    id
    number
    dataHash
    data
    context {
      id
      name
    }
  }
`);

const CountsQuery = graphql(`
  query ComparisonCounts($from: ID!, $to: ID!) {
    compareContextVersions(from: $from, to: $to) {
      counts {
        added
        removed
        changed
      }
    }
  }
`);

/** How a comparison reads. */
export interface ComparisonLook {
  readonly mode: Mode;
  /** With all that is unchanged. */
  readonly full: boolean;
}

interface ComparisonProps {
  /** The versions' ids: ctx_…@3. */
  readonly from: string;
  readonly to: string;
  readonly look: ComparisonLook;
  readonly onLook: (look: ComparisonLook) => void;
  /** Told which version it is compared from, once it is on the screen: while another is read, the last one stays. */
  readonly onShown?: (from: number) => void;
  /** What stands beside its heading. */
  readonly children?: ReactNode;
  /** How high what is compared may become. */
  readonly className?: string;
  /** What can be done about data that somebody changed. */
  readonly verify?: ReactNode;
}

/** What differs between two versions' data: line by line in one column or two, as a tree, or as the API's patch. */
export function Comparison(props: ComparisonProps) {
  const { from, to, look, onLook, onShown, children, className, verify } = props;
  const { data, error } = useAnswer(ComparisonQuery, { from, to });
  const { data: counted } = useAnswer(CountsQuery, { from, to });
  const before = data?.from?.__typename === "ContextVersion" ? readFragment(VersionFragment, data.from) : null;
  const after = data?.to?.__typename === "ContextVersion" ? readFragment(VersionFragment, data.to) : null;
  const shownFrom = before?.number;
  useEffect(() => {
    if (shownFrom !== undefined) onShown?.(shownFrom);
  }, [shownFrom, onShown]);
  const values = useMemo(() => before && after && { before: before.data, after: after.data }, [before, after]);
  const compared = useCompared(values);
  const counts = counted?.compareContextVersions.counts;
  const paths = counts && counts.added + counts.removed + counts.changed;
  const nameOf = (version: { number: number; context: { id: string; name: string } } | null, id: string) => {
    const number = version?.number ?? id.slice(id.indexOf("@") + 1);
    return version && before && after && before.context.id !== after.context.id
      ? `${version.context.name} · ${number}`
      : `${number}`;
  };
  return (
    <Card role="region" aria-label="Changes" className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-2 border-b border-line px-3.5 py-2">
        <h2 className="min-w-0 font-semibold wrap-anywhere tabular-nums">
          {nameOf(before, from)} → {nameOf(after, to)}
        </h2>
        {paths !== undefined && paths > 0 && (
          <span className="text-muted tabular-nums">
            {numberText(paths)} {paths === 1 ? "path" : "paths"}
            {compared.state === "done" && `, ${linesText(compared.lines)}`}
          </span>
        )}
        <span className="grow" />
        {children}
      </div>
      {error ? (
        <VersionProblem error={error} verify={verify} />
      ) : data === undefined ? (
        <Loading />
      ) : !before || !after ? (
        <Empty title={`There is no version ${nameOf(null, before ? to : from)}`}>
          Choose two versions of the list, then compare them.
        </Empty>
      ) : before.dataHash === after.dataHash ? (
        <Empty title={`Versions ${before.number} and ${after.number} have the same data`}>
          There is nothing to compare.
        </Empty>
      ) : (
        <ComparisonLines
          key={`${before.id}..${after.id}`}
          from={before.id}
          to={after.id}
          compared={compared}
          look={look}
          onLook={onLook}
          className={className}
        />
      )}
    </Card>
  );
}

/** "−212 +2 lines". */
function linesText(lines: readonly ComparedLine[]): string {
  const count = (kind: ComparedLine["kind"]) => numberText(lines.filter((line) => line.kind === kind).length);
  return `−${count("removed")} +${count("added")} lines`;
}
