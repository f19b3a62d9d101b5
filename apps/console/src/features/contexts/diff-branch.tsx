import type { DiffKind, JsonContainer } from "#api/generated/graphql.ts";
import { LineText } from "#components/json/line-text.tsx";
import { numberText } from "#components/number-text.ts";

export interface DiffTreeNode {
  readonly path: string;
  readonly key: string | null;
  readonly index: number | null;
  readonly depth: number;
  readonly kind: DiffKind;
  readonly container: JsonContainer | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly changes: number;
  readonly folded: number | null;
  readonly omitted: number;
}

const LOOKS = {
  ADDED: { sign: "+", word: "added:", look: "bg-added text-added-ink" },
  REMOVED: { sign: "−", word: "removed:", look: "bg-removed text-removed-ink" },
  CHANGED: { sign: "~", word: "changed:", look: "" },
  UNCHANGED: { sign: "", word: "", look: "text-muted" },
} as const satisfies Record<DiffKind, { sign: string; word: string; look: string }>;
/** Deeper nodes are not moved further to the right. */
const DEEPEST = 24;

interface DiffBranchProps {
  readonly node: DiffTreeNode;
  readonly closed: boolean;
  readonly onToggle: () => void;
}

/** A node of two documents' tree: what became of it, and of what is in it. */
export function DiffBranch({ node, closed, onToggle }: DiffBranchProps) {
  const { key, index, depth, kind, container, before, after, changes, folded, omitted, path } = node;
  const { sign, word, look } = LOOKS[kind];
  const indent = { paddingLeft: `${Math.min(depth, DEEPEST) * 16 + 20}px` };
  if (folded !== null) {
    return (
      <div className="grid grid-cols-[18px_1fr] px-3 text-faint" title={path}>
        <span />
        <span style={indent} className="font-sans">
          {numberText(folded)} unchanged
        </span>
      </div>
    );
  }
  const branch = container !== null;
  const name = key !== null ? JSON.stringify(key) : index !== null ? `${index}` : "the whole";
  return (
    <div className={`grid grid-cols-[18px_1fr] px-3 ${look}`} title={path}>
      <span className="text-center select-none">
        <span aria-hidden>{sign}</span>
        <span className="sr-only">{word}</span>
      </span>
      <span style={indent} className="flex min-w-0 items-baseline gap-2">
        {branch && (
          <button
            type="button"
            aria-expanded={!closed}
            aria-label={`${closed ? "Open" : "Close"} ${path === "" ? "the whole" : path}`}
            onClick={onToggle}
            className="-ml-4 w-4 shrink-0 rounded-sm text-faint hover:bg-sunken hover:text-ink"
          >
            {closed ? "›" : "⌄"}
          </button>
        )}
        <span className={`shrink-0 ${index !== null && key === null ? "text-faint" : ""}`}>{name}</span>
        {branch ? (
          <span className="font-sans text-muted tabular-nums">
            {container === "LIST" ? "list" : ""}
            {changes > 0 && ` ${numberText(changes)} ${changes === 1 ? "change" : "changes"}`}
            {omitted > 0 && `, ${numberText(omitted)} not shown: the tree has 5,000 lines`}
          </span>
        ) : (
          <Values kind={kind} before={before} after={after} />
        )}
      </span>
    </div>
  );
}

function Values({ kind, before, after }: Pick<DiffTreeNode, "kind" | "before" | "after">) {
  if (kind !== "CHANGED") return <Value value={kind === "REMOVED" ? before : after} />;
  return (
    <>
      <span className="rounded-sm bg-removed text-removed-ink line-through decoration-removed-ink/40">
        <Value value={before} />
      </span>
      <span aria-hidden className="text-faint">
        →
      </span>
      <span className="sr-only">is now</span>
      <span className="rounded-sm bg-added text-added-ink">
        <Value value={after} />
      </span>
    </>
  );
}

function Value({ value }: { readonly value: unknown }) {
  return (
    <span className="line-clamp-4 min-w-0 wrap-anywhere whitespace-pre-wrap">
      <LineText text={JSON.stringify(value)} />
    </span>
  );
}
