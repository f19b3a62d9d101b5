"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Until } from "#components/until.tsx";

const TroubleFragment = graphql(`
  fragment WebhookTrouble on Webhook {
    id
    state
    pausedReason
    failures
    retryAt
    pendingDeliveries
    lastDelivery {
      id
      state
      lastError
    }
  }
`);

/** From here on no more are taken out of the log until some have been delivered. */
const FULL = 1_000;

interface WebhookTroubleProps {
  readonly webhook: FragmentType<typeof TroubleFragment>;
  /** The address of a delivery. */
  readonly hrefOf: (delivery: string) => string;
}

/** Why nothing is sent, what fails, and how much waits. Nothing when all is well. */
export function WebhookTrouble({ webhook: masked, hrefOf }: WebhookTroubleProps) {
  const { state, pausedReason, failures, retryAt, pendingDeliveries, lastDelivery } = readFragment(
    TroubleFragment,
    masked,
  );
  const waits = backlogText(pendingDeliveries);
  if (state === "PAUSED") {
    return (
      <Box title={`Paused: ${pausedReason ?? "somebody asked for it"}`}>
        Nothing is sent, and nothing is lost: what happens meanwhile waits in the log. {waits} Resume it to go on where
        it stopped.
      </Box>
    );
  }
  if (failures > 0) {
    return (
      <Box title={failures === 1 ? "The last attempt failed" : `The last ${failures} attempts failed`}>
        {lastDelivery?.lastError != null && lastDelivery.state === "PENDING" && (
          <>
            <Link href={hrefOf(lastDelivery.id)} scroll={false} className="underline underline-offset-2 hover:text-ink">
              {lastDelivery.lastError.replace(/\.$/, "")}
            </Link>
            .{" "}
          </>
        )}
        {retryAt !== null && (
          <>
            The next attempt is <Until come="due" at={retryAt} />.{" "}
          </>
        )}
        {waits}
      </Box>
    );
  }
  return waits === "" ? null : <p className="text-muted tabular-nums">{waits}</p>;
}

function Box({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="rounded-lg border border-warning/35 bg-warning-soft px-4 py-3 wrap-anywhere">
      <p className="font-[550] text-warning">{title}</p>
      <div className="mt-0.5 text-muted tabular-nums">{children}</div>
    </div>
  );
}

function backlogText(pending: number): string {
  if (pending === 0) return "";
  if (pending >= FULL) return `${pending.toLocaleString("en")} deliveries wait here, and more events in the log.`;
  return pending === 1 ? "1 delivery waits." : `${pending.toLocaleString("en")} deliveries wait.`;
}
