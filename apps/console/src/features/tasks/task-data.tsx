"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Ago } from "#components/time.tsx";
import { JsonCard } from "#features/tasks/json-card.tsx";

export const DataFragment = graphql(`
  fragment TaskData on Task {
    id
    state
    input
    output
    resultExpiredAt
  }
`);

/** What its agent gets, and what it gave back. */
export function TaskData({ task: masked }: { readonly task: FragmentType<typeof DataFragment> }) {
  const { id, state, input, output, resultExpiredAt } = readFragment(DataFragment, masked);
  const done = state === "SUCCEEDED";
  return (
    <>
      {done && (
        <JsonCard
          title="Output"
          value={output}
          fileName={`${id}-output.json`}
          {...(resultExpiredAt !== null
            ? {
                absent: (
                  <>
                    It was removed <Ago at={resultExpiredAt} />, as its time was up. Run the task again for another.
                  </>
                ),
              }
            : output === null && { absent: "Its agent gave nothing back." })}
        />
      )}
      <JsonCard
        title="Input"
        value={input}
        fileName={`${id}-input.json`}
        {...(input === null && { absent: "Its agent gets nothing." })}
      />
    </>
  );
}
