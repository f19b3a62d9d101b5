import { statement } from "@muster/database/statement.ts";
import { Topics } from "@muster/events/topics.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";

/** How each webhook of a project stands, by its id: another text when it or one of its deliveries has moved. */
export type Marks = ReadonlyMap<string, string>;

/** Deliveries are no events, and any server sends them: all that is watched is looked at so often, together. */
const LOOK_MS = 500;
/** And where much waits, so that looking takes no more than this part of the time. */
const MOST_OF_TIME = 0.1;

// What a delivery goes through changes one of these: queued, a higher number; ended, fewer wait; tried, more attempts or failures;
// under way, leased; retried, another time.
const marksOf = statement<{ projectId: string; id: string; mark: string }>(`
  select w.project_id as "projectId", w.id, concat_ws(' ', w.version, w.failures, w.retry_at,
    (select max(d.number) from webhook_deliveries d where d.webhook_id = w.id),
    (select concat_ws(' ', count(*), sum(d.attempts), sum(d.failures), count(d.lease_until), max(d.next_attempt_at))
      from webhook_deliveries d where d.webhook_id = w.id and d.state = 'PENDING')) as mark
  from webhooks w where w.project_id = any($1::uuid[])`);

/** Watches the deliveries of whole projects, for all in this process who follow them. While nobody does, nothing is read. */
class WebhookWatch {
  readonly #runtime: Runtime;
  readonly #listeners = new Topics<string, (marks: Marks) => void>();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #notBefore = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Calls `listener` with what each look at the project finds, soon and then twice a second, until the returned function is called. */
  watch(projectId: string, listener: (marks: Marks) => void): () => void {
    this.#listeners.add(projectId, listener);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref();
    void this.#look();
    return () => {
      this.#listeners.delete(projectId, listener);
      if (!this.#listeners.isEmpty || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  async #look(): Promise<void> {
    const begun = performance.now();
    if (this.#looking || begun < this.#notBefore) return;
    this.#looking = true;
    const projectIds = [...this.#listeners.keys()];
    try {
      const rows = await this.#runtime.database.run(marksOf, [projectIds]);
      const byProject = Map.groupBy(rows, ({ projectId }) => projectId);
      for (const projectId of projectIds) {
        const marks = new Map(byProject.get(projectId)?.map(({ id, mark }) => [id, mark]));
        for (const listener of this.#listeners.of(projectId)) listener(marks);
      }
    } catch {
      // An outage: the next look tells.
    } finally {
      this.#looking = false;
      this.#notBefore = begun + (performance.now() - begun) / MOST_OF_TIME;
    }
  }
}

/** The watch of the process. */
export const webhookWatchOf = oncePerProcess((runtime) => new WebhookWatch(runtime));
