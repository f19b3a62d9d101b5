"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type SyntheticEvent, useEffect, useState } from "react";
import { issueAt, sentenceOf } from "#api/input-issues.ts";
import { setPassword, type SignInRefusal } from "#api/sign-in.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { SecretField } from "#components/secret-field.tsx";
import { TextField } from "#components/text-field.tsx";
import { Entrance } from "#features/sign-in/entrance.tsx";
import { takeLink } from "#features/sign-in/link-fragment.ts";
import { RefusalNotice, useIsTooEarly } from "#features/sign-in/refusal-notice.tsx";
import { routes } from "#routes.ts";

/** What the link of an invitation or a reset leads to: a password of one's own. */
export function SetPassword() {
  const router = useRouter();
  // Kept beside the address, from which it is taken: undefined until that was looked at.
  const [link, setLink] = useState<string | null | undefined>(undefined);
  const [password, setText] = useState("");
  /** Present once it is asked for. */
  const [code, setCode] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null);
  const tooEarly = useIsTooEarly(refusal);
  useEffect(() => {
    const take = () => {
      const taken = takeLink();
      // The second look finds nothing, because the first one took it.
      setLink((known) => taken ?? known ?? null);
    };
    take();
    addEventListener("hashchange", take);
    return () => removeEventListener("hashchange", take);
  }, []);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!link || busy) return;
    setBusy(true);
    setRefusal(null);
    const refused = await setPassword({ link, newPassword: password, ...(code !== null && { code: code.trim() }) });
    if (refused === null) return router.replace(routes.home());
    if (refused.code === "TOTP_REQUIRED" && code === null) setCode("");
    else setRefusal(refused);
    setBusy(false);
  };

  const issue = issueAt(refusal?.issues ?? [], "newPassword");
  return (
    <Entrance
      title="Set your password"
      status={busy ? "Setting it and signing you in." : "It is yours alone: nobody else sees it, admins neither."}
      help={
        <p className="mt-6 px-6 text-center text-muted">
          You have one?{" "}
          <Link href={routes.signIn()} className="text-accent underline">
            Sign in
          </Link>
        </p>
      }
    >
      {link === null ? (
        <div className="mt-4">
          <Problem title="There is no link in this address">
            Open the whole link that you were given. Ask for another one if it is lost: each works once.
          </Problem>
        </div>
      ) : (
        <form className="mt-5 grid gap-4" onSubmit={(event) => void submit(event)}>
          {refusal !== null && issue === undefined && <RefusalNotice refusal={refusal} />}
          <SecretField
            label="New password"
            value={password}
            onChange={setText}
            autoComplete="new-password"
            hint="At least 12 characters. A few words that do not belong together are strong, and easy to keep in mind."
            problem={issue === undefined ? undefined : sentenceOf(issue)}
            required
          />
          {code !== null && (
            <TextField
              label="Code"
              value={code}
              onChange={setCode}
              hint="Of your authenticator, or one of your recovery codes."
              autoComplete="one-time-code"
              mono
              required
            />
          )}
          <Button type="submit" look="primary" disabled={busy || tooEarly || !link} className="h-9">
            Set password and sign in
          </Button>
        </form>
      )}
    </Entrance>
  );
}
