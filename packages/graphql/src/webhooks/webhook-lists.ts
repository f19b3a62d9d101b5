import type { PageArguments } from "@muster/domain/page.ts";
import { getLastDeliveries, listWebhookDeliveries } from "@muster/operations/webhooks/delivery-queries.ts";
import type { WebhookDelivery } from "@muster/operations/webhooks/delivery.ts";
import { listWebhooks } from "@muster/operations/webhooks/webhook-queries.ts";
import { builder } from "../builder.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { WebhookDeliveryStateEnum, WebhookDeliveryType } from "./webhook-delivery.ts";
import { WebhookType } from "./webhook.ts";

const WebhookConnection = builder.connectionObject(
  { type: WebhookType, name: "WebhookConnection", description: "A page of webhooks." },
  { name: "WebhookEdge", description: "A webhook in a page." },
);

const webhooksOf = nestedList(({ runtime, caller }, projectIds, page: PageArguments) =>
  listWebhooks(runtime, caller, projectIds, page),
);

builder.objectField(ProjectType, "webhooks", (t) =>
  t.connection(
    {
      type: WebhookType,
      description: "Its webhooks, by name.",
      resolve: (project, page, context) => webhooksOf(project.id, page, context),
    },
    WebhookConnection,
  ),
);

const WebhookDeliveryFilterType = builder.inputType("WebhookDeliveryFilter", {
  description: "Which deliveries: all that is given has to hold.",
  fields: (t) => ({
    states: t.field({ type: [WebhookDeliveryStateEnum], description: "In one of these states." }),
    types: t.stringList({ description: "Of one of these types, as in agent.transitioned." }),
  }),
});

const WebhookDeliveryConnection = builder.connectionObject(
  { type: WebhookDeliveryType, name: "WebhookDeliveryConnection", description: "A page of deliveries." },
  { name: "WebhookDeliveryEdge", description: "A delivery in a page." },
);

interface Listing extends PageArguments {
  readonly filter?: typeof WebhookDeliveryFilterType.$inferInput | null | undefined;
}

const deliveriesOf = nestedList(({ runtime, caller }, webhookIds, { filter, ...page }: Listing) =>
  listWebhookDeliveries(runtime, caller, webhookIds, { filter: filter ?? null, page }),
);

builder.objectField(WebhookType, "deliveries", (t) =>
  t.connection(
    {
      type: WebhookDeliveryType,
      description:
        "Its deliveries, the newest first. Those that have ended are kept for 7 days, and the last 10,000 of them.",
      args: { filter: t.arg({ type: WebhookDeliveryFilterType, description: "Which deliveries." }) },
      resolve: (webhook, listing, context) => deliveriesOf(webhook.id, listing, context),
    },
    WebhookDeliveryConnection,
  ),
);

const lastDeliveryOf = nestedField(
  async ({ runtime, caller }, webhookIds): Promise<ReadonlyMap<string, WebhookDelivery | null>> => {
    const found = await getLastDeliveries(runtime, caller, webhookIds);
    return new Map(webhookIds.map((id) => [id, found.get(id) ?? null]));
  },
);

builder.objectField(WebhookType, "lastDelivery", (t) =>
  t.field({
    type: WebhookDeliveryType,
    nullable: true,
    description: "The newest delivery that was sent at least once.",
    resolve: (webhook, _arguments, context) => lastDeliveryOf(webhook.id, {}, context),
  }),
);
