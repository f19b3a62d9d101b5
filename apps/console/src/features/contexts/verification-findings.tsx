"use client";
import type { ContextVersionProblem } from "#api/generated/graphql.ts";
import { Problem } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { Ago } from "#components/time.tsx";
import { useContextView, ViewLink } from "#features/contexts/context-view.tsx";
import { useVerification } from "#features/contexts/use-verification.ts";

const WHAT: Readonly<Record<ContextVersionProblem, string>> = {
  DATA: "its data",
  EVENT: "its event",
  MISSING: "is missing",
  NEWEST: "newer than the newest",
  RECORD: "its record",
};
const MOST_SHOWN = 10;

/** What is wrong with a chain, loud; nothing while it is right or not known. */
export function VerificationFindings() {
  const { context } = useContextView();
  const { verification } = useVerification(context);
  if (verification.state === "failed")
    return <Problem title="The chain could not be verified">{verification.why}</Problem>;
  if (verification.state !== "done" || verification.found.ok) return null;
  const { badVersions, versions } = verification.found;
  const [first] = badVersions;
  return (
    <Problem
      title={`Somebody changed this context in the database: version ${first?.number ?? ""} is the first that is not as it was written`}
    >
      <p>
        Of {numberText(versions)} versions, verified <Ago at={verification.at} />, these are not what was written:
      </p>
      <ul aria-label="Bad versions" className="my-1.5 grid gap-0.5">
        {badVersions.slice(0, MOST_SHOWN).map(({ number, problem, message }) => (
          <li key={`${number} ${problem}`}>
            <ViewLink to={{ version: number }} className="font-semibold text-danger tabular-nums underline">
              Version {number}
            </ViewLink>{" "}
            ({WHAT[problem]}): {message}
          </li>
        ))}
        {badVersions.length > MOST_SHOWN && <li>and {numberText(badVersions.length - MOST_SHOWN)} more.</li>}
      </ul>
      <p>Restore them from a backup, or roll back to a version before {first?.number ?? "them"}.</p>
    </Problem>
  );
}
