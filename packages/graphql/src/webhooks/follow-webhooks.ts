import { DEFAULT_PAGE_SIZE } from "@muster/domain/page.ts";
import { followWebhooks } from "@muster/operations/webhooks/follow-webhooks.ts";
import type { Webhook } from "@muster/operations/webhooks/webhook.ts";
import { builder } from "../builder.ts";
import { knownUuidsOf, uuidOf } from "../ids.ts";
import { WebhookType } from "./webhook.ts";

builder.subscriptionField("webhookUpdates", (t) =>
  t.field({
    type: [WebhookType],
    permission: "webhook.read",
    description:
      "The webhooks of a project: first all as they are, then, at most twice a second, those of which something has moved, also a delivery, which is no event. What was missed while nobody listened shows in how they are.",
    args: {
      project: t.arg.id({ required: true, description: "The project." }),
      webhooks: t.arg.idList({ description: "Of these webhooks; of all when it is not given." }),
    },
    complexity: ({ webhooks }) => ({ field: 1, multiplier: webhooks?.length ?? DEFAULT_PAGE_SIZE }),
    subscribe: (_root, { project, webhooks }, { runtime, caller }) =>
      followWebhooks(runtime, caller, {
        projectId: uuidOf("project", project),
        webhookIds: webhooks ? knownUuidsOf("webhook", webhooks) : null,
      }) as never,
    resolve: (moved: readonly Webhook[]) => [...moved],
  }),
);
