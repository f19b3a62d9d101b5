import { useState } from "react";

/** The value, or while there is none the one before: what is on the screen stays until there is something else to show. */
export function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}
