import { FirstCall } from "#components/first-call.tsx";
import { Empty } from "#components/notice.tsx";

const CALL = `mutation ($projectId: ID!) {
  createSchedule(input: {
    projectId: $projectId, name: "nightly build", cron: "30 2 * * *", timeZone: "Europe/Berlin",
    task: { kind: "build", input: {} }
  }) { ... on CreateScheduleSuccess { data { id nextRunAt } } ... on Error { message } }
}`;

/** Why there is no schedule, and how one comes to be. */
export function EmptySchedules({ filtered }: { readonly filtered: boolean }) {
  if (filtered) return <Empty title="No schedule matches now">Look for another part of a name, or show all.</Empty>;
  return (
    <Empty title="There is no schedule yet">
      <p>
        A schedule creates a task at each time that a cron expression names: a build every night, a report on Monday
        mornings, by the clocks of a time zone. Create one here, or by the API.
      </p>
      <FirstCall makes="the first schedule" code={CALL} />
    </Empty>
  );
}
