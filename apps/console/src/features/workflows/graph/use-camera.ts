"use client";
import { type PointerEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Camera, fit, pan, type Rectangle, reveal, type Size, zoom } from "#features/workflows/graph/camera.ts";

const WHEEL = 0.0022;
/** Kept free below the graph, for what stands there. */
const BELOW = 40;

interface Moved {
  readonly camera: Camera;
  /** It shows all of the graph, and goes on doing so when the pane or the graph changes. */
  readonly fitted: boolean;
}

/** The camera of a pane: dragged and pinched with pointers, moved with the wheel, zoomed with Ctrl and the wheel. */
export function useCamera(pane: RefObject<HTMLElement | null>, graph: Size) {
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  const [moved, setMoved] = useState<Moved>({ camera: { x: 0, y: 0, scale: 1 }, fitted: true });
  const camera = moved.fitted
    ? fit(graph, { width: size.width, height: Math.max(1, size.height - BELOW) })
    : moved.camera;
  const latest = useRef({ camera, size, graph });
  latest.current = { camera, size, graph };
  const set = useCallback((change: (camera: Camera) => Camera) => {
    const next = change(latest.current.camera);
    latest.current = { ...latest.current, camera: next };
    setMoved({ camera: next, fitted: false });
  }, []);
  const panBy = useCallback(
    (by: { x: number; y: number }) => set((now) => pan(now, by, latest.current.graph, latest.current.size)),
    [set],
  );

  useLayoutEffect(() => {
    const element = pane.current;
    if (!element) return undefined;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [pane]);

  useEffect(() => {
    const element = pane.current;
    if (!element) return undefined;
    // Not passive: what moves the graph does not scroll the page.
    const onWheel = (event: WheelEvent) => {
      const { left, top } = element.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const factor = Math.exp(-Math.max(-80, Math.min(80, event.deltaY)) * WHEEL * 2);
        set((now) => zoom(now, factor, { x: event.clientX - left, y: event.clientY - top }));
        return;
      }
      const { camera: before, graph: whole, size: room } = latest.current;
      const by =
        event.shiftKey && event.deltaX === 0 ? { x: -event.deltaY, y: 0 } : { x: -event.deltaX, y: -event.deltaY };
      const overflows = whole.width * before.scale > room.width || whole.height * before.scale > room.height;
      if (!overflows) return;
      const after = pan(before, by, whole, room);
      if (after.x === before.x && after.y === before.y) return;
      event.preventDefault();
      set(() => after);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [pane, set]);

  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const drag = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || (event.target as HTMLElement).closest("button") !== null) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const last = pointers.current.get(event.pointerId);
      if (!last) return;
      const now = { x: event.clientX, y: event.clientY };
      const [other] = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      pointers.current.set(event.pointerId, now);
      if (!other) return panBy({ x: now.x - last.x, y: now.y - last.y });
      const { left, top } = event.currentTarget.getBoundingClientRect();
      const apart = (point: { x: number; y: number }) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      const middle = { x: (now.x + other.x) / 2 - left, y: (now.y + other.y) / 2 - top };
      set((seen) => zoom(seen, apart(now) / apart(last), middle));
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => void pointers.current.delete(event.pointerId),
    onPointerCancel: (event: PointerEvent<HTMLElement>) => void pointers.current.delete(event.pointerId),
  };

  return {
    camera,
    size,
    fitted: moved.fitted,
    drag,
    panBy,
    zoomBy: (factor: number) =>
      set((now) => zoom(now, factor, { x: latest.current.size.width / 2, y: latest.current.size.height / 2 })),
    fitAll: () => setMoved((now) => ({ ...now, fitted: true })),
    /** Brings a box into sight; reading it needs some size. */
    show: (box: Rectangle, atLeast: number) =>
      set((now) => {
        const middle = { x: latest.current.size.width / 2, y: latest.current.size.height / 2 };
        const closer = now.scale < atLeast ? zoom(now, atLeast / now.scale, middle) : now;
        return reveal(closer, box, latest.current.size);
      }),
  };
}
