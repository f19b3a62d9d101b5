import { expect, it } from "vitest";
import { requestError } from "./errors.ts";
import type { Execute } from "./execute.ts";
import { persistedDocuments } from "./persisted-documents.ts";

const unknown = () => requestError([{ message: "no", extensions: { code: "PERSISTED_QUERY_NOT_FOUND" } }]);

it("sends what a server does not know once more as text, and from then on everything", async () => {
  const documents = persistedDocuments(() => "hash");
  const sent: (string | null)[] = [];
  const execute = documents.execute((async (document: string) => {
    const hash = documents.hashOf(document);
    sent.push(hash);
    if (hash !== null) throw unknown();
    return "answered";
  }) as unknown as Execute);
  expect(await execute("{ a }", {})).toBe("answered");
  expect(await execute("{ a }", {})).toBe("answered");
  expect(sent).toEqual(["hash", null, null]);
});

it("does the same with subscriptions, and leaves other errors alone", async () => {
  const documents = persistedDocuments(() => "hash");
  const sent: (string | null)[] = [];
  const run = documents.run(async (query, _variables, next) => {
    const hash = documents.hashOf(query);
    sent.push(hash);
    if (query === "broken") throw new Error("lost");
    if (hash !== null) throw unknown();
    next("frame");
  });
  const signal = new AbortController().signal;
  await expect(run("broken", {}, () => {}, signal)).rejects.toThrow("lost");
  const frames: unknown[] = [];
  await run("{ a }", {}, (frame) => frames.push(frame), signal);
  expect(sent).toEqual(["hash", "hash", null]);
  expect(frames).toEqual(["frame"]);
});
