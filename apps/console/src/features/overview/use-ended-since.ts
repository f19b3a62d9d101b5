"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { TaskState } from "#api/generated/graphql.ts";

/** A task that has ended since the charts were read. */
export interface EndedSince {
  readonly at: number;
  readonly state: TaskState;
}

/** So long after a task has ended the charts are read again: answers may be two seconds old, because readers share them. */
const READ_AFTER_MS = 2_500;

/**
 * What has ended since the charts were read: drawn at most once a frame, however many come, until `read` has read them. `read` gives
 * whether it could. `readSoon`: for what else has changed.
 */
export function useEndedSince(read: () => Promise<boolean>) {
  const [ended, setEnded] = useState<readonly EndedSince[]>([]);
  const latest = useRef(read);
  latest.current = read;
  const unread = useRef<EndedSince[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const frame = useRef<number>(undefined);

  const draw = useCallback(() => {
    frame.current ??= requestAnimationFrame(() => {
      frame.current = undefined;
      setEnded([...unread.current]);
    });
  }, []);

  const readSoon = useCallback(() => {
    const readAgain = async () => {
      const begun = unread.current.length;
      // Those that come while it is read count on, and are read in their turn.
      if (await latest.current()) unread.current.splice(0, begun);
      draw();
      timer.current = unread.current.length > 0 ? setTimeout(() => void readAgain(), READ_AFTER_MS) : undefined;
    };
    timer.current ??= setTimeout(() => void readAgain(), READ_AFTER_MS);
  }, [draw]);

  const note = useCallback(
    (event: EndedSince) => {
      unread.current.push(event);
      draw();
      readSoon();
    },
    [draw, readSoon],
  );

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      if (frame.current !== undefined) cancelAnimationFrame(frame.current);
    },
    [],
  );
  return { ended, note, readSoon };
}
