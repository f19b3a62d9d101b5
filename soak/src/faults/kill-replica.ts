import type { Fault } from "../site.ts";
import { wait } from "../site.ts";

/** A server dies in the middle of whatever it does. */
export const killReplica: Fault = {
  name: "kill -9 of a replica",
  async inject(site, random) {
    const replica = random.pick(site.replicas);
    await replica.kill();
    const downMs = random.between(0, 1_000);
    site.journal.injected(this.name, `${replica.name}, away for ${downMs} ms`);
    await wait(site, downMs);
    await replica.start();
  },
};
