import { graphql } from "#api/generated/gql.ts";

/** What changes of a schedule. Every change of it selects this, so that all of the page shows it at once. */
export const FactsFragment = graphql(`
  fragment ScheduleFacts on Schedule {
    id
    name
    cron
    timeZone
    catchUp
    task
    paused
    pausedAt
    pauseReason
    nextRunAt
    nextRuns(count: 5)
    lastRunAt
    lastError
    version
    createdAt
    deletedAt
  }
`);
