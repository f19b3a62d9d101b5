"use client";
import { generate } from "lean-qr";
import { useMemo } from "react";

interface QrCodeProps {
  readonly text: string;
  /** What it is for, for those who cannot see it. */
  readonly label: string;
}

/** So many empty squares around it, which cameras need. */
const QUIET = 4;

/** A text as a QR code, drawn here: a secret must not go to a service. Always dark on light, which every camera reads. */
export function QrCode({ text, label }: QrCodeProps) {
  const { path, size } = useMemo(() => {
    const code = generate(text);
    const squares: string[] = [];
    for (let y = 0; y < code.size; y += 1) {
      for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) squares.push(`M${x} ${y}h1v1h-1z`);
    }
    return { path: squares.join(""), size: code.size };
  }, [text]);
  const side = size + 2 * QUIET;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}
      shapeRendering="crispEdges"
      className="size-48 rounded-md border border-line"
    >
      <rect x={-QUIET} y={-QUIET} width={side} height={side} fill="white" />
      <path d={path} fill="black" />
    </svg>
  );
}
