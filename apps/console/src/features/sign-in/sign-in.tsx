"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import { type Credential, signIn } from "#api/session.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Problem } from "#components/notice.tsx";
import { isSignedIn } from "#features/sign-in/is-signed-in.ts";
import { KeyField } from "#features/sign-in/key-field.tsx";
import { takeLink } from "#features/sign-in/link-fragment.ts";
import { nextPage } from "#features/sign-in/next-page.ts";

/** The way in: a one-time link in the address signs in by itself, else an API key does. */
export function SignIn({ next }: { readonly next: string | null }) {
  const router = useRouter();
  const [key, setKey] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  const goOn = useCallback(() => router.replace(nextPage(next, location.origin)), [next, router]);
  const present = useCallback(
    async (credential: Credential) => {
      setBusy(true);
      setRefusal(null);
      const refused = await signIn(credential);
      if (refused === null) return goOn();
      setRefusal(refused);
      setBusy(false);
    },
    [goOn],
  );

  // Taking the link removes it, so however often this runs it is presented once. A link that is pasted into the address
  // of this very page changes no more than the fragment.
  useEffect(() => {
    const presentLink = () => {
      const link = takeLink();
      if (link !== null) void present({ link });
      return link !== null;
    };
    let left = false;
    if (!presentLink()) void isSignedIn().then((already) => already && !left && goOn());
    addEventListener("hashchange", presentLink);
    return () => {
      left = true;
      removeEventListener("hashchange", presentLink);
    };
  }, [present, goOn]);

  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <div className="w-full max-w-96">
        <p className="mb-6 flex items-center justify-center gap-2.5 text-lg font-[650] tracking-tight">
          <span aria-hidden className="size-6 rounded-md bg-conic-[from_210deg] from-online via-busy to-deploying" />
          Muster
        </p>
        <Card className="p-6 shadow-float">
          <h1 className="text-xl font-semibold tracking-tight">Sign in to Muster</h1>
          <p role="status" className="mt-1 text-muted">
            {busy ? "Signing you in. This takes a moment." : "See what your agents are doing, as it happens."}
          </p>
          {refusal !== null && (
            <div className="mt-4">
              <Problem title="That did not work">{refusal}</Problem>
            </div>
          )}
          <form
            className="mt-5 grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              void present({ key: key.trim() });
            }}
          >
            <KeyField value={key} onChange={setKey} disabled={busy} />
            <Button type="submit" look="primary" disabled={busy} className="h-9">
              Sign in
            </Button>
          </form>
        </Card>
        <Help />
      </div>
    </main>
  );
}

function Help() {
  const code = "rounded-sm bg-sunken px-1 py-0.5 font-mono text-sm text-ink";
  return (
    <div className="mt-6 grid gap-2 px-6 text-muted">
      <p>
        <code className={code}>npm run sign-in</code> prints a link that signs you in, without a key.
      </p>
      <p>
        The first key is in <code className={code}>.muster/bootstrap-key</code>, where Muster was started.
      </p>
    </div>
  );
}
