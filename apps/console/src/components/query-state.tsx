"use client";
import type { ReactNode } from "react";
import type { CombinedError } from "urql";
import { Card } from "#components/card.tsx";
import { Loading, Problem } from "#components/notice.tsx";

interface QueryStateProps<Data> {
  readonly data: Data | undefined;
  readonly error: CombinedError | undefined;
  readonly children: (data: Data) => ReactNode;
}

/** What a page shows while it has no answer yet, and beside the last one when a later question failed. */
export function QueryState<Data>({ data, error, children }: QueryStateProps<Data>) {
  return (
    <>
      {error && <QueryProblem error={error} />}
      {data === undefined
        ? !error && (
            <Card>
              <Loading />
            </Card>
          )
        : children(data)}
    </>
  );
}

function QueryProblem({ error }: { readonly error: CombinedError }) {
  if (error.networkError) {
    return (
      <div className="mb-4">
        <Problem title="Muster cannot be reached">We keep trying. Nothing you see here is lost.</Problem>
      </div>
    );
  }
  const [first] = error.graphQLErrors;
  const correlationId = first?.extensions["correlationId"];
  return (
    <div className="mb-4">
      <Problem title={first?.message ?? error.message}>
        {typeof correlationId === "string" && (
          <>
            The server’s log has more about it under <code className="font-mono text-sm">{correlationId}</code>.
          </>
        )}
      </Problem>
    </div>
  );
}
