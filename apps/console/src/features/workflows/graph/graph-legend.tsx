import type { DependencyCondition } from "#api/generated/graphql.ts";
import { EDGE_DASHES } from "#features/workflows/graph/graph-edges.tsx";

const WORDS: Readonly<Record<DependencyCondition, string>> = {
  ALL_SUCCEEDED: "all succeeded",
  ANY_SUCCEEDED: "any succeeded",
  ALL_ENDED: "all ended",
};

/** What the kinds of lines mean; only where there is more than the usual one. */
export function GraphLegend({ conditions }: { readonly conditions: ReadonlySet<DependencyCondition> }) {
  if (conditions.size === 0 || (conditions.size === 1 && conditions.has("ALL_SUCCEEDED"))) return null;
  return (
    <ul
      aria-label="What the lines wait for"
      className="absolute bottom-3 left-3 flex flex-wrap gap-x-4 rounded-md border border-line bg-raised px-2.5 py-1 text-sm text-muted"
    >
      {(Object.keys(WORDS) as DependencyCondition[])
        .filter((condition) => conditions.has(condition))
        .map((condition) => (
          <li key={condition} className="flex items-center gap-1.5">
            <svg aria-hidden width="28" height="6" className="text-muted">
              <path
                d="M1 3H27"
                stroke="currentColor"
                strokeWidth="1.6"
                strokeLinecap="round"
                strokeDasharray={EDGE_DASHES[condition]}
              />
            </svg>
            {WORDS[condition]}
          </li>
        ))}
    </ul>
  );
}
