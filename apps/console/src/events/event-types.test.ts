import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { EVENT_TYPES } from "#events/event-types.ts";
import { hasSentence } from "#events/other-event-words.ts";

const OPERATIONS = fileURLToPath(new URL("../../../../packages/operations/src/", import.meta.url));
/** These are told by fields of their own. */
const TYPED = ["agent.transitioned", "task.transitioned", "context.version_written", "context.rollback_settled"];
const known: readonly string[] = Object.values(EVENT_TYPES).flat();

/** Types stand in quotes, and end in what has been done; permissions do not. */
const TYPE =
  /["'`]((?:agent|task|context|workflow|schedule|queue|rate_limit|bulk_job|webhook|definition|project|workspace|saved_view)\.[a-z_]*(?:ed|written))["'`]/g;

it("knows every type that operations write", () => {
  const written = new Set(
    globSync("**/*.ts", { cwd: OPERATIONS })
      .filter((path) => !path.endsWith(".test.ts") && !path.startsWith("testing/"))
      .flatMap((path) => [...readFileSync(OPERATIONS + path, "utf8").matchAll(TYPE)].map(([, type]) => type ?? "")),
  );
  expect(written.size).toBeGreaterThan(40);
  expect([...written].filter((type) => !known.includes(type))).toEqual([]);
});

it.each(known)("has words for %s", (type) => {
  expect(TYPED.includes(type) || hasSentence(type)).toBe(true);
});
