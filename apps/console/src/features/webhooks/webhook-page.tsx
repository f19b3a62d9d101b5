"use client";
import { useRouter, useSearchParams } from "next/navigation";
import { useRef } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { usePermissions } from "#api/use-permissions.ts";
import { Card } from "#components/card.tsx";
import { Loading, NotFoundHere } from "#components/notice.tsx";
import { useNamedPage } from "#components/page-name.ts";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { DeliveryPageFragment, useWebhook } from "#features/webhooks/use-webhook.ts";
import { WebhookBody } from "#features/webhooks/webhook-body.tsx";
import { addressOf, logView, type LogView } from "#features/webhooks/webhooks-view.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

interface WebhookPageProps {
  readonly project: ProjectRoute;
  readonly id: string;
}

/** One webhook: what it is sent, whether that arrives, and every delivery. */
export function WebhookPage({ project, id }: WebhookPageProps) {
  const permissions = usePermissions(project) ?? [];
  const router = useRouter();
  const view = logView(useSearchParams());
  const { data, error, read } = useWebhook(id, view);
  const shown = useLatest(data, data !== undefined);
  const found = shown?.node?.__typename === "Webhook" && shown.node.id === id ? shown.node : null;
  /** Deleted here: until the list is there, nothing is said to be missing. */
  const deleted = useRef(false);
  const name = found?.name;
  useNamedPage(name);
  const hrefOf = (changed: LogView) => routes.webhook(project, id, addressOf(changed));
  return (
    <QueryState data={shown} error={error}>
      {() => {
        if (deleted.current) return <Gone />;
        if (found === null || found.project.path !== projectPath(project)) {
          return <NotFoundHere what="webhook" id={id} project={projectPath(project)} list={routes.webhooks(project)} />;
        }
        return (
          <WebhookBody
            project={project}
            webhook={found}
            deliveries={readFragment(DeliveryPageFragment, found.deliveries)}
            permissions={permissions}
            view={view}
            hrefOf={hrefOf}
            busy={data === undefined}
            onRead={read}
            onDeleted={() => {
              deleted.current = true;
              router.push(routes.webhooks(project));
            }}
          />
        );
      }}
    </QueryState>
  );
}

function Gone() {
  return (
    <Card>
      <Loading label="Going back to the list" />
    </Card>
  );
}
