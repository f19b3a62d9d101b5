"use client";
import { useEffect, useState } from "react";

/** Whether the reader has scrolled past a place, in pixels below the page's top. Does not measure: that would lay out the page at each step. */
export function useScrolledPast(top: number): boolean {
  const [past, setPast] = useState(false);
  useEffect(() => {
    const look = () => setPast(top > 0 && window.scrollY > top);
    look();
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, [top]);
  return past;
}
