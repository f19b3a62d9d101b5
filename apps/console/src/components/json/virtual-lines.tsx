"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ComponentProps, type ReactNode, type Ref, useImperativeHandle, useRef } from "react";

/** Of a line on one row; longer ones wrap, and are measured. */
const LINE_PX = 20;
/** Rows above and below what is seen, so that scrolling shows no gaps. */
const BESIDE = 12;
/** Before it is measured. */
const FIRST_RECT = { width: 600, height: 600 };

export interface LinesHandle {
  /** Brings a row into view, unless it is there. */
  readonly show: (index: number) => void;
}

interface VirtualLinesProps extends Omit<ComponentProps<"div">, "ref" | "children"> {
  readonly count: number;
  readonly renderRow: (index: number) => ReactNode;
  /** What a row is of, so that it keeps its height while others come and go. */
  readonly keyOf?: (index: number) => string | number;
  readonly handle?: Ref<LinesHandle>;
}

/** As many lines as one likes, in a frame that scrolls: only those that are seen are in the document. */
export function VirtualLines({ count, renderRow, keyOf, handle, className = "", ...props }: VirtualLinesProps) {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => LINE_PX,
    overscan: BESIDE,
    initialRect: FIRST_RECT,
    ...(keyOf && { getItemKey: keyOf }),
  });
  useImperativeHandle(
    handle,
    () => ({
      show: (index) => {
        const [first, last] = [virtual.range?.startIndex ?? 0, virtual.range?.endIndex ?? 0];
        // At the edge only as far as it takes; from afar to the middle.
        virtual.scrollToIndex(index, { align: index < first - 1 || index > last + 1 ? "center" : "auto" });
      },
    }),
    [virtual],
  );
  const items = virtual.getVirtualItems();
  return (
    <div
      ref={frame}
      tabIndex={0}
      className={`overflow-y-auto font-mono text-sm leading-5 -outline-offset-2 ${className}`}
      {...props}
    >
      <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        <div
          role="presentation"
          className="absolute inset-x-0 top-0"
          style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
        >
          {items.map((item) => (
            <div key={item.key} role="presentation" data-index={item.index} ref={virtual.measureElement}>
              {renderRow(item.index)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
