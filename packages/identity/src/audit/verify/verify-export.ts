import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { JWK } from "jose";
import { z } from "zod";
import type { CheckpointKeys } from "../checkpoint.ts";
import { EXPORT_FORMAT, EXPORT_VERSION } from "../export-lines.ts";
import type { EventRecord } from "../event-record.ts";
import { ChainWalk } from "./chain-walk.ts";
import { KnownCheckpoints } from "./known-checkpoints.ts";
import type { Verified, VerifyOptions } from "./verify-database.ts";

/** A file is no export, or not one that this version can read. */
export class NotAnExport extends Error {
  override readonly name = "NotAnExport";
}

const Keys = z.array(z.looseObject({ kty: z.string(), kid: z.string() }));
const First = z.object({ format: z.literal(EXPORT_FORMAT), version: z.literal(EXPORT_VERSION), keys: Keys });
const Checkpoint = z.strictObject({ checkpoint: z.string() });
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const Place = z.object({
  chain: z.string(),
  position: z.int().min(1),
  eventId: z.string().regex(/^\d{1,19}$/),
  previous: hash,
  hash,
  event: z.looseObject({ at: z.string(), type: z.string() }).nullable(),
});

/** Checkpoints that were kept, and the keys that stand beside them. */
export interface KeptCheckpoints {
  readonly keys: CheckpointKeys;
  readonly checkpoints: readonly string[];
}

/** Reads the checkpoints of an export. Throws `NotAnExport`. */
export async function readKeptCheckpoints(path: string): Promise<KeptCheckpoints> {
  const checkpoints: string[] = [];
  let keys: CheckpointKeys | null = null;
  for await (const { number, value } of linesOf(path)) {
    if (keys === null) keys = firstOf(value).keys as JWK[];
    else {
      const parsed = Checkpoint.safeParse(value);
      if (parsed.success) checkpoints.push(parsed.data.checkpoint);
      else if (!Place.safeParse(value).success) throw new NotAnExport(`Line ${number} of ${path} cannot be read.`);
    }
  }
  if (keys === null) throw new NotAnExport(`${path} is empty.`);
  return { keys, checkpoints };
}

/** Checks an export line by line, with the checkpoints in it. Throws `NotAnExport` for a file that is none. */
export async function verifyExport(path: string, options: VerifyOptions): Promise<Verified> {
  const { report, onProgress } = options;
  let checkpoints: KnownCheckpoints | null = null;
  let walk: ChainWalk | null = null;
  const begun = new Set<string>();
  let [events, removed, signed] = [0, 0, options.checkpoints.length];
  const end = () => {
    walk?.end();
    removed += walk?.removed ?? 0;
  };
  for await (const { number, value } of linesOf(path)) {
    if (checkpoints === null) {
      checkpoints = new KnownCheckpoints(options.keys ?? (firstOf(value).keys as JWK[]), report);
      for (const jws of options.checkpoints) await checkpoints.add(jws);
      continue;
    }
    const checkpoint = Checkpoint.safeParse(value);
    if (checkpoint.success) {
      await checkpoints.add(checkpoint.data.checkpoint);
      signed += 1;
      continue;
    }
    const parsed = Place.safeParse(value);
    if (!parsed.success) throw new NotAnExport(`Line ${number} of ${path} cannot be read.`);
    const place = parsed.data;
    if (walk?.chain !== place.chain) {
      end();
      if (begun.has(place.chain)) throw new NotAnExport(`The chain ${place.chain} begins twice in ${path}.`);
      begun.add(place.chain);
      walk = new ChainWalk(place.chain, checkpoints.of(place.chain), report);
    }
    walk.add({
      ...place,
      previous: Buffer.from(place.previous, "hex"),
      hash: Buffer.from(place.hash, "hex"),
      record: place.event as EventRecord | null,
    });
    events += 1;
    if (events % 10_000 === 0) onProgress?.(events, events);
  }
  if (checkpoints === null) throw new NotAnExport(`${path} is empty.`);
  end();
  for (const chain of checkpoints.chains)
    if (!begun.has(chain)) new ChainWalk(chain, checkpoints.of(chain), report).end();
  return { chains: begun.size, events, removed, unsealed: 0, checkpoints: signed };
}

function firstOf(value: unknown): z.infer<typeof First> {
  const first = First.safeParse(value);
  if (first.success) return first.data;
  throw new NotAnExport("The first line is not that of an audit export: export the chain again, whole.");
}

async function* linesOf(path: string): AsyncGenerator<{ readonly number: number; readonly value: unknown }> {
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new NotAnExport(`Line ${number} of ${path} is not JSON.`);
    }
    yield { number, value };
  }
}
