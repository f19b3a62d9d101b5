"use client";
import { type RefObject, useRef } from "react";

/** What was given last, for what is called later. */
export function useLatestRef<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}
