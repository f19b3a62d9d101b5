"use client";
import { useEffect, useRef, useState } from "react";

const REST_MS = 250;

/** A moment that moves at once, and stands in the address once it has come to rest. Follows the address when that changes elsewhere. */
export function useMoment(
  said: string | undefined,
  onRest: (moment: string | undefined) => void,
): readonly [number | undefined, (moment: number | undefined) => void] {
  const [moment, setMoment] = useState(() => parse(said));
  const read = useRef(said);
  /** What the address was told and does not say yet. When it does, that is no news: somebody may have moved on since. */
  const told = useRef<(string | undefined)[]>([]);
  if (said !== read.current) {
    read.current = said;
    const own = told.current.indexOf(said);
    told.current = told.current.slice(own < 0 ? Infinity : own + 1);
    if (own < 0) setMoment(parse(said));
  }
  const rest = useRef(onRest);
  rest.current = onRest;
  useEffect(() => {
    const text = moment === undefined ? undefined : new Date(moment).toISOString();
    if (text === (told.current.length > 0 ? told.current.at(-1) : read.current)) return undefined;
    const timer = setTimeout(() => {
      told.current = [...told.current, text];
      rest.current(text);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [moment]);
  return [moment, setMoment];
}

function parse(said: string | undefined): number | undefined {
  return said === undefined ? undefined : Date.parse(said);
}
