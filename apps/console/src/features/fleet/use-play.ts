"use client";
import { useEffect, useRef, useState } from "react";

/** Seconds of the past that pass in one second. */
export const SPEEDS = { "10": "10×", "60": "60×", "300": "5 min/s", "1800": "30 min/s", "10800": "3 h/s" } as const;
export type Speed = keyof typeof SPEEDS;

interface Playing {
  readonly playing: boolean;
  readonly speed: Speed;
  readonly setSpeed: (speed: Speed) => void;
  readonly toggle: () => void;
  readonly stop: () => void;
}

/** A speed at which a stretch of time passes in about half a minute. */
export function fittingSpeed(lengthMs: number): Speed {
  const wanted = lengthMs / 30_000;
  const speeds = Object.keys(SPEEDS) as Speed[];
  return speeds.toSorted((one, other) => Math.abs(Number(one) - wanted) - Math.abs(Number(other) - wanted))[0] ?? "60";
}

/** Lets time pass from `at` on, until `end`. `onMove` is told each moment. */
export function usePlay(at: number, end: number, lengthMs: number, onMove: (at: number) => void): Playing {
  const [playing, setPlaying] = useState(false);
  const [chosen, setSpeed] = useState<Speed | null>(null);
  const speed = chosen ?? fittingSpeed(lengthMs);
  const latest = useRef({ at, end, onMove });
  latest.current = { at, end, onMove };
  useEffect(() => {
    if (!playing) return undefined;
    let before = performance.now();
    let frame = requestAnimationFrame(function pass(time) {
      const { at: moment, end: last, onMove: move } = latest.current;
      const next = Math.min(last, moment + (time - before) * Number(speed));
      before = time;
      move(next);
      if (next >= last) setPlaying(false);
      else frame = requestAnimationFrame(pass);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, speed]);
  return { playing, speed, setSpeed, toggle: () => setPlaying(!playing), stop: () => setPlaying(false) };
}
