import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { presentPosition } from "@muster/events/locate.ts";
import { DEFAULT_SIZES, type ReadSizes } from "@muster/events/read-batch.ts";
import { sql } from "drizzle-orm";
import { onTestFinished } from "vitest";
import type { Runtime } from "../src/runtime.ts";
import { parseNetworks } from "../src/webhooks/allowed-networks.ts";
import { createWebhook } from "../src/webhooks/create-webhook.ts";
import { queueDeliveries } from "../src/webhooks/queue-deliveries.ts";
import type { WebhookFilter } from "../src/webhooks/webhook-filter.ts";
import { DEFAULT_WEBHOOK_SETTINGS, type WebhookSettings } from "../src/webhooks/webhook-settings.ts";
import { WebhookSender } from "../src/webhooks/webhook-sender.ts";
import { createFixture, type Fixture } from "./fixtures.ts";

/** A database for webhooks: they may call this machine, and wait milliseconds where they would wait seconds. */
export function createWebhookFixture(settings: Partial<WebhookSettings> = {}): Promise<Fixture> {
  return createFixture({
    encryptionKey: randomBytes(32),
    webhooks: {
      ...DEFAULT_WEBHOOK_SETTINGS,
      allowedNetworks: parseNetworks(["127.0.0.0/8"]),
      pollMs: 20,
      firstRetryMs: 5,
      longestRetryMs: 20,
      ...settings,
    },
  });
}

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Body;
  readonly at: number;
}

interface Body {
  readonly type: string;
  readonly project: string;
  readonly event: { readonly id: string; readonly subjectId: string; readonly subjectVersion: number } | null;
  readonly reason?: string;
  readonly cursor: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** What it has answered with success. */
  readonly accepted: Received[];
}

/** An endpoint on this machine. `answer` gives the status, or "never"; `accepted` holds what it answered 2xx to. */
export async function startReceiver(
  answer: (received: Received, count: number) => number | "never" | Promise<number | "never"> = () => 204,
): Promise<Receiver> {
  const [received, accepted]: [Received[], Received[]] = [[], []];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => void reply(request.headers, Buffer.concat(parts).toString("utf8"), response));
  });
  async function reply(headers: IncomingHttpHeaders, text: string, response: ServerResponse): Promise<void> {
    const one = { headers, text, body: JSON.parse(text) as Body, at: performance.now() };
    received.push(one);
    const status = await answer(one, received.length);
    if (status === "never") return;
    if (status >= 200 && status < 300) accepted.push(one);
    response.writeHead(status).end(`answered ${status}`);
  }
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received, accepted };
}

let names = 0;

/** A webhook of the fixture's project, or another one; it goes with the test. */
export async function addWebhook(fixture: Fixture, url: string, filter: WebhookFilter = {}, projectId?: string) {
  names += 1;
  const made = await createWebhook(fixture.runtime, fixture.admin, {
    projectId: projectId ?? fixture.projectId,
    name: `hook ${names}`,
    url,
    filter: filter as never,
  });
  onTestFinished(async () => {
    await fixture.database.query(sql`delete from webhooks where id = ${made.webhook.id}`).catch(() => {});
  });
  return made;
}

/** Appends an event for each: of an agent, unless the type says otherwise. */
export async function appendLog(
  fixture: Fixture,
  events: readonly { readonly subjectId: string; readonly version: number; readonly type?: string }[],
  place: { workspaceId: string; projectId: string } = fixture,
): Promise<void> {
  await fixture.database.query(sql`
    insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, actor_kind, actor_name, payload)
    select ${place.workspaceId}, ${place.projectId}, e.type, e.id, e.version, e.id, 'SYSTEM', 'test', '{"text":"ünïcode \\"quoted\\""}'
    from unnest(${sql.param(events.map((event) => event.subjectId))}::uuid[], ${sql.param(events.map((event) => event.version))}::int[],
      ${sql.param(events.map((event) => event.type ?? "agent.transitioned"))}::text[]) with ordinality e(id, version, type, place)
    order by e.place`);
}

/** Queues all there is. */
export async function queueAll(runtime: Runtime, sizes: ReadSizes = DEFAULT_SIZES): Promise<void> {
  const { installation, position } = await presentPosition(runtime.database);
  const onError = (error: Error) => {
    throw error;
  };
  while (await queueDeliveries(runtime, { known: { installation, snapshot: position.snapshot }, sizes, onError }));
}

/** Senders that end with the test, each as in a process of its own. */
export function startSenders(runtime: Runtime, count = 1): WebhookSender[] {
  const errors: Error[] = [];
  const senders = Array.from({ length: count }, () => new WebhookSender(runtime, (error) => errors.push(error)));
  onTestFinished(async () => {
    await Promise.all(senders.map((sender) => sender.stop()));
    if (errors[0]) throw errors[0];
  });
  return senders;
}

/** Asks until the answer is what is wanted; fails after ten seconds with the last one. */
export async function until<Value>(
  look: () => Value | Promise<Value>,
  wanted: (value: Value) => boolean,
): Promise<Value> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const value = await look();
    if (wanted(value)) return value;
    if (performance.now() > deadline) throw new Error(`It did not happen. Last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface DeliveryRow {
  readonly id: string;
  readonly type: string;
  readonly eventId: string | null;
  readonly state: string;
  readonly attempts: number;
  readonly failures: number;
  readonly lastError: string | null;
}

/** The deliveries of a webhook in the order in which they were queued. */
export function deliveriesOf(fixture: Fixture, webhookId: string): Promise<DeliveryRow[]> {
  return fixture.database.query<DeliveryRow>(sql`
    select id, type, event_id::text as "eventId", state, attempts, failures, last_error as "lastError"
    from webhook_deliveries where webhook_id = ${webhookId} order by number`);
}
