"use client";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { compareLines } from "#components/diff/compare-lines.ts";
import { DiffLines } from "#components/diff/diff-lines.tsx";
import { DiffPatch } from "#features/contexts/diff-patch.tsx";
import { jsonLines } from "#components/json/json-lines.ts";
import { useAnswer } from "#live/use-answer.ts";

const ComparisonQuery = graphql(`
  query ContextComparison($id: ID!, $from: Int!, $to: Int!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        from: version(number: $from) {
          id
          number
          dataHash
          data
        }
        to: version(number: $to) {
          id
          number
          dataHash
          data
        }
      }
    }
  }
`);

const MODES = { Unified: "Unified", Split: "Split", Patch: "Patch" } as const;
export type Mode = keyof typeof MODES;
/** Comparing holds up the page: at most so long, at the expense of what can be compared. */
const TIMEOUT_MS = 300;

interface ComparisonProps {
  readonly context: string;
  readonly from: number;
  readonly to: number;
  /** Told which version it is compared from, once it is on the screen: while another is read, the last one stays. */
  readonly onShown?: (from: number) => void;
  /** What stands beside its heading. */
  readonly children?: ReactNode;
}

/** What differs between two versions' data: line by line, in one column or two, or as the API's patch. */
export function Comparison({ context, from, to, onShown, children }: ComparisonProps) {
  const { data, error } = useAnswer(ComparisonQuery, { id: context, from, to });
  const [mode, setMode] = useState<Mode>("Unified");
  const versions = data?.node?.__typename === "Context" ? data.node : null;
  const shownFrom = versions?.from?.number;
  useEffect(() => {
    if (shownFrom !== undefined) onShown?.(shownFrom);
  }, [shownFrom, onShown]);
  const lines = useMemo(() => {
    if (!versions?.from || !versions.to) return null;
    const [before, after] = [versions.from.data, versions.to.data].map((each) =>
      jsonLines(each).map(({ text }) => text),
    );
    return compareLines(before ?? [], after ?? [], TIMEOUT_MS);
  }, [versions]);
  return (
    <QueryState data={data} error={error}>
      {() => {
        if (!versions?.from || !versions.to) {
          return (
            <Card>
              <Empty title={`There is no version ${versions?.from ? to : from}`}>
                Choose two versions of the list, then compare them.
              </Empty>
            </Card>
          );
        }
        const equal = versions.from.dataHash === versions.to.dataHash;
        const count = (kind: "added" | "removed") => lines?.filter((line) => line.kind === kind).length ?? 0;
        const pair = { from: versions.from.number, to: versions.to.number };
        return (
          <Card role="region" aria-label="Changes" className="min-w-0">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3.5 py-2">
              <h2 className="font-semibold tabular-nums">
                {pair.from} → {pair.to}
              </h2>
              {lines && !equal && (
                <span className="text-muted tabular-nums">
                  −{count("removed").toLocaleString("en")} +{count("added").toLocaleString("en")} lines
                </span>
              )}
              <span className="grow" />
              {children}
              <Choice label="Show as" options={MODES} value={mode} onChange={setMode} />
            </div>
            {equal ? (
              <Empty title={`Versions ${pair.from} and ${pair.to} have the same data`}>
                There is nothing to compare.
              </Empty>
            ) : mode === "Patch" ? (
              <DiffPatch context={context} {...pair} />
            ) : lines ? (
              <DiffLines key={`${pair.from}..${pair.to}`} lines={lines} split={mode === "Split"} />
            ) : (
              <>
                <p className="px-3.5 py-2.5 text-muted">
                  These two have so little in common that comparing them line by line takes too long: this is the patch.
                </p>
                <DiffPatch context={context} {...pair} />
              </>
            )}
          </Card>
        );
      }}
    </QueryState>
  );
}
