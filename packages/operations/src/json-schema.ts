import { type InputIssue, InvalidInput } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { pointerTokens } from "@muster/domain/json-pointer.ts";
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { RecentlyUsed } from "./recently-used.ts";
import { withinTime } from "./within-time.ts";

export type JsonSchema = { readonly [key: string]: Json };

/** The most bytes of a schema. */
export const MAX_SCHEMA_BYTES = 65_536;

const OPTIONS: Options = { allErrors: true, strict: false, logger: false, validateFormats: true };
const DRAFT_07 = /^http:\/\/json-schema\.org\/draft-07\/schema#?$/;
const DRAFT_2020_12 = /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;
const MAX_ISSUES = 20;
const LONGEST_DETAIL = 500;
/** Patterns, references and uniqueItems can take for ever. */
const MOST_MILLISECONDS = 1_000;
/** Compiling runs no pattern, and the first one of a process on a busy machine takes its time. */
const MOST_MILLISECONDS_TO_COMPILE = 5_000;

/** By the schema's text: to compile one takes many times as long as to check data. */
const compiled = new RecentlyUsed<ValidateFunction>(100);

/**
 * Throws `InvalidInput` on `path` when it is not a JSON Schema of draft-07 (also when `$schema` is missing) or 2020-12, formats
 * included. Nothing is fetched: a reference has to lead to the schema itself.
 */
export function checkJsonSchema(schema: JsonSchema, path: readonly string[]): void {
  compile(schema, path);
}

/**
 * Throws `InvalidInput` with every way (at most 20) in which `data` does not match the schema; their paths begin with `path`. Data
 * that takes longer than a second to check is refused, too: otherwise one schema could keep everybody waiting.
 */
export function checkAgainstSchema(schema: JsonSchema, data: Json, path: readonly string[]): void {
  const validate = compile(schema, [...path, "schema"]);
  const refuse = (message: string) => new InvalidInput([{ path, message }]);
  let matches: boolean;
  try {
    matches = withinTime(
      MOST_MILLISECONDS,
      () => validate(data),
      () => refuse(`takes longer than ${MOST_MILLISECONDS} ms to check: simplify the schema.`),
    );
  } catch (error) {
    if (error instanceof RangeError) throw refuse("cannot be checked: the schema refers to itself without end.");
    throw error;
  }
  if (!matches) throw new InvalidInput(issuesOf(validate.errors ?? [], path));
}

function compile(schema: JsonSchema, path: readonly string[]): ValidateFunction {
  return compiled.get(JSON.stringify(schema), () => compileAnew(schema, path));
}

function compileAnew(schema: JsonSchema, path: readonly string[]): ValidateFunction {
  const refusal = (message: string, at: readonly string[] = []) =>
    new InvalidInput([{ path: [...path, ...at], message }]);
  if ("$async" in schema) throw refusal("is not supported.", ["$async"]);
  const dialect = dialectOf(schema);
  if (!dialect) throw refusal("must be draft-07 or 2020-12: leave it out, or name one of these.", ["$schema"]);
  // One instance for each schema: in a shared one, the $id of one tenant's schema would answer another's $ref.
  const ajv = new dialect(OPTIONS) as Ajv;
  addFormats.default(ajv);
  try {
    return withinTime(
      MOST_MILLISECONDS_TO_COMPILE,
      () => ajv.compile(schema),
      () => refusal(`takes longer than ${MOST_MILLISECONDS_TO_COMPILE} ms to compile: simplify it.`),
    );
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    const issues = issuesOf(ajv.errors ?? [], path);
    if (issues.length > 0) throw new InvalidInput(issues);
    throw refusal(`is not a valid JSON Schema: ${(error as Error).message}.`);
  }
}

function dialectOf(schema: JsonSchema): typeof Ajv | typeof Ajv2020 | null {
  const dialect = schema["$schema"] ?? "http://json-schema.org/draft-07/schema#";
  if (typeof dialect !== "string") return null;
  if (DRAFT_07.test(dialect)) return Ajv;
  return DRAFT_2020_12.test(dialect) ? Ajv2020 : null;
}

function issuesOf(errors: readonly ErrorObject[], path: readonly string[]): InputIssue[] {
  return errors.slice(0, MAX_ISSUES).map((error) => ({
    path: [...path, ...pointerTokens(error.instancePath)],
    message: `${error.message ?? "is not valid"}${detailOf(error)}.`,
  }));
}

function detailOf({ keyword, params }: ErrorObject): string {
  if (keyword === "additionalProperties") return `: ${String(params["additionalProperty"])}`;
  if (keyword === "enum") {
    const allowed = (params["allowedValues"] as unknown[]).map((value) => JSON.stringify(value)).join(", ");
    return allowed.length > LONGEST_DETAIL ? "" : `: ${allowed}`;
  }
  return "";
}
