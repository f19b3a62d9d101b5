import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { prepareData } from "../versions/data-hash.ts";
import { contentOf, dataOfChain } from "../versions/version-contents.ts";

/** About how much data one transaction rebases, so that writers wait for a moment only. */
const BYTES_AT_ONCE = 4 * 1024 * 1024;

interface Dependant {
  readonly dataHash: string;
  readonly baseHash: string;
}

/** The patches of what goes that stay themselves; the nearest to their snapshots first, since others may be rebased on them. */
const dependants = statement<Dependant>(`
  select data_hash as "dataHash", base_hash as "baseHash" from context_contents
  where context_id = $1 and base_hash = any($2::text[]) and data_hash <> all($2::text[])
  order by depth, data_hash limit 50`);

interface Link {
  readonly dataHash: string;
  readonly depth: number;
  readonly chainBytes: number;
  readonly body: string;
}

/** As `chainColumn`, each content by itself. */
const chainTo = statement<Link>(`
  with recursive chain as (
    select k.* from context_contents k where k.context_id = $1 and k.data_hash = $2
    union all
    select k.* from chain cross join lateral (
      select * from context_contents where context_id = $1 and data_hash = chain.base_hash and depth < chain.depth limit 1) k
  )
  select data_hash as "dataHash", depth, chain_bytes as "chainBytes", body from chain order by depth`);

const replaceContent = statement<never>(`
  update context_contents set base_hash = $3, depth = $4, chain_bytes = $5, body = $6 where context_id = $1 and data_hash = $2`);

/**
 * Makes the data of a context that stays independent of data that goes, all in `going`: what was a patch of it becomes one of the
 * nearest data of its chain that stays, or a snapshot. Neither its depth nor the bytes of its chain ever grow, so that both still
 * rise along the chains that go on from it, also along one that somebody is about to write. Data that cannot be read, because
 * somebody changed it in the database, stays as it is: then so does what it is a patch of, and is taken out of `going`.
 *
 * False: there is more to rebase than one transaction should. The transaction must hold the context's row.
 */
export async function rebaseContents(transaction: Connection, contextId: string, going: Set<string>): Promise<boolean> {
  for (let bytes = 0; ;) {
    const found = await transaction.run(dependants, [contextId, [...going]]);
    if (found.length === 0) return true;
    for (const { dataHash, baseHash } of found) {
      if (bytes >= BYTES_AT_ONCE) return false;
      const rebased = rebasedContent(await transaction.run(chainTo, [contextId, dataHash]), going);
      if (rebased === null) {
        going.delete(baseHash);
        continue;
      }
      const { content, sizeBytes } = rebased;
      const values = [content.baseHash, content.depth, content.chainBytes, content.body];
      await transaction.run(replaceContent, [contextId, dataHash, ...values]);
      bytes += sizeBytes;
    }
  }
}

/** How to store the last data of the chain without those that go. Null when it cannot be read. */
function rebasedContent(chain: readonly Link[], going: ReadonlySet<string>) {
  const last = chain.at(-1);
  const data = last ? dataUpTo(chain, last) : null;
  if (!last || data === null) return null;
  const prepared = prepareData(data);
  const base = chain.findLast((link) => link !== last && !going.has(link.dataHash));
  const baseData = base ? dataUpTo(chain, base) : null;
  const content = contentOf(prepared, base && baseData !== null ? { ...base, data: baseData } : null);
  return {
    content: content.chainBytes > last.chainBytes ? contentOf(prepared, null) : content,
    sizeBytes: prepared.sizeBytes,
  };
}

function dataUpTo(chain: readonly Link[], link: Link) {
  const bodies = chain.slice(0, chain.indexOf(link) + 1).map(({ body }) => body);
  return dataOfChain(bodies.join("\n"), link.dataHash);
}
