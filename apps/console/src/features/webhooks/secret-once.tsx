"use client";
import { Button } from "#components/button.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { Verification } from "#features/webhooks/verification.tsx";

interface SecretOnceProps {
  readonly secret: string;
  readonly onDone: () => void;
}

/** A secret that nobody can look up later, and what it is for. */
export function SecretOnce({ secret, onDone }: SecretOnceProps) {
  return (
    <div className="grid gap-4">
      <div className="grid gap-1.5">
        <span id="webhook-secret" className="font-[550]">
          Secret
        </span>
        <div className="flex items-start gap-2">
          <output
            aria-labelledby="webhook-secret"
            className="min-w-0 grow rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-sm leading-5 wrap-anywhere select-all"
          >
            {secret}
          </output>
          <CopyButton text={() => secret} />
        </div>
        <p className="rounded-md bg-warning-soft px-3 py-2 text-warning">
          This is the only time it is shown. Store it where your receiver reads its secrets. If it is lost, rotate it.
        </p>
      </div>
      <Verification />
      <div className="flex justify-end">
        <Button look="primary" onClick={onDone}>
          I have stored it
        </Button>
      </div>
    </div>
  );
}
