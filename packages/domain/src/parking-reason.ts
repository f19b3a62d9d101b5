/**
 * Why a task that is QUEUED does not stand in its lane: its time has not come, its concurrency key has no free place, or its
 * rate limit no token. Parked tasks cost claims nothing, however many there are.
 */
export const PARKING_REASONS = ["TIME", "CONCURRENCY_KEY", "RATE_LIMIT"] as const;
export type ParkingReason = (typeof PARKING_REASONS)[number];
