import { type InputIssue, InvalidInput } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type JsonObject = { readonly [key: string]: Json };

const OPTIONS: Options = { allErrors: true, strict: false, logger: false, validateFormats: true };
const DRAFT_07 = /^http:\/\/json-schema\.org\/draft-07\/schema#?$/;
const DRAFT_2020_12 = /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;
const MAX_ISSUES = 20;

/**
 * Compiles a JSON Schema of draft-07 (also when `$schema` is missing) or 2020-12, formats included. Nothing is fetched:
 * a reference has to lead to the schema itself. Throws `InvalidInput` on `path` when it is not a valid schema.
 */
export function compileConfigSchema(schema: JsonObject, path: readonly string[] = ["configSchema"]): ValidateFunction {
  const refuse = (message: string, at: readonly string[] = []): never => {
    throw new InvalidInput([{ path: [...path, ...at], message }]);
  };
  if ("$async" in schema) refuse("is not supported.", ["$async"]);
  // One instance for each schema: in a shared one, the $id of one tenant's schema would answer another's $ref.
  const ajv = dialectOf(schema, refuse);
  addFormats.default(ajv);
  try {
    return ajv.compile(schema);
  } catch (error) {
    const issues = issuesOf(ajv.errors ?? [], path);
    if (issues.length > 0) throw new InvalidInput(issues);
    return refuse(`is not a valid JSON Schema: ${(error as Error).message}.`);
  }
}

/** Throws `InvalidInput` with every way (at most 20) in which an agent's config does not match its definition's schema. */
export function checkConfig(schema: JsonObject, config: Json): void {
  const validate = compileConfigSchema(schema);
  if (!validate(config)) throw new InvalidInput(issuesOf(validate.errors ?? [], ["config"]));
}

function dialectOf(schema: JsonObject, refuse: (message: string, at: readonly string[]) => never): Ajv {
  const dialect = schema["$schema"] ?? "http://json-schema.org/draft-07/schema#";
  if (typeof dialect === "string" && DRAFT_07.test(dialect)) return new Ajv(OPTIONS);
  if (typeof dialect === "string" && DRAFT_2020_12.test(dialect)) return new Ajv2020(OPTIONS) as Ajv;
  return refuse("must be draft-07 or 2020-12: leave it out, or name one of these.", ["$schema"]);
}

function issuesOf(errors: readonly ErrorObject[], path: readonly string[]): InputIssue[] {
  return errors.slice(0, MAX_ISSUES).map((error) => ({
    path: [...path, ...pointerSegments(error.instancePath)],
    message: `${error.message ?? "is not valid"}${detailOf(error)}.`,
  }));
}

function pointerSegments(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function detailOf({ keyword, params }: ErrorObject): string {
  if (keyword === "additionalProperties") return `: ${String(params["additionalProperty"])}`;
  if (keyword === "enum")
    return `: ${(params["allowedValues"] as unknown[]).map((value) => JSON.stringify(value)).join(", ")}`;
  return "";
}
