import { isAbsolute } from "node:path";
import { z } from "zod";
import { InvalidTaskInput } from "./errors.ts";

const text = z.string().min(1).max(4_096).refine(isPrintable, "must not contain control characters");

/** An absolute path of a local git repository. */
const repositoryPath = text.refine(isAbsolute, "must be an absolute path");

/** Whatever names a commit. */
const revision = text.max(256);

/** What every task of these agents may say: which repository (default: the agent's own), which commit (default: HEAD). */
export const commitInput = z.strictObject({
  repository: repositoryPath.optional(),
  commit: revision.default("HEAD"),
});

/**
 * The input, checked and with its defaults. A task without input is one with an empty object.
 *
 * @throws InvalidTaskInput with every issue
 */
export function parseTaskInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  return parse("input", schema, input ?? {});
}

/** The part of an agent's configuration that is the same for all of them: see configSchema in each muster.json. */
const configuration = z.object({
  repository: repositoryPath,
  timeoutMs: z.int().min(1_000).default(120_000),
});

/**
 * An agent's configuration, checked and with its defaults.
 *
 * @throws InvalidTaskInput with every issue
 */
export function parseConfiguration(config: unknown): z.output<typeof configuration> {
  return parse("configuration", configuration, config);
}

function parse<Schema extends z.ZodType>(name: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${[name, ...path].join(".")}: ${message}`);
  throw new InvalidTaskInput(`${issues.join("; ")}.`);
}

function isPrintable(value: string): boolean {
  return value.isWellFormed() && !/\p{Cc}/u.test(value);
}
