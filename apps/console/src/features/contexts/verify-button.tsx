"use client";
import { Button } from "#components/button.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { useVerification } from "#features/contexts/use-verification.ts";

/** Looks at every version, and whether it is what was written. */
export function VerifyButton() {
  const { context } = useContextView();
  const { verification, verify } = useVerification(context);
  return (
    <Button disabled={verification.state === "working"} onClick={verify}>
      {verification.state === "working" ? "Verifying…" : "Verify the chain"}
    </Button>
  );
}
