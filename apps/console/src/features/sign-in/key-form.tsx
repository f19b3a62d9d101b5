"use client";
import { useState } from "react";
import type { Credential } from "#api/sign-in.ts";
import { Button } from "#components/button.tsx";
import { useFocusFirst } from "#components/focus-first.ts";
import { SecretField } from "#components/secret-field.tsx";

interface KeyFormProps {
  readonly locked: boolean;
  readonly onPresent: (credential: Credential) => void;
}

/** An API key: for who owns one, and for the first time. */
export function KeyForm({ locked, onPresent }: KeyFormProps) {
  const [key, setKey] = useState("");
  const form = useFocusFirst();
  return (
    <form
      ref={form}
      className="mt-5 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onPresent({ key: key.trim() });
      }}
    >
      <SecretField
        label="API key"
        value={key}
        onChange={setKey}
        autoComplete="off"
        placeholder="mst_…"
        hint="The session may do what the key may, and ends with it."
        required
      />
      <Button type="submit" look="primary" disabled={locked} className="h-9">
        Sign in
      </Button>
    </form>
  );
}
