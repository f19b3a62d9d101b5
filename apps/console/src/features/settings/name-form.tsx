"use client";
import { useEffect, useState } from "react";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";

interface NameFormProps {
  readonly label: string;
  readonly hint: string;
  readonly name: string;
  /** Why it cannot be changed; null: it can. */
  readonly locked: string | null;
  /** Does it. Answers why it was not done, or null. */
  readonly rename: (name: string) => Promise<string | null>;
}

/** The name of something for people, and another one for it. */
export function NameForm({ label, hint, name, locked, rename }: NameFormProps) {
  const [text, setText] = useState(name);
  const { busy, refusal, submit } = useSubmit();
  // A name that somebody else gave it is shown, unless another one is being written here.
  const [known, setKnown] = useState(name);
  useEffect(() => {
    if (name === known) return;
    setKnown(name);
    setText((written) => (written === known ? name : written));
  }, [name, known]);
  const changed = text.trim() !== name && text.trim() !== "";
  return (
    <form onSubmit={(event) => void submit(() => rename(text.trim()), event)} className="grid gap-3">
      <TextField label={label} value={text} onChange={setText} hint={hint} maxLength={200} required />
      {refusal !== null && <Problem title={refusal} />}
      <div className="flex gap-2">
        <Button type="submit" look="primary" disabled={busy || !changed || locked !== null} title={locked ?? undefined}>
          Save
        </Button>
        {changed && (
          <Button look="ghost" onClick={() => setText(name)}>
            Discard
          </Button>
        )}
      </div>
    </form>
  );
}
