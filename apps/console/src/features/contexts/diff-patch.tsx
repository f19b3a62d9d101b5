"use client";
import { useState } from "react";
import { graphql } from "#api/generated/gql.ts";
import { QueryState } from "#components/query-state.tsx";
import { useAnswer } from "#live/use-answer.ts";
import { jsonText } from "#components/json/json-lines.ts";
import { LineText } from "#components/json/line-text.tsx";
import { LINES_AT_ONCE, ShowMore } from "#components/json/show-more.tsx";

const PatchQuery = graphql(`
  query ContextPatch($id: ID!, $from: Int!, $to: Int!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        diff(from: $from, to: $to) {
          op
          path
          from
          value
        }
      }
    }
  }
`);

const LOOKS: Readonly<Record<string, string>> = {
  add: "bg-added text-added-ink",
  remove: "bg-removed text-removed-ink",
};

interface DiffPatchProps {
  readonly context: string;
  readonly from: number;
  readonly to: number;
}

/** The JSON Patch (RFC 6902) that makes one version's data of another's. */
export function DiffPatch({ context, from, to }: DiffPatchProps) {
  const { data, error } = useAnswer(PatchQuery, { id: context, from, to });
  const [limit, setLimit] = useState(LINES_AT_ONCE);
  return (
    <QueryState data={data} error={error}>
      {({ node }) => {
        const operations = node?.__typename === "Context" ? node.diff : [];
        return (
          <>
            <p className="px-3.5 pt-2.5 text-muted tabular-nums">
              {operations.length.toLocaleString("en")} {operations.length === 1 ? "operation" : "operations"} of a JSON
              Patch
            </p>
            <ol className="py-1.5 font-mono text-sm leading-5">
              {operations.slice(0, limit).map((operation, index) => (
                <li
                  key={index}
                  className={`grid grid-cols-[72px_1fr] gap-x-2 px-3.5 py-0.5 ${LOOKS[operation.op] ?? ""}`}
                >
                  <span>{operation.op}</span>
                  <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">
                    {operation.path === "" ? "(everything)" : operation.path}
                    {operation.from !== null && ` from ${operation.from}`}
                    {operation.op !== "remove" && operation.op !== "move" && operation.op !== "copy" && (
                      <span className="block">
                        <LineText text={jsonText(operation.value)} />
                      </span>
                    )}
                  </span>
                </li>
              ))}
            </ol>
            <ShowMore left={operations.length - limit} onMore={() => setLimit(limit + LINES_AT_ONCE)} />
          </>
        );
      }}
    </QueryState>
  );
}
