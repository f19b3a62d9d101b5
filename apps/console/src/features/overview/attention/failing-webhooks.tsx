import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { FailingWebhookFragment } from "#api/generated/graphql.ts";
import { numberText } from "#components/number-text.ts";
import { AttentionRow } from "#features/overview/attention/attention-row.tsx";
import { Way } from "#features/overview/attention/way.tsx";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const FailingFragment = graphql(`
  fragment FailingWebhook on Webhook {
    id
    name
    state
    stateSince
    failures
    pausedReason
  }
`);

type Masked = FragmentType<typeof FailingFragment>;

/** One attempt that failed is made again within seconds. */
const FEW_FAILURES = 3;

/** Those that do not get through: paused after failures, or failing for some time. */
export function failingWebhooks(webhooks: readonly Masked[]): FailingWebhookFragment[] {
  return webhooks
    .map((webhook) => readFragment(FailingFragment, webhook))
    .filter(({ state, failures }) => failures >= FEW_FAILURES || (state === "PAUSED" && failures > 0));
}

interface FailingWebhooksProps {
  readonly project: ProjectRoute;
  readonly webhooks: readonly FailingWebhookFragment[];
}

/** Webhooks whose deliveries do not arrive. */
export function FailingWebhooks({ project, webhooks }: FailingWebhooksProps) {
  return webhooks.map(({ id, name, state, stateSince, failures, pausedReason }) => (
    <AttentionRow
      key={id}
      look={AGENT_STATES[state === "PAUSED" ? "ERROR" : "UNRESPONSIVE"]}
      title={
        <>
          The webhook{" "}
          <Link href={routes.webhook(project, id)} prefetch={false} className="hover:underline">
            {name}
          </Link>{" "}
          {state === "PAUSED" ? "is paused, because it failed" : "does not get through"}
        </>
      }
      since={state === "PAUSED" ? stateSince : null}
      action={
        <Way href={routes.webhook(project, id)} what={name}>
          Open
        </Way>
      }
    >
      {numberText(failures)} attempts in a row have failed. {pausedReason ?? "Its events wait in the log."}
    </AttentionRow>
  ));
}
