import type { Json } from "@muster/domain/json.ts";
import { getEachVersionData, partOfData, type VersionKey } from "@muster/operations/contexts/version-queries.ts";
import { dataloaderGetter } from "@pothos/plugin-dataloader";
import type { RequestContext } from "../request-context.ts";

interface Loaded extends VersionKey {
  readonly data: Json;
}

const loaderOf = dataloaderGetter<VersionKey, Loaded, string>(
  { cache: false, cacheKeyFn: keyOf },
  async (keys, context) => {
    const { runtime, caller } = context as RequestContext;
    const found = await getEachVersionData(runtime, caller, keys);
    const byKey = new Map(found.map((each) => [keyOf(each), "error" in each ? each.error : each]));
    return keys.map((key) => byKey.get(keyOf(key)) ?? ({ ...key, data: null } satisfies Loaded));
  },
  undefined,
  false,
);

function keyOf(key: VersionKey): string {
  return `${key.contextId}@${key.number}`;
}

/**
 * The part of a version's data that a JSON Pointer names. Versions that a request asks for together are read together.
 * A version 0 has no data: null.
 */
export async function loadPart(
  context: RequestContext,
  key: VersionKey,
  pointer: string | null | undefined,
): Promise<Json> {
  partOfData(null, pointer);
  if (key.number === 0) return null;
  return partOfData((await loaderOf(context).load(key)).data, pointer);
}
