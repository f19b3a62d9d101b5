import type { StateLook } from "#lifecycles/agent-states.tsx";
import { SHAPES } from "#lifecycles/shapes.tsx";
import type { Standing } from "#features/queues/queue-standing.ts";

/** How each standing of a queue looks. */
export const STANDING_LOOKS: Readonly<Record<Standing, StateLook>> = {
  HELD_UP: { word: "Paused", colour: "var(--color-suspended)", shape: SHAPES.pause },
  LATE: { word: "Behind", colour: "var(--color-unresponsive)", shape: SHAPES.triangle },
  FULL: { word: "At its limit", colour: "var(--color-maintenance)", shape: SHAPES.diamond },
  PAUSED: { word: "Paused", colour: "var(--color-suspended)", shape: SHAPES.pause },
  MOVING: { word: "Moving", colour: "var(--color-busy)", shape: SHAPES.play },
  EMPTY: { word: "Empty", colour: "var(--color-idle)", shape: SHAPES.ring },
};
