import { type Database, openDatabase } from "@muster/database/database.ts";
import { INSTALLATION_CHAIN } from "@muster/database/tables/audit-blocks.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { signCheckpoint } from "../src/audit/checkpoint.ts";
import type { CheckpointSigner } from "../src/audit/checkpoint-signer.ts";
import { Sealer, type SealerOptions } from "../src/audit/sealer.ts";

/** A database with three chains: those of two workspaces and the installation's. */
export interface AuditFixture {
  readonly url: string;
  readonly database: Database;
  readonly workspaces: readonly [string, string];
  /** The two workspaces and the installation. */
  readonly chains: readonly string[];
  readonly signer: CheckpointSigner;
  readonly publicKey: JWK;
  sealer(options?: Partial<SealerOptions>): Sealer;
  close(): Promise<void>;
}

export async function createAuditFixture(): Promise<AuditFixture> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ url, connections: 6, onError: () => {} });
  const workspaces = [randomUUID(), randomUUID()] as const;
  for (const id of workspaces) {
    await database.query(sql`insert into workspaces (id, slug, name) values (${id}, ${id}, 'Workspace')`);
    await database.query(
      sql`insert into projects (id, workspace_id, slug, name) values (gen_random_uuid(), ${id}, 'project', 'Project')`,
    );
  }
  const { signer, publicKey } = await newSigner(database);
  return {
    url,
    database,
    workspaces,
    chains: [...workspaces, INSTALLATION_CHAIN],
    signer,
    publicKey,
    sealer: (options) =>
      new Sealer({
        database,
        signer,
        onError: (error) => {
          throw error;
        },
        ...options,
      }),
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** A key of its own that signs checkpoints, known to the database. */
export async function newSigner(database: Database): Promise<{ signer: CheckpointSigner; publicKey: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA");
  const id = randomUUID();
  const jwk = { ...(await exportJWK(publicKey)), kid: id };
  await database.query(
    sql`insert into signing_keys (id, purpose, public_key, private_key) values (${id}, 'AUDIT', ${JSON.stringify(jwk)}::jsonb, 'not needed')`,
  );
  return {
    signer: { sign: async (claims) => ({ keyId: id, jws: await signCheckpoint(claims, { id, privateKey }) }) },
    publicKey: jwk,
  };
}

/** Appends events of all kinds of content in one transaction, dealt out to the workspaces and the installation (null). */
export async function appendSome(
  database: Database,
  workspaces: readonly (string | null)[],
  count: number,
): Promise<void> {
  await database.query(sql`
    insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, actor_kind, actor_id, actor_name,
      reason, correlation_id, credential_id, address, payload, labels)
    select workspace, (select id from projects p where p.workspace_id = workspace limit 1), 'agent.updated', gen_random_uuid(), n,
      case when n % 2 = 0 then gen_random_uuid() end, 'USER', gen_random_uuid(), 'Ada ' || n, case when n % 3 = 0 then 'because "' || n end,
      'request ' || n, gen_random_uuid(), case when n % 2 = 0 then '10.0.0.1'::inet else '2001:db8::1' end,
      jsonb_build_object('before', jsonb_build_object('limit', n), 'after', jsonb_build_object('limit', n + 0.5, 'ä', 'ø\n', 'a', array[n])),
      case when n % 2 = 0 then '{"team": "red"}'::jsonb end
    from generate_series(1, ${count}::int) n,
      lateral (select (${sql.param([...workspaces])}::uuid[])[1 + n % ${workspaces.length}::int] as workspace) w`);
}

/** Seals until there is no more for now. */
export async function sealAll(sealer: Sealer): Promise<void> {
  while (await sealer.seal());
}
