"use client";
import dynamic from "next/dynamic";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { usePermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { ListFoot } from "#components/list-foot.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { mayManage } from "#features/webhooks/may-manage.ts";
import { useWebhooks } from "#features/webhooks/use-webhooks.ts";
import { WebhookRow } from "#features/webhooks/webhook-row.tsx";
import { webhooksView } from "#features/webhooks/webhooks-view.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/** Comes when it is asked for. */
const CreateDialog = dynamic(() =>
  import("#features/webhooks/create-dialog.tsx").then((module) => module.CreateDialog),
);

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Webhook", ""],
  ["Sent", "hidden sm:table-cell"],
  ["State", ""],
  ["Last delivery", ""],
  ["Pending", "text-right"],
] as const;

/** The project's webhooks: where its events go, and whether they arrive. */
export function WebhooksPage({ project }: { readonly project: ProjectRoute }) {
  const router = useRouter();
  const { data, error } = useWebhooks(project, webhooksView(useSearchParams()));
  const shown = useLatest(data, data !== undefined);
  const [creating, setCreating] = useState(false);
  const [used, setUsed] = useState(false);
  const manages = mayManage(usePermissions(project));
  const create = () => {
    setUsed(true);
    setCreating(true);
  };
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold tracking-tight">Webhooks</h1>
        {manages && Boolean(shown?.project?.webhooks.edges.length) && (
          <Button look="primary" onClick={create}>
            Create webhook
          </Button>
        )}
      </div>
      <QueryState data={shown} error={error}>
        {({ project: found }) => {
          if (!found) return null;
          const { edges } = found.webhooks;
          return (
            <>
              <Card className="overflow-x-auto" aria-busy={data === undefined}>
                {edges.length === 0 ? (
                  <Empty title="There is no webhook yet">
                    <p>
                      A webhook sends what happens in this project to an address of yours, signed and in order: to page
                      somebody when an agent fails, to start a build when a task succeeds, to keep a copy of the log.
                    </p>
                    {manages && (
                      <Button look="primary" className="mt-4" onClick={create}>
                        Create webhook
                      </Button>
                    )}
                  </Empty>
                ) : (
                  <table className="w-full text-left">
                    <ListHead columns={COLUMNS} />
                    <tbody>
                      {edges.map(({ node }) => (
                        <WebhookRow key={node.id} project={project} webhook={node} />
                      ))}
                    </tbody>
                  </table>
                )}
              </Card>
              {edges.length > 0 && (
                <ListFoot one="webhook" list={found.webhooks} hrefOf={(page) => routes.webhooks(project, page)} />
              )}
              {used && (
                <CreateDialog
                  project={project}
                  projectId={found.id}
                  open={creating}
                  onClose={(created) => {
                    setCreating(false);
                    if (created !== null) router.push(routes.webhook(project, created));
                  }}
                />
              )}
            </>
          );
        }}
      </QueryState>
    </div>
  );
}
