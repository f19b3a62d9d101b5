import { clockText } from "#components/time.tsx";
import { enumeration } from "#events/enumeration.ts";
import { listIn, numberIn, textIn, valueIn } from "#events/event-payload.ts";
import type { Sentences } from "#events/other-event-words.ts";
import { spentText } from "#events/spent-text.ts";

const named = (what: string, payload: unknown) =>
  [what, textIn(payload, "name")].filter((word) => word !== undefined).join(" ");
const workflow = (payload: unknown) => named("Workflow", payload);
const schedule = (payload: unknown) => named("Schedule", payload);
const queue = (payload: unknown) => named("Queue", payload);
const limit = (payload: unknown) =>
  ["Rate limit", textIn(payload, "key")].filter((word) => word !== undefined).join(" ");

/** How events of workflows, schedules, queues, rate limits and bulk jobs read. */
export const WORK_SENTENCES: Sentences = {
  "workflow.created": (payload) => `${workflow(payload)} created${withCount(payload, "taskCount", "step")}`,
  "workflow.transitioned": (payload) => `${workflow(payload)}: ${moved(payload)}`,
  "workflow.cancel_requested": (payload) => `${workflow(payload)} is to be cancelled`,
  "schedule.created": (payload) => `${schedule(payload)} created${quotedIn(payload, "cron")}`,
  "schedule.updated": (payload) => `${schedule(payload)} changed: ${enumeration(listIn(payload, "changed"))}`,
  "schedule.paused": (payload) => `${schedule(payload)} paused`,
  "schedule.resumed": (payload) => `${schedule(payload)} resumed`,
  "schedule.triggered": (payload) => `${schedule(payload)} was triggered by hand`,
  "schedule.skipped": (payload) => `${schedule(payload)} left out its times${between(payload)}: no server was there`,
  "schedule.failed": (payload) => `${schedule(payload)} could not create its task`,
  "schedule.deleted": (payload) => `${schedule(payload)} deleted`,
  "queue.updated": (payload) => `${queue(payload)} changed: ${enumeration(listIn(payload, "changed")) || "its limits"}`,
  "queue.paused": (payload) => `${queue(payload)} paused`,
  "queue.resumed": (payload) => `${queue(payload)} resumed${spent(payload)}`,
  "rate_limit.created": (payload) => `${limit(payload)} set to ${rate(payload)}`,
  "rate_limit.updated": (payload) => `${limit(payload)} changed to ${rate(payload)}`,
  "rate_limit.deleted": (payload) => `${limit(payload)} removed`,
  "bulk_job.created": (payload) => `Bulk job ${verb(payload)}begun${withCount(payload, "total", "target")}`,
  "bulk_job.progressed": (payload) => `Bulk job ${verb(payload)}at ${done(payload)}`,
  "bulk_job.transitioned": (payload) => `Bulk job ${verb(payload)}${lower(textIn(payload, "to"))}, ${done(payload)}`,
};

/** "Running → Failed". */
function moved(payload: unknown): string {
  return [textIn(payload, "from"), textIn(payload, "to")]
    .filter((state) => state !== undefined)
    .map(capital)
    .join(" → ");
}

function capital(state: string): string {
  return state.charAt(0) + state.slice(1).toLowerCase().replaceAll("_", " ");
}

function lower(text: string | undefined): string {
  return text?.toLowerCase().replaceAll("_", " ") ?? "moved";
}

/** "“cancel tasks” ". */
function verb(payload: unknown): string {
  const kind = textIn(payload, "kind");
  return kind === undefined ? "" : `“${lower(kind)}” `;
}

/** ", 5 steps". */
function withCount(payload: unknown, key: string, what: string): string {
  const count = numberIn(payload, key);
  return count === undefined ? "" : `, ${count} ${what}${count === 1 ? "" : "s"}`;
}

/** "40 of 100, 2 failed". */
function done(payload: unknown): string {
  const [total, pending, failed] = ["total", "pending", "failed"].map((key) => numberIn(payload, key) ?? 0) as [
    number,
    number,
    number,
  ];
  return `${total - pending} of ${total}${failed > 0 ? `, ${failed} failed` : ""}`;
}

function quotedIn(payload: unknown, key: string): string {
  const text = textIn(payload, key);
  return text === undefined ? "" : `: ${text}`;
}

/** " after 2 m 14 s". */
function spent(payload: unknown): string {
  const milliseconds = numberIn(payload, "durationMs");
  return milliseconds === undefined ? "" : ` after ${spentText(milliseconds)}`;
}

/** " from 14:00:00 to 15:00:00". */
function between(payload: unknown): string {
  const [from, until] = [valueIn(payload, "from"), valueIn(payload, "until")];
  if (typeof from !== "string" || typeof until !== "string") return "";
  return ` from ${clockText(from, false)} to ${clockText(until, false)}`;
}

/** "100 tasks in 1 m". */
function rate(payload: unknown): string {
  const [max, period] = [numberIn(payload, "max"), numberIn(payload, "periodMs")];
  return `${max ?? "?"} tasks in ${period === undefined ? "?" : spentText(period)}`;
}
