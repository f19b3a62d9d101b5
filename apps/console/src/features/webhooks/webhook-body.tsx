"use client";
import dynamic from "next/dynamic";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { DeliveryLog, type DeliveryPage } from "#features/webhooks/delivery-log.tsx";
import { mayManage } from "#features/webhooks/may-manage.ts";
import { TestResult } from "#features/webhooks/test-result.tsx";
import { useTest } from "#features/webhooks/use-test.ts";
import { LiveWebhookFragment } from "#features/webhooks/use-webhook.ts";
import { WebhookActions } from "#features/webhooks/webhook-actions.tsx";
import { WebhookFacts } from "#features/webhooks/webhook-facts.tsx";
import { WebhookHeader } from "#features/webhooks/webhook-header.tsx";
import { WebhookTrouble } from "#features/webhooks/webhook-trouble.tsx";
import type { LogView } from "#features/webhooks/webhooks-view.ts";
import type { ProjectRoute } from "#routes.ts";

/** Comes once the page is there. */
const DeliveryDialog = dynamic(() =>
  import("#features/webhooks/delivery-dialog.tsx").then((module) => module.DeliveryDialog),
);

interface WebhookBodyProps {
  readonly project: ProjectRoute;
  readonly webhook: FragmentType<typeof LiveWebhookFragment>;
  readonly deliveries: DeliveryPage;
  readonly permissions: readonly string[];
  readonly view: LogView;
  readonly hrefOf: (view: LogView) => string;
  readonly busy: boolean;
  readonly onRead: () => void;
  readonly onDeleted: () => void;
}

/** Its head, what troubles it, its deliveries, and its settings beside them. */
export function WebhookBody(props: WebhookBodyProps) {
  const { project, webhook: masked, deliveries, permissions, view, hrefOf, busy, onRead, onDeleted } = props;
  const webhook = readFragment(LiveWebhookFragment, masked);
  const { testing, outcome, run, clear } = useTest(webhook.id, onRead);
  const manages = mayManage(permissions);
  const sending = { paused: webhook.state === "PAUSED", retryAt: webhook.retryAt };
  const show = (delivery: string | undefined) =>
    window.history[delivery === undefined ? "pushState" : "replaceState"](null, "", hrefOf({ ...view, delivery }));
  return (
    <div className="grid grid-cols-1 gap-4">
      <WebhookHeader webhook={webhook}>
        {manages && (
          <WebhookActions project={project} webhook={webhook} testing={testing} onTest={run} onDeleted={onDeleted} />
        )}
      </WebhookHeader>
      <TestResult testing={testing} outcome={outcome} onClose={clear} />
      <WebhookTrouble webhook={webhook} hrefOf={(delivery) => hrefOf({ ...view, delivery })} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[minmax(0,1fr)_300px] lg:items-start">
        <DeliveryLog page={deliveries} view={view} hrefOf={hrefOf} sending={sending} busy={busy} />
        <aside aria-label="Settings" className="min-w-0 lg:sticky lg:top-4">
          <WebhookFacts project={project} webhook={webhook} />
        </aside>
      </div>
      <DeliveryDialog
        project={project}
        id={view.delivery}
        sending={sending}
        manages={manages}
        onShow={show}
        onChanged={onRead}
      />
    </div>
  );
}
