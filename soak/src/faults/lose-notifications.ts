import { type Fault, wait } from "../site.ts";

/** No server hears any other: each finds new events by its own polls only. */
export const loseNotifications: Fault = {
  name: "NOTIFY lost",
  async inject(site) {
    const swallowed = () => site.replicas.reduce((sum, { proxy }) => sum + proxy.swallowed, 0);
    const before = swallowed();
    for (const { proxy } of site.replicas) proxy.swallowsNotifications = true;
    try {
      await wait(site, site.scale.lostMs);
    } finally {
      for (const { proxy } of site.replicas) proxy.swallowsNotifications = false;
    }
    const lost = swallowed() - before;
    site.journal.injected(this.name, `${lost} notifications within ${site.scale.lostMs} ms`, lost);
  },
};
