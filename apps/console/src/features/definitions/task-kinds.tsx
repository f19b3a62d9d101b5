import { useMemo } from "react";
import { Card } from "#components/card.tsx";
import { SchemaTable } from "#features/definitions/schema-table.tsx";
import { type TaskKind, taskKinds } from "#features/definitions/task-kinds.ts";

/** What its agents do, as its metadata describes it. */
export function TaskKinds({ metadata }: { readonly metadata: unknown }) {
  const kinds = useMemo(() => taskKinds(metadata), [metadata]);
  return (
    <Card role="region" aria-label="Tasks">
      <h2 className="border-b border-line px-4 py-2.5 font-semibold">Tasks</h2>
      {kinds.length === 0 ? (
        <p className="px-4 py-3 text-muted">
          It does not describe its tasks. It can, in <code className="font-mono text-sm">metadata.tasks</code>: a
          description and a JSON Schema of the input of each kind.
        </p>
      ) : (
        kinds.map((kind) => <KindOfTask key={kind.kind} {...kind} />)
      )}
    </Card>
  );
}

function KindOfTask({ kind, description, schema, input }: TaskKind) {
  return (
    <section aria-label={kind} className="border-t border-line first-of-type:border-t-0">
      <div className="px-4 pt-2.5 pb-2">
        <h3 className="font-mono text-sm font-semibold">{kind}</h3>
        {description !== null && <p className="text-muted">{description}</p>}
        {input.length > 0 && schema === null && (
          <dl className="mt-1.5 grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5">
            {input.map(({ name, text }) => (
              <div key={name} className="contents">
                <dt className="font-mono text-sm leading-5">{name}</dt>
                <dd className="text-muted">{text}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      {schema !== null && <SchemaTable schema={schema} label={`Input of ${kind}`} />}
    </section>
  );
}
