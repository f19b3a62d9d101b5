import type { Json } from "@muster/domain/json.ts";
import { recordEmptyRead } from "@muster/operations/contexts/record-reader.ts";
import {
  getEachVersionData,
  partOfData,
  type VersionKey,
} from "@muster/operations/contexts/versions/version-queries.ts";
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
 * A version 0 has no data: null; an agent that reads it hears of the first version all the same.
 */
export async function loadPart(
  context: RequestContext,
  key: VersionKey,
  pointer: string | null | undefined,
): Promise<Json> {
  partOfData(null, pointer);
  if (key.number === 0) {
    await recordEmptyRead(context.runtime, context.caller, key.contextId);
    return null;
  }
  return partOfData(await loadData(context, key), pointer);
}

/** The data of a version, read together with others like `loadPart`'s. */
export async function loadData(context: RequestContext, { contextId, number }: VersionKey): Promise<Json> {
  return (await loaderOf(context).load({ contextId, number })).data;
}
