import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { EVENT_TYPES } from "#events/event-types.ts";
import { hasSentence } from "#events/other-event-words.ts";

const PACKAGES = fileURLToPath(new URL("../../../../packages/", import.meta.url));
/** These are told by fields of their own. */
const TYPED = ["agent.transitioned", "task.transitioned", "context.version_written", "context.rollback_settled"];
const known: readonly string[] = Object.values(EVENT_TYPES).flat();

/** Types stand in quotes, and end in what has been done; permissions do not. */
const TYPE =
  /["'`]((?:agent|task|context|workflow|schedule|queue|rate_limit|bulk_job|webhook|definition|project|workspace|saved_view|user|session|membership|api_key|operations)\.[a-z_]*(?:ed|written|signed_in|made))["'`]/g;

it("knows every type that is written", () => {
  const written = new Set(
    globSync("{operations,identity}/src/**/*.ts", { cwd: PACKAGES })
      .filter((path) => !path.endsWith(".test.ts") && !path.includes("/testing/"))
      .flatMap((path) => [...readFileSync(PACKAGES + path, "utf8").matchAll(TYPE)].map(([, type]) => type ?? "")),
  );
  expect(written.size).toBeGreaterThan(55);
  expect([...written].filter((type) => !known.includes(type))).toEqual([]);
});

it.each(known)("has words for %s", (type) => {
  expect(TYPED.includes(type) || hasSentence(type)).toBe(true);
});
