"use client";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Ago, durationText } from "#components/time.tsx";

const NowFragment = graphql(`
  fragment HealthNow on Agent {
    id
    state
    activeTasks
    maxConcurrency
    available
    idleReason {
      reason
      message
    }
    health {
      load
      lastHeartbeatAt
      heartbeatTimeoutMs
      missedOffers
      missedOffersLimit
      channel
      incarnation
      connectedAt
    }
  }
`);

const AT_WORK: readonly string[] = ["ONLINE", "IDLE", "BUSY"];

/** Whether work reaches it and why it is given no more, as it is now. */
export function HealthNow({ agent: masked }: { readonly agent: FragmentType<typeof NowFragment> }) {
  const { state, activeTasks, maxConcurrency, available, idleReason, health } = readFragment(NowFragment, masked);
  const { load, lastHeartbeatAt, heartbeatTimeoutMs, missedOffers, missedOffersLimit, channel, incarnation } = health;
  const beats = AT_WORK.includes(state);
  return (
    <Card role="region" aria-label="Now">
      <h2 className="px-4 pt-3 font-[550]">Now</h2>
      <dl className="grid gap-x-8 gap-y-3 px-4 py-3 sm:grid-cols-2 xl:grid-cols-3">
        <Fact name="Last heartbeat">
          {lastHeartbeatAt === null ? "none yet" : <Ago at={lastHeartbeatAt} />}
          <Says>
            {beats
              ? `They arrive. Silent for ${durationText(heartbeatTimeoutMs)} it becomes Unresponsive, and this page says so at once.`
              : "No process of it is expected to give one now."}
          </Says>
        </Fact>
        <Fact name="Channel" bad={channel === "BROKEN"}>
          {channel === null ? "no process yet" : channel === "OK" ? "OK" : "Broken"}
          <Says>
            {channel === "BROKEN"
              ? `It did not start what it was given, ${missedOffers} times in a row. Restart it, or see what its process does with its inbox.`
              : missedOffers === 0
                ? "It starts what it is given."
                : `It did not start ${missedOffers} of the last tasks in time; with ${missedOffersLimit} in a row its channel counts as broken.`}
          </Says>
        </Fact>
        <Fact name="Process">
          {incarnation === 0 ? "none has connected yet" : `incarnation ${incarnation}`}
          <Says>
            {health.connectedAt !== null && (
              <>
                connected <Ago at={health.connectedAt} />
              </>
            )}
          </Says>
        </Fact>
        <Fact name="Tasks">
          {activeTasks} of {maxConcurrency}
          <Says>{available ? "It can be given more." : "It is given no more now."}</Says>
        </Fact>
        <Fact name="Load">
          {load === null ? "not told" : load.toLocaleString("en", { maximumFractionDigits: 2 })}
          <Says>How busy its process says it is, in its own measure.</Says>
        </Fact>
        <Fact name="Why no more work">
          {idleReason === null ? "It works, and has room for more." : idleReason.message}
        </Fact>
      </dl>
    </Card>
  );
}

interface FactProps {
  readonly name: string;
  readonly bad?: boolean;
  readonly children: ReactNode;
}

function Fact({ name, bad = false, children }: FactProps) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-faint">{name}</dt>
      <dd className={`min-w-0 wrap-anywhere tabular-nums ${bad ? "font-[550] text-danger" : ""}`}>{children}</dd>
    </div>
  );
}

function Says({ children }: { readonly children: ReactNode }) {
  return <span className="block text-sm font-normal text-muted">{children}</span>;
}
