import type { InputIssue } from "#api/input-issues.ts";
import { pointerPart } from "#components/json/json-pointer.ts";

/** What is wrong, each with its path in what was given: `data`, `schema`, `patch`. */
export function IssueList({ issues }: { readonly issues: readonly InputIssue[] }) {
  if (issues.length === 0) return null;
  return (
    <ul aria-label="What is wrong" className="grid max-h-48 gap-0.5 overflow-y-auto">
      {issues.map(({ path, message }, index) => {
        const [, ...within] = path;
        return (
          <li key={index}>
            {within.length > 0 && (
              <code className="mr-1.5 font-mono text-sm text-ink">{within.map(pointerPart).join("")}</code>
            )}
            {message}
          </li>
        );
      })}
    </ul>
  );
}
