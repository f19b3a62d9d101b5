"use client";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { Elapsed } from "#components/time.tsx";
import { WEBHOOK_STATES } from "#features/webhooks/webhook-states.tsx";
import { StateBadge } from "#lifecycles/state-badge.tsx";

const HeaderFragment = graphql(`
  fragment WebhookHeader on Webhook {
    id
    name
    url
    state
    stateSince
  }
`);

interface WebhookHeaderProps {
  readonly webhook: FragmentType<typeof HeaderFragment>;
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** What it is, whether it is sent anything, and where that goes. */
export function WebhookHeader({ webhook: masked, children }: WebhookHeaderProps) {
  const { id, name, url, state, stateSince } = readFragment(HeaderFragment, masked);
  return (
    <header className="flex flex-wrap items-start gap-x-6 gap-y-3">
      <div className="grid min-w-0 flex-1 basis-80 gap-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight wrap-anywhere">{name}</h1>
          <StateBadge look={WEBHOOK_STATES[state]} />
          <span className="text-muted">
            for <Elapsed since={stateSince} />
          </span>
        </div>
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="min-w-0 font-mono text-sm wrap-anywhere text-muted [font-variant-ligatures:none]">
            {url}
          </span>
          <CopyableId id={id} short />
        </p>
      </div>
      {children}
    </header>
  );
}
