"use client";
import { Button } from "#components/button.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { downloadText } from "#components/json/download-text.ts";

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}

/** Ways in for when the authenticator is lost. Nobody can look them up later. */
export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  const text = () => `${codes.join("\n")}\n`;
  return (
    <div className="grid gap-4">
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-md border border-line bg-sunken px-4 py-3 font-mono text-sm leading-6 select-all"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <p className="rounded-md bg-warning-soft px-3 py-2 text-warning">
        This is the only time they are shown. Keep them where you keep your passwords: each lets you in once, in place
        of a code, when your authenticator is lost.
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <CopyButton text={text}>codes</CopyButton>
        <Button onClick={() => downloadText("muster-recovery-codes.txt", text(), "text/plain")}>Download</Button>
        <Button look="primary" onClick={onDone}>
          I have stored them
        </Button>
      </div>
    </div>
  );
}
