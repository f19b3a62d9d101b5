"use client";
import { useEffect, useRef, useState } from "react";

const REST_MS = 250;

/** A moment that moves at once, and stands in the address once it has come to rest. Follows the address when that changes elsewhere. */
export function useMoment(
  said: string | undefined,
  onRest: (moment: string | undefined) => void,
): readonly [number | undefined, (moment: number | undefined) => void] {
  const [moment, setMoment] = useState(() => parse(said));
  const asked = useRef(said);
  if (said !== asked.current) {
    asked.current = said;
    setMoment(parse(said));
  }
  const rest = useRef(onRest);
  rest.current = onRest;
  useEffect(() => {
    const text = moment === undefined ? undefined : new Date(moment).toISOString();
    if (text === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = text;
      rest.current(text);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [moment]);
  return [moment, setMoment];
}

function parse(said: string | undefined): number | undefined {
  return said === undefined ? undefined : Date.parse(said);
}
