"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { jobSubject } from "#bulk/job-subject.ts";
import { exactText } from "#components/time.tsx";
import { filterFacts } from "#features/bulk-jobs/filter-words.ts";

const ChosenFragment = graphql(`
  fragment BulkJobChosen on BulkJob {
    id
    kind
    action
    filter
  }
`);

/** Which tasks or agents the job was asked for, in words. They were fixed then. */
export function ChosenBy({ job: masked }: { readonly job: FragmentType<typeof ChosenFragment> }) {
  const job = readFragment(ChosenFragment, masked);
  const { what } = jobSubject(job);
  const facts = filterFacts(what, job.filter);
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-t border-line pt-3">
      <span className="text-faint">Chosen by</span>
      {facts.length === 0 && <span>all {what} that the project had</span>}
      {facts.map(({ name, text }) => (
        <span key={name}>
          <span className="text-muted">{name}:</span>{" "}
          {/^\d{4}-\d\d-\d\dT/.test(text) ? <time dateTime={text}>{exactText(text).split(" (")[0]}</time> : text}
        </span>
      ))}
    </div>
  );
}
