"use client";
import Link from "next/link";
import type { PathChangeKind } from "#api/generated/graphql.ts";
import { LineText } from "#components/json/line-text.tsx";
import { Ago } from "#components/time.tsx";
import { useContextView, ViewLink } from "#features/contexts/context-view.tsx";
import type { PathChange } from "#features/contexts/use-path-changes.ts";
import { routes } from "#routes.ts";

const VERBS: Readonly<Record<PathChangeKind, string>> = {
  ADDED: "added it",
  CHANGED: "changed it",
  REMOVED: "removed it",
};

/** One change of a value: who, when, in which version, and from what to what. */
export function PathChangeLine({ change }: { readonly change: PathChange }) {
  const { project } = useContextView();
  const { kind, before, after, beforePruned, version } = change;
  const { number, author, createdAt, message, rolledBackTo } = version;
  return (
    <li className="grid gap-1 border-b border-line px-3.5 py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <span className="min-w-0 grow">
          {author.kind === "AGENT" && author.id !== null ? (
            <Link href={routes.agent(project, author.id)} className="font-[550] hover:text-accent hover:underline">
              {author.name}
            </Link>
          ) : (
            <span className="font-[550]">{author.name}</span>
          )}{" "}
          {rolledBackTo === null ? VERBS[kind] : `${VERBS[kind]} by rolling back to ${rolledBackTo}`}
          {message !== null && <span className="text-muted">: “{message}”</span>}
        </span>
        <span className="text-muted">
          <Ago at={createdAt} />
        </span>
        <ViewLink
          to={{ version: number }}
          className="font-semibold tabular-nums underline decoration-line-strong underline-offset-2 hover:text-accent"
        >
          version {number}
        </ViewLink>
        {number > 1 && (
          <ViewLink
            to={{ compare: { from: number - 1, to: number } }}
            className="underline decoration-line-strong underline-offset-2 hover:text-accent"
          >
            compare
          </ViewLink>
        )}
      </div>
      <div className="grid gap-0.5 font-mono text-sm">
        {beforePruned ? (
          <p className="font-sans text-muted">
            What stood there before is not known: its data has been removed, and the change may be older.
          </p>
        ) : (
          kind !== "ADDED" && <Side sign="−" word="before:" value={before} look="bg-removed text-removed-ink" />
        )}
        {kind !== "REMOVED" && <Side sign="+" word="after:" value={after} look="bg-added text-added-ink" />}
      </div>
    </li>
  );
}

interface SideProps {
  readonly sign: string;
  readonly word: string;
  readonly value: unknown;
  readonly look: string;
}

function Side({ sign, word, value, look }: SideProps) {
  return (
    <p className={`grid max-h-40 grid-cols-[18px_1fr] overflow-y-auto rounded-sm ${look}`}>
      <span className="text-center select-none">
        <span aria-hidden>{sign}</span>
        <span className="sr-only">{word}</span>
      </span>
      <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">
        <LineText text={JSON.stringify(value)} />
      </span>
    </p>
  );
}
