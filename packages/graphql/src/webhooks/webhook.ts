import type { WebhookState } from "@muster/domain/webhook-lifecycle.ts";
import type { WebhookFilter } from "@muster/operations/webhooks/webhook-filter.ts";
import { countPendingDeliveries, getWebhooks } from "@muster/operations/webhooks/webhook-queries.ts";
import type { Webhook } from "@muster/operations/webhooks/webhook.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { nestedField } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";

const WebhookStateEnum = builder.enumType("WebhookState", {
  description: "The states of a webhook's lifecycle.",
  values: {
    ACTIVE: { description: "What happens is sent." },
    PAUSED: { description: "Nothing is sent until it is resumed; its events wait in the log." },
  } satisfies Record<WebhookState, { description: string }>,
});

const lists = {
  types: "Of one of these types, as in agent.transitioned.",
  states: "Transitions that led to one of these states, as in ERROR or FAILED: of an agent or of a task.",
};
const idLists = {
  subjects: "About one of these: agents, tasks, contexts, definitions, …",
  agents: "Concerning one of these agents, also as the holder of a task.",
  tasks: "Concerning one of these tasks.",
  contexts: "Concerning one of these contexts.",
  actors: "Caused by one of these agents or API keys.",
};
const labels = "Concerning an agent that had at least these labels when it happened: an object of texts.";
const search = "With this in the type, the reason, the actor's name or a text of the payload. A to Z match a to z.";

const WebhookFilterType = builder.objectRef<WebhookFilter>("WebhookFilter").implement({
  permission: "webhook.read",
  description: "Which events a webhook is sent: all that is not null has to hold, and of a list any one.",
  fields: (t) => {
    const list = (name: keyof typeof lists) =>
      t.stringList({ nullable: true, description: lists[name], resolve: (filter) => filter[name] ?? null });
    const ids = (name: keyof typeof idLists) =>
      t.idList({ nullable: true, description: idLists[name], resolve: (filter) => filter[name] ?? null });
    return {
      types: list("types"),
      subjects: ids("subjects"),
      agents: ids("agents"),
      tasks: ids("tasks"),
      contexts: ids("contexts"),
      actors: ids("actors"),
      states: list("states"),
      labels: t.field({
        type: "JSON",
        nullable: true,
        description: labels,
        resolve: (filter) => filter.labels ?? null,
      }),
      search: t.string({ nullable: true, description: search, resolve: (filter) => filter.search ?? null }),
    };
  },
});

export const WebhookFilterInput = builder.inputType("WebhookFilterInput", {
  description: "Which events a webhook is sent: all that is given has to hold, and of a list any one.",
  fields: (t) => ({
    types: t.stringList({ description: lists.types }),
    subjects: t.idList({ description: idLists.subjects }),
    agents: t.idList({ description: idLists.agents }),
    tasks: t.idList({ description: idLists.tasks }),
    contexts: t.idList({ description: idLists.contexts }),
    actors: t.idList({ description: idLists.actors }),
    states: t.stringList({ description: lists.states }),
    labels: t.field({ type: "JSON", description: labels }),
    search: t.string({ description: search }),
  }),
});

export const WebhookType = builder.loadableNodeRef<Webhook>("Webhook", {
  id: { resolve: (webhook) => webhook.id, description: "Its id, whk_…" },
  load: (ids, { runtime, caller }) => getWebhooks(runtime, caller, ids),
  ...loadedById,
});

const pendingOf = nestedField(({ runtime, caller }, webhookIds) => countPendingDeliveries(runtime, caller, webhookIds));

WebhookType.implement({
  permission: "webhook.read",
  description: "Sends the events of a project to an address, signed, at least once, in order for each subject.",
  fields: (t) => ({
    project: t.field({
      type: ProjectType,
      description: "The project whose events it is sent.",
      resolve: (webhook) => webhook.projectId,
    }),
    name: t.exposeString("name", { description: "Its name, unique in the project." }),
    url: t.exposeString("url", { description: "Where its deliveries go." }),
    filter: t.field({
      type: WebhookFilterType,
      description: "Which events it is sent; never those about itself.",
      resolve: (webhook) => webhook.filter,
    }),
    state: t.field({
      type: WebhookStateEnum,
      description: "Whether it is sent anything.",
      resolve: (webhook) => webhook.state,
    }),
    stateSince: t.field({
      type: "DateTime",
      description: "Since when it is in its state.",
      resolve: (webhook) => webhook.stateSince,
    }),
    pausedReason: t.exposeString("pausedReason", { nullable: true, description: "Why it is paused." }),
    failures: t.exposeInt("failures", { description: "Attempts that have failed since one last succeeded." }),
    retryAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "After a failure: before this time nothing is sent.",
      resolve: (webhook) => webhook.retryAt,
    }),
    pendingDeliveries: t.int({
      description:
        "How many deliveries are queued and not yet delivered. The log is the queue: from about a thousand on, no more are taken out of it.",
      resolve: (webhook, _arguments, context) => pendingOf(webhook.id, {}, context),
    }),
    cursor: t.exposeString("cursor", {
      description: "The position in the project's feed up to which events have been queued.",
    }),
    previousSecretUntil: t.field({
      type: "DateTime",
      nullable: true,
      description: "Until then the secret before the last rotation signs as well; null when there is none.",
      resolve: (webhook) => webhook.previousSecretUntil,
    }),
    version: t.exposeInt("version", { description: "Rises by one with each event about it." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was created.",
      resolve: (webhook) => webhook.createdAt,
    }),
    updatedAt: t.field({
      type: "DateTime",
      description: "When it was last changed.",
      resolve: (webhook) => webhook.updatedAt,
    }),
  }),
});
