import { endedByOutage, withClient } from "../cluster.ts";
import { type Fault, wait } from "../site.ts";

/** Backends of servers and writers are ended, many at once and again and again. */
export const terminateBackends: Fault = {
  name: "pg_terminate_backend storm",
  async inject(site, random) {
    let ended = 0;
    const rounds = random.between(5, 15);
    for (let round = 0; round < rounds; round += 1) {
      const [row] = await site.cluster.query<{ count: string }>(
        `select count(*) as count from (select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and (application_name like 'muster%' or application_name = 'soak writer')
           order by random() limit $1) ended`,
        [random.between(1, 30)],
      );
      ended += Number(row?.count ?? 0);
      await wait(site, random.between(10, 150));
    }
    site.journal.injected(this.name, `${ended} backends in ${rounds} rounds`, ended);
  },
};

/** PostgreSQL is stopped as an administrator does, and started again. */
export const restartPostgres: Fault = {
  name: "Postgres restart",
  async inject(site, random) {
    const downMs = random.between(0, 1_000);
    await site.cluster.restart(downMs);
    site.journal.injected(this.name, `away for ${downMs} ms and what it takes to stop and start`);
  },
};

/** PostgreSQL's postmaster is killed, and recovers from what was on disk. */
export const crashPostgres: Fault = {
  name: "Postgres crash",
  async inject(site, random) {
    const downMs = random.between(0, 1_000);
    await site.cluster.crash(downMs);
    site.journal.injected(this.name, `kill -9 of the postmaster, away for ${downMs} ms and its recovery`);
  },
};

/** A transaction of another database of the cluster has written and stays open: it holds back the cluster's oldest snapshot. */
export const foreignTransaction: Fault = {
  name: "transaction open in another database",
  async inject(site) {
    const url = new URL(site.cluster.url);
    url.pathname = "/postgres";
    const delivered = () => site.histories.reduce((sum, { received }) => sum + received, 0);
    const held = withClient(url.href, async (client) => {
      await client.query("create table if not exists elsewhere (id int)");
      await client.query("begin");
      await client.query("insert into elsewhere values (1)");
      const before = delivered();
      await wait(site, site.scale.openMs);
      const more = delivered() - before;
      if (more === 0)
        site.journal.violated("not held up", "nothing was delivered while a foreign transaction was open");
      await client.query("rollback");
      return `for ${site.scale.openMs} ms; clients got ${more} frames meanwhile`;
    });
    site.journal.injected(this.name, await held.catch(endedByOutage));
  },
};
