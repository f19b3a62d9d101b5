"use client";
import { type RefObject, useLayoutEffect, useState } from "react";

/** How far below the page's top an element begins, in pixels; follows what grows and shrinks above it. */
export function useOffsetTop(element: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const box = element.current?.getBoundingClientRect();
      if (box) setTop(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    for (let above = element.current?.parentElement; above; above = above.parentElement) observer.observe(above);
    return () => observer.disconnect();
  }, [element]);
  return top;
}
