"use client";
import { graphql } from "#api/generated/gql.ts";
import { CopyButton } from "#components/copy-button.tsx";
import { LineText } from "#components/json/line-text.tsx";
import { jsonText } from "#components/json/json-lines.ts";
import { VirtualLines } from "#components/json/virtual-lines.tsx";
import { Loading } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { VersionProblem } from "#features/contexts/version-problem.tsx";
import { useAnswer } from "#live/use-answer.ts";

const PatchQuery = graphql(`
  query ContextPatch($from: ID!, $to: ID!) {
    compareContextVersions(from: $from, to: $to) {
      operations {
        op
        path
        from
        value
      }
    }
  }
`);

const LOOKS: Readonly<Record<string, string>> = {
  add: "bg-added text-added-ink",
  remove: "bg-removed text-removed-ink",
};
const WITH_VALUE = new Set(["add", "replace", "test"]);

interface DiffPatchProps {
  /** The versions' ids. */
  readonly from: string;
  readonly to: string;
  readonly className?: string;
}

/** The JSON Patch (RFC 6902) that makes one version's data of another's. */
export function DiffPatch({ from, to, className = "max-h-[70dvh]" }: DiffPatchProps) {
  const { data, error } = useAnswer(PatchQuery, { from, to });
  if (error) return <VersionProblem error={error} />;
  if (!data) return <Loading />;
  const { operations } = data.compareContextVersions;
  return (
    <>
      <div className="flex items-center justify-between gap-3 px-3.5 py-2 text-muted tabular-nums">
        {numberText(operations.length)} {operations.length === 1 ? "operation" : "operations"} of a JSON Patch
        <CopyButton text={() => patchText(operations)}>patch</CopyButton>
      </div>
      <VirtualLines
        count={operations.length}
        role="group"
        aria-label="Operations"
        className={`pb-1.5 ${className}`}
        renderRow={(index) => {
          const operation = operations[index];
          return (
            operation && (
              <div className={`grid grid-cols-[72px_1fr] gap-x-2 px-3.5 py-0.5 ${LOOKS[operation.op] ?? ""}`}>
                <span>{operation.op}</span>
                <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">
                  {operation.path === "" ? "(everything)" : operation.path}
                  {operation.from !== null && ` from ${operation.from}`}
                  {WITH_VALUE.has(operation.op) && (
                    <span className="block">
                      <LineText text={jsonText(operation.value)} />
                    </span>
                  )}
                </span>
              </div>
            )
          );
        }}
      />
    </>
  );
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from: string | null;
  readonly value: unknown;
}

/** As RFC 6902 writes it: without what an operation does not have. */
function patchText(operations: readonly Operation[]): string {
  const plain = operations.map(({ op, path, from, value }) => ({
    op,
    path,
    ...(from !== null && { from }),
    ...(WITH_VALUE.has(op) && { value }),
  }));
  return JSON.stringify(plain, null, 2);
}
