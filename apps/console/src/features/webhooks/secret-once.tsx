"use client";
import { Button } from "#components/button.tsx";
import { ShownOnce } from "#components/shown-once.tsx";
import { Verification } from "#features/webhooks/verification.tsx";

interface SecretOnceProps {
  readonly secret: string;
  readonly onDone: () => void;
}

/** A secret that nobody can look up later, and what it is for. */
export function SecretOnce({ secret, onDone }: SecretOnceProps) {
  return (
    <div className="grid gap-4">
      <ShownOnce label="Secret" secret={secret}>
        Store it where your receiver reads its secrets. If it is lost, rotate it.
      </ShownOnce>
      <Verification />
      <div className="flex justify-end">
        <Button look="primary" onClick={onDone}>
          I have stored it
        </Button>
      </div>
    </div>
  );
}
