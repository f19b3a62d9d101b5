"use client";
import { useState } from "react";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Loading, Problem } from "#components/notice.tsx";
import { BundleDifference } from "#features/agent/versions/bundle-difference.tsx";
import type { ComparedBundles } from "#features/agent/versions/compared-bundles.ts";
import { useAnswer } from "#live/use-answer.ts";
import type { ProjectRoute } from "#routes.ts";

const ComparisonQuery = graphql(`
  query AgentBundleComparison($id: ID!, $from: Int!, $to: Int!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        bundleDiff(from: $from, to: $to) {
          from
          to
          ...BundleDifference
        }
        before: bundleAt(number: $from) {
          number
          config
        }
        after: bundleAt(number: $to) {
          number
          config
        }
      }
    }
  }
`);

interface ComparisonPanelProps {
  readonly project: ProjectRoute;
  readonly agent: string;
  readonly pair: ComparedBundles;
  readonly newest: number;
  readonly onCompare: (pair: ComparedBundles) => void;
  /** Null: the reader may not. */
  readonly onRollBack: ((bundle: number) => void) | null;
}

/** Two bundles compared, and the way back to one of them. */
export function ComparisonPanel({ project, agent, pair, newest, onCompare, onRollBack }: ComparisonPanelProps) {
  const { data, error } = useAnswer(ComparisonQuery, { id: agent, ...pair });
  const node = data?.node?.__typename === "Agent" ? data.node : null;
  const older = Math.min(pair.from, pair.to);
  const ends = [...new Set([older, Math.max(pair.from, pair.to)])].filter((number) => number !== newest);
  return (
    <Card role="region" aria-label="Comparison" className="min-w-0 overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-2.5">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h2 className="font-semibold tabular-nums">
            {pair.from} → {pair.to}
          </h2>
          <Pick key={`${pair.from}..${pair.to}`} pair={pair} newest={newest} onCompare={onCompare} />
        </div>
        <div className="flex flex-wrap gap-2">
          {ends.map((number) => (
            <Button
              key={number}
              disabled={onRollBack === null}
              title={onRollBack === null ? "You may look, but not roll agents back." : undefined}
              onClick={() => onRollBack?.(number)}
            >
              Roll back to {number}
            </Button>
          ))}
        </div>
      </div>
      <div className="px-4 py-3">
        {error && <Problem title={error.graphQLErrors[0]?.message ?? "Muster cannot be reached. We keep trying."} />}
        {node ? (
          <BundleDifference
            project={project}
            difference={node.bundleDiff}
            configs={{ from: node.before.config, to: node.after.config }}
          />
        ) : (
          !error && <Loading lines={4} />
        )}
      </div>
    </Card>
  );
}

interface PickProps {
  readonly pair: ComparedBundles;
  readonly newest: number;
  readonly onCompare: (pair: ComparedBundles) => void;
}

/** Any two, by their numbers: also those that are many pages away. */
function Pick({ pair, newest, onCompare }: PickProps) {
  const [from, setFrom] = useState(String(pair.from));
  const [to, setTo] = useState(String(pair.to));
  const box = (label: string, value: string, onChange: (value: string) => void) => (
    <input
      type="number"
      aria-label={label}
      min={1}
      max={newest}
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="w-16 rounded-md border border-line-strong bg-surface px-2 py-0.75 tabular-nums"
    />
  );
  const changed = Number(from) !== pair.from || Number(to) !== pair.to;
  return (
    <form
      className="flex items-center gap-1.5 text-muted"
      onSubmit={(event) => {
        event.preventDefault();
        if (from !== to) onCompare({ from: Number(from), to: Number(to) });
      }}
    >
      {box("Compare from", from, setFrom)}
      <span aria-hidden>→</span>
      {box("to", to, setTo)}
      {changed && (
        <Button type="submit" className="py-0.5">
          Compare
        </Button>
      )}
    </form>
  );
}
