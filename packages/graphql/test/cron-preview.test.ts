import { graphql } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet, requestContextOf } from "./busy-fleet.ts";

let fleet: BusyFleet;
beforeAll(async () => {
  fleet = await createBusyFleet(1);
}, 60_000);
afterAll(() => fleet.close());

it("answers the next times of an expression, or what is wrong with it", async () => {
  const { data, errors } = await graphql({
    schema,
    contextValue: requestContextOf(fleet),
    source: `{
      good: cronPreview(cron: "0 9 * * MON", timeZone: "Europe/Berlin", count: 2) { times issues { path message } }
      plain: cronPreview(cron: "@hourly") { times }
      bad: cronPreview(cron: "99 * * * *") { times issues { path } }
    }`,
  });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    good: { times: [expect.any(Date), expect.any(Date)], issues: [] },
    bad: { times: [], issues: [{ path: ["cron"] }] },
  });
  expect((data as { plain: { times: unknown[] } }).plain.times).toHaveLength(5);
});
