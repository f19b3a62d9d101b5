"use client";
import { useState } from "react";
import { Button } from "#components/button.tsx";
import { TextField } from "#components/text-field.tsx";
import { useFocusFirst } from "#components/focus-first.ts";

interface CodeFormProps {
  readonly locked: boolean;
  readonly onCode: (code: string) => void;
  readonly onBack: () => void;
}

/** The second step: the authenticator's code, or one of the recovery codes. */
export function CodeForm({ locked, onCode, onBack }: CodeFormProps) {
  const [code, setCode] = useState("");
  const [recovering, setRecovering] = useState(false);
  const form = useFocusFirst();
  return (
    <form
      ref={form}
      className="mt-5 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onCode(recovering ? code.trim() : code.replaceAll(/\s/g, ""));
      }}
    >
      <TextField
        key={recovering ? "recovery" : "code"}
        label={recovering ? "Recovery code" : "Code"}
        value={code}
        onChange={setCode}
        hint={
          recovering
            ? "One of those that you kept. Each works once."
            : "The six digits that your authenticator shows now."
        }
        autoComplete="one-time-code"
        {...(!recovering && { inputMode: "numeric" as const })}
        maxLength={40}
        mono
        required
      />
      <Button type="submit" look="primary" disabled={locked} className="h-9">
        Sign in
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <button
          type="button"
          className="text-accent hover:underline"
          onClick={() => {
            setRecovering(!recovering);
            setCode("");
          }}
        >
          {recovering ? "Use the authenticator" : "Use a recovery code"}
        </button>
        <button type="button" className="text-muted hover:text-ink hover:underline" onClick={onBack}>
          Back
        </button>
      </div>
    </form>
  );
}
