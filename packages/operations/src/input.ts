import { InvalidInput, type InputIssue } from "@muster/domain/errors.ts";
import { jsonIssues, DEFAULT_JSON_LIMITS, textProblem, type Json } from "@muster/domain/json.ts";
import { z } from "zod";

/** Text that Postgres can store, trimmed of nothing, of `min` to `max` characters. */
export function text(max: number, min = 1) {
  return z
    .string()
    .min(min, min === 1 ? "must not be empty." : `must have at least ${min} characters.`)
    .max(max, `must have at most ${max} characters.`)
    .superRefine((value, context) => {
      const problem = textProblem(value);
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    });
}

/** A name as it stands in paths and logs: letters, digits, dot, dash, underscore. */
export const slug = text(63).regex(
  /^[a-z0-9][a-z0-9._-]*$/,
  "must begin with a letter or digit and hold only lower-case letters, digits, '.', '-' and '_'.",
);

/** Any JSON that can be stored and read back unchanged. */
export function json(bytes: number = DEFAULT_JSON_LIMITS.bytes) {
  return z.custom<Json>().superRefine((value, context) => {
    if (value === undefined) return context.addIssue({ code: "custom", message: "is required." });
    for (const issue of jsonIssues(value, [], { ...DEFAULT_JSON_LIMITS, bytes })) {
      context.addIssue({ code: "custom", message: issue.message, path: [...issue.path] });
    }
  });
}

/** A JSON object that can be stored. */
export function jsonObject(bytes: number = DEFAULT_JSON_LIMITS.bytes) {
  return json(bytes)
    .refine((value) => typeof value === "object" && value !== null && !Array.isArray(value), "must be a JSON object.")
    .transform((value) => value as { readonly [key: string]: Json });
}

/** Labels: a flat JSON object of short texts. */
export const labels = jsonObject()
  .pipe(z.record(text(63), text(255)))
  .refine((value) => Object.keys(value).length <= 64, "at most 64 labels.");

/** Checks `input` before anything is written. Throws `InvalidInput` with every issue and its path. */
export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues: InputIssue[] = result.error.issues.map((issue) => ({
    path: issue.path.map(String),
    message: issue.message,
  }));
  throw new InvalidInput(issues);
}
