"use client";
import { useEffect } from "react";

/** Reads again whenever the page comes to the front: for what no event tells, such as when a key or a session was last used. */
export function useReadInFront(read: () => void): void {
  useEffect(() => {
    const onChange = () => {
      if (document.visibilityState === "visible") read();
    };
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, [read]);
}
