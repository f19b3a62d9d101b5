import { describe, expect, it } from "vitest";
import type { InboxMessage } from "./inbox-message.ts";
import { InboxSubscription } from "./inbox-subscription.ts";

const context = (version: number): InboxMessage => ({
  type: "ContextChanged",
  id: `context ${version}`,
  contextId: "c",
  version,
  rolledBack: false,
});

function subscription() {
  let ended = 0;
  const made = new InboxSubscription({ agentId: "a", projectId: "p", incarnation: 1 }, () => (ended += 1));
  return { made, ended: () => ended };
}

describe("a subscription that is read slowly", () => {
  it("holds what the latest state says and nothing older", async () => {
    const { made } = subscription();
    for (let version = 1; version <= 10_000; version += 1)
      made.update({ incarnation: 1, messages: [context(version)] });
    expect(await made.next()).toEqual({ done: false, value: context(10_000) });
    made.update({ incarnation: 1, messages: [context(10_000), context(10_001)] });
    expect(await made.next()).toEqual({ done: false, value: context(10_001) });
  });

  it("gives several readers that wait one message each", async () => {
    const { made } = subscription();
    const waiting = [made.next(), made.next()];
    made.update({ incarnation: 1, messages: [context(1), context(2)] });
    expect((await Promise.all(waiting)).map((result) => (result.value as InboxMessage).id)).toEqual([
      "context 1",
      "context 2",
    ]);
  });

  it("ends at once, once, also while someone waits", async () => {
    const { made, ended } = subscription();
    const waiting = made.next();
    await made.return();
    await made.return();
    expect(await waiting).toMatchObject({ done: true });
    expect(await made.next()).toMatchObject({ done: true });
    made.update({ incarnation: 1, messages: [context(1)] });
    expect(await made.next()).toMatchObject({ done: true });
    expect(ended()).toBe(1);
  });

  it("says Superseded last, and nothing else that it still had", async () => {
    const { made, ended } = subscription();
    made.update({ incarnation: 1, messages: [context(1)] });
    made.update({ incarnation: 3, messages: [context(2)] });
    expect(await made.next()).toMatchObject({ value: { type: "Superseded", incarnation: 3 } });
    expect(await made.next()).toMatchObject({ done: true });
    expect(ended()).toBe(1);
  });
});
