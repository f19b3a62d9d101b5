"use client";
import { useEffect } from "react";
import type { CombinedError } from "urql";
import { Card } from "#components/card.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { useVerification } from "#features/contexts/use-verification.ts";
import { VerificationBadge } from "#features/contexts/verification-badge.tsx";
import { VerificationFindings } from "#features/contexts/verification-findings.tsx";
import { VersionPanel } from "#features/contexts/version-panel.tsx";
import { VersionProblem } from "#features/contexts/version-problem.tsx";

/** In place of the page when the newest versions' records were changed in the database: what is wrong, and what can be read. */
export function TamperedContext({ error }: { readonly error: CombinedError }) {
  const { context, view } = useContextView();
  const { verification, verify } = useVerification(context);
  const unknown = verification.state === "unknown";
  useEffect(() => {
    if (unknown) verify();
  }, [unknown, verify]);
  const newest = verification.state === "done" ? verification.found.versions : 0;
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="flex items-center gap-3">
        <h1 className="text-xl font-semibold tracking-tight">This context was changed in the database</h1>
        <VerificationBadge current={newest} />
      </div>
      {verification.state === "done" && !verification.found.ok ? (
        <VerificationFindings />
      ) : (
        <Card>
          <VersionProblem error={error} />
        </Card>
      )}
      {view.version !== undefined && (
        <VersionPanel
          number={view.version}
          newest={view.version}
          name={context}
          onRollBack={() => {}}
          className="max-h-[60dvh]"
        />
      )}
    </div>
  );
}
