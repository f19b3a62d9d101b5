import type { Scale } from "./site.ts";

/** For `npm test`: everything once, quickly. */
export const SHORT: Scale = {
  replicas: 3,
  steadyClients: 2,
  roamingClients: 2,
  apiWriters: 3,
  sqlWriters: 3,
  pauseMs: 40,
  stallMs: 3_000,
  openMs: 2_000,
  lostMs: 2_500,
  crowd: 100,
  windowMs: 2_500,
};

/** For `npm run soak`. */
export const LONG: Scale = {
  replicas: 3,
  steadyClients: 3,
  roamingClients: 6,
  apiWriters: 4,
  sqlWriters: 6,
  pauseMs: 40,
  stallMs: 60_000,
  openMs: 15_000,
  lostMs: 15_000,
  crowd: 100,
  windowMs: 15_000,
};
