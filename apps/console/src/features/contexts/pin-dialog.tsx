"use client";
import { useState } from "react";
import { TextField } from "#components/text-field.tsx";
import { FormDialog } from "#features/contexts/form-dialog.tsx";
import { usePins } from "#features/contexts/use-pins.ts";

interface PinDialogProps {
  readonly number: number;
  readonly onClose: () => void;
}

/** Asks for a name, and gives it to the version. */
export function PinDialog({ number, onClose }: PinDialogProps) {
  const { pin } = usePins();
  const [name, setName] = useState("");
  return (
    <FormDialog
      title={`Pin version ${number}`}
      description="A pinned version is found by its name, and retention never removes its data, however many versions follow."
      submit="Pin"
      act={() => pin(number, name.trim())}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        placeholder="before migration"
        maxLength={200}
        required
        hint="Unique in this context."
      />
    </FormDialog>
  );
}
