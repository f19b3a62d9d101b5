"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { DialogProps } from "#components/dialog-frame.tsx";

const DialogFrame = dynamic(() => import("#components/dialog-frame.tsx"), { ssr: false });

/** A modal dialog: keeps the focus inside, Escape closes it, and the focus returns to where it was. Loaded when it first opens. */
export function Dialog(props: DialogProps) {
  const [used, setUsed] = useState(props.open);
  if (props.open && !used) setUsed(true);
  return used && <DialogFrame {...props} />;
}
