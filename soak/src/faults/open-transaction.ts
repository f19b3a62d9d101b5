import { changeSubject, createSubjects } from "@muster/events/testing/subjects.ts";
import { endedByOutage, withClient } from "../cluster.ts";
import { type Fault, wait } from "../site.ts";

/** A transaction has appended to the log and stays open for seconds; then it commits, or is rolled back. */
export const openTransaction: Fault = {
  name: "transaction open for seconds",
  async inject(site, random) {
    const reason = site.written.mark();
    const commits = random.next() < 0.5;
    // Of its own: whoever wants to change what it has changed would have to wait for it.
    const subjects = await createSubjects(site.cluster.url, 3);
    let asked = false;
    const held = withClient(site.cluster.url, async (client) => {
      await client.query("begin");
      for (const subject of subjects) {
        await client.query(changeSubject.text, [subject, site.tenant.projectUuid, reason, {}]);
      }
      await wait(site, site.scale.openMs);
      asked = commits;
      await client.query(commits ? "commit" : "rollback");
      if (commits) site.written.acknowledged.add(reason);
      return `${site.scale.openMs} ms, then ${commits ? "committed" : "rolled back"}`;
    });
    site.journal.injected(this.name, await held.catch(endedByOutage));
    if (!asked) site.written.rolledBack.add(reason);
  },
};
