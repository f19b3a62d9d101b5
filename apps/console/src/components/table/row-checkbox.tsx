"use client";
import { useEffect, useRef } from "react";

interface RowCheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  /** Some, but not all of what it stands for. */
  readonly mixed?: boolean;
  readonly onToggle: (range: boolean) => void;
  /** How it stands in its row; beside other cells, without it. */
  readonly className?: string;
}

const BESIDE = "-m-1.5 inline-grid p-1.5 align-middle";

/** Chooses a row; with the Shift key all rows up to it. */
export function RowCheckbox({ label, checked, mixed = false, onToggle, className = BESIDE }: RowCheckboxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed;
  }, [mixed]);
  return (
    <label className={className}>
      <input
        ref={box}
        type="checkbox"
        data-chooses-rows
        aria-label={label}
        checked={checked}
        // What is changed is told by the click: only it knows of the Shift key.
        onChange={() => {}}
        onClick={(event) => onToggle(event.shiftKey)}
        className="size-3.5 accent-accent"
      />
    </label>
  );
}
