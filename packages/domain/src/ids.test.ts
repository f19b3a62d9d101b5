import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatContextVersionId,
  formatEventId,
  formatId,
  ID_PREFIXES,
  type IdKind,
  parseAnyId,
  parseContextVersionId,
  parseEventId,
  parseId,
} from "./ids.ts";

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];
const uuids = fc.uuid();

describe("ids", () => {
  it("read back what they were made of, for every kind", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), uuids, (kind, uuid) => {
        const id = formatId(kind, uuid);
        expect(id.startsWith(`${ID_PREFIXES[kind]}_`)).toBe(true);
        expect(parseId(kind, id)).toBe(uuid);
        expect(parseAnyId(id)).toEqual({ kind, uuid });
        for (const other of KINDS) if (other !== kind) expect(parseId(other, id)).toBeNull();
      }),
    );
  });

  it("sort as the UUIDs do", () => {
    fc.assert(
      fc.property(uuids, uuids, (one, other) => {
        expect(formatId("agent", one) < formatId("agent", other)).toBe(one < other);
      }),
    );
  });

  it("never throw on what a client may send", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        expect(parseAnyId(text)).toBeNull();
      }),
    );
    const agent = formatId("agent", "018f3d5a-0000-7000-8000-000000000000");
    for (const text of [
      "",
      "_",
      "agent",
      "agent_",
      agent.toUpperCase(),
      `${agent} `,
      ` ${agent}`,
      `${agent}0`,
      agent.slice(0, -1),
      agent.replace("agent", "agents"),
      agent.replace("agent_", "agent__"),
      "agent_zzzzzzzzzzzzzzzzzzzzzzzzzz",
      "agent_00000000000000000000000001",
      "018f3d5a-0000-7000-8000-000000000000",
      "__proto___00000000000000000000000000",
      "constructor_01h455vb4pex5vsknk084sn02q",
    ]) {
      expect(parseAnyId(text), text).toBeNull();
    }
  });

  it("refuse to be made of what is not a UUID", () => {
    expect(() => formatId("agent", "not a uuid")).toThrow("not a UUID");
  });

  it("of events are decimal numbers that fit 63 bits", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 63n - 1n), (id) => {
        expect(parseEventId(formatEventId(id))).toBe(String(id));
      }),
    );
    for (const text of [
      "event_0",
      "event_01",
      "event_-1",
      "event_1.0",
      "event_9223372036854775808",
      "event_1 ",
      "event_",
      "1",
    ]) {
      expect(parseEventId(text), text).toBeNull();
    }
  });

  it("of context versions name the context and the number", () => {
    fc.assert(
      fc.property(uuids, fc.integer({ min: 1, max: 999_999_999 }), (contextId, number) => {
        expect(parseContextVersionId(formatContextVersionId(contextId, number))).toEqual({ contextId, number });
      }),
    );
    const context = formatId("context", "018f3d5a-0000-7000-8000-000000000000");
    for (const text of [
      context,
      `${context}@0`,
      `${context}@-1`,
      `${context}@01`,
      `${context}@1@2`,
      `${context}@9999999999`,
      "@1",
    ]) {
      expect(parseContextVersionId(text), text).toBeNull();
    }
  });
});
