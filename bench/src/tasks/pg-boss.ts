import { PgBoss } from "pg-boss";
import { say } from "../report.ts";
import { inParts, WORKERS, type Workload } from "./workload.ts";

const QUEUE = "bench";

/** pg-boss whose workers fetch and complete one job at a time. */
export async function openPgBoss(url: string): Promise<Workload> {
  const boss = new PgBoss({ connectionString: url, max: WORKERS, schedule: false });
  boss.on("error", (error) => say(String(error)));
  await boss.start();
  await boss.createQueue(QUEUE);
  return {
    async run(tasks) {
      await inParts(tasks, (count) =>
        boss.insert(
          QUEUE,
          Array.from({ length: count }, () => ({ data: {} })),
        ),
      );
      let left = tasks;
      const begun = performance.now();
      await Promise.all(
        Array.from({ length: WORKERS }, async () => {
          while (left > 0) {
            const [job] = await boss.fetch(QUEUE, { batchSize: 1 });
            // Others had locked what it looked at.
            if (!job) continue;
            await boss.complete(QUEUE, job.id);
            left -= 1;
          }
        }),
      );
      return performance.now() - begun;
    },
    close: () => boss.stop({ graceful: false }),
  };
}
