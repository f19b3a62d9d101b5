"use client";
import Link from "next/link";
import { useMemo, useState } from "react";
import { graphql } from "#api/generated/gql.ts";
import { buttonClass } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { DiffLines } from "#components/diff/diff-lines.tsx";
import { useCompared } from "#components/diff/use-compared.ts";
import { Loading, Problem } from "#components/notice.tsx";
import { SelectField } from "#components/select-field.tsx";
import { useAnswer } from "#live/use-answer.ts";

const Editions = graphql(`
  query DefinitionEditions($id: ID!, $from: Int!, $to: Int!) {
    node(id: $id) {
      __typename
      ... on AgentDefinition {
        id
        before: edition(number: $from) {
          type
          capabilities
          configSchema
          metadata
        }
        after: edition(number: $to) {
          type
          capabilities
          configSchema
          metadata
        }
      }
    }
  }
`);

const LOOKS = { unified: "Unified", split: "Side by side" } as const;
/** More are not listed to choose from. */
const MOST_CHOICES = 200;

interface VersionComparisonProps {
  readonly definitionId: string;
  readonly from: number;
  readonly to: number;
  readonly newest: number;
  readonly onChoose: (from: number, to: number) => void;
  /** The address without the comparison. */
  readonly close: string;
}

/** What two versions of a definition have different: all that agents depend on. */
export function VersionComparison({ definitionId, from, to, newest, onChoose, close }: VersionComparisonProps) {
  const numbers = Array.from({ length: Math.min(newest, MOST_CHOICES) }, (_, at) => newest - at);
  const options = Object.fromEntries(
    [...new Set([...numbers, from, to])].map((number) => [`v${number}`, `Version ${number}`]),
  );
  return (
    <Card role="region" aria-label={`Version ${from} and version ${to}`}>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2.5">
        <SelectField
          label="Before"
          labelHidden
          options={options}
          value={`v${from}`}
          onChange={(chosen) => onChoose(Number(chosen.slice(1)), to)}
        />
        <span aria-hidden className="text-faint">
          →
        </span>
        <SelectField
          label="After"
          labelHidden
          options={options}
          value={`v${to}`}
          onChange={(chosen) => onChoose(from, Number(chosen.slice(1)))}
        />
        <span className="grow" />
        <Link
          href={close}
          prefetch={false}
          onNavigate={(event) => {
            event.preventDefault();
            window.history.replaceState(null, "", close);
          }}
          className={buttonClass("ghost")}
        >
          Close
        </Link>
      </div>
      <VersionDifference definitionId={definitionId} from={from} to={to} />
    </Card>
  );
}

interface VersionDifferenceProps extends Pick<VersionComparisonProps, "definitionId" | "from" | "to"> {
  /** How high it may become. */
  readonly className?: string;
}

/** The lines in which two versions differ. */
export function VersionDifference({ definitionId, from, to, className }: VersionDifferenceProps) {
  const { data, error } = useAnswer(Editions, { id: definitionId, from, to });
  const [look, setLook] = useState<keyof typeof LOOKS>("unified");
  const node = data?.node?.__typename === "AgentDefinition" ? data.node : null;
  const values = useMemo(
    () =>
      node?.before && node.after && node.before !== node.after ? { before: node.before, after: node.after } : null,
    [node],
  );
  const compared = useCompared(values);
  if (error) return <Problem title={error.graphQLErrors[0]?.message ?? "Muster cannot be reached"} />;
  if (data && !values) return <p className="px-4 py-3 text-muted">One of them does not exist.</p>;
  if (compared.state === "working") return <Loading label="Comparing" />;
  if (compared.lines.every(({ kind }) => kind === "same")) {
    return <p className="px-4 py-3 text-muted">Agents with either of them are alike.</p>;
  }
  return (
    <>
      <div className="border-b border-line px-4 py-2">
        <Choice label="Show as" options={LOOKS} value={look} onChange={setLook} />
      </div>
      <DiffLines lines={compared.lines} split={look === "split"} {...(className !== undefined && { className })} />
    </>
  );
}
