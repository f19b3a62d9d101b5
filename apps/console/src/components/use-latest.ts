"use client";
import { useState } from "react";

/** The value, or while it is not `good` the last one that was: what is on the screen stays until there is something new. */
export function useLatest<Value>(value: Value, good: boolean): Value {
  const [kept, setKept] = useState(value);
  if (good && kept !== value) setKept(value);
  return good ? value : kept;
}
