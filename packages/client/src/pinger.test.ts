import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createPinger } from "./pinger.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("pings a peer when it has been silent, again and again, and one that is heard never", () => {
  const ping = vi.fn<() => void>();
  const pinger = createPinger(100, ping);
  pinger.start();
  for (let heard = 0; heard < 20; heard += 1) {
    vi.advanceTimersByTime(60);
    pinger.heard();
  }
  expect(ping).not.toHaveBeenCalled();
  vi.advanceTimersByTime(99);
  expect(ping).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(ping).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(200);
  expect(ping).toHaveBeenCalledTimes(3);
  pinger.stop();
  vi.advanceTimersByTime(1_000);
  expect(ping).toHaveBeenCalledTimes(3);
});
