import { createHash } from "node:crypto";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorizeInstallation } from "../authorize.ts";
import { CALLER_COLUMNS, callerValues } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, write } from "../runtime.ts";

const PersistOperations = z.object({ documents: z.array(text(50_000)).min(1).max(200) });
export type PersistOperationsInput = z.input<typeof PersistOperations>;

/** SHA-256 (hex) of a document: what a client names it by. */
export function operationHash(document: string): string {
  return createHash("sha256").update(document).digest("hex");
}

/** $5 and $6, the caller's reach, have nothing to guard here: only who reaches the whole installation comes so far. */
const insertOperations = statement<{ hash: string }>(`
  with given as (select hash, text from unnest($7::text[], $8::text[]) given (hash, text) where $5::uuid[] is null and $6::uuid[] is null),
  created as (insert into persisted_operations (hash, text) select hash, text from given order by hash on conflict (hash) do nothing returning hash),
  happened as (
    select null::uuid as workspace_id, null::uuid as project_id, 'operations.persisted' as type, $9::uuid as subject_id, 1 as subject_version,
      null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, null::text as reason,
      jsonb_build_object('hashes', jsonb_agg(hash order by hash)) as payload, null::jsonb as labels, clock_timestamp() as at
    from created having count(*) > 0
  ),
  appended as (${appendEvents("happened")})
  select hash from created`);

/**
 * Makes documents known by their hashes, for good. Gives the hashes in the order of the documents; those that were known already are
 * no change. Throws `Forbidden` unless the caller manages the keys of the whole installation.
 */
export async function persistOperations(
  runtime: Runtime,
  caller: Caller,
  input: PersistOperationsInput,
): Promise<{ readonly hashes: readonly string[]; readonly added: number }> {
  caller = authorizeInstallation(caller, "key.manage");
  const { documents } = parseInput(PersistOperations, input);
  const hashes = documents.map(operationHash);
  const texts = new Map(hashes.map((hash, at) => [hash, documents[at] ?? ""]));
  const added = await write(runtime, insertOperations, [
    ...callerValues(caller),
    [...texts.keys()],
    [...texts.values()],
    newId(),
  ]);
  return { hashes, added: added.length };
}
