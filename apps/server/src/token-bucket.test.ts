import { expect, it } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

it("allows as many at once as a second brings, then says how long the next one has to wait", () => {
  const bucket = new TokenBucket(10, 0);
  expect(Array.from({ length: 10 }, () => bucket.take(0))).toEqual(Array(10).fill(0));
  expect(bucket.take(0)).toBe(100);
  expect(bucket.take(40)).toBe(60);
  expect(bucket.take(100)).toBe(0);
  expect(bucket.take(100)).toBe(100);
  expect([bucket.isFull(900), bucket.isFull(1_100)]).toEqual([false, true]);
  expect(Array.from({ length: 11 }, () => bucket.take(60_000)).filter((wait) => wait === 0)).toHaveLength(10);
});
