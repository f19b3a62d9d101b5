"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import { type Credential, signIn, type SignInRefusal } from "#api/sign-in.ts";
import { Problem } from "#components/notice.tsx";
import { CodeForm } from "#features/sign-in/code-form.tsx";
import { Entrance } from "#features/sign-in/entrance.tsx";
import { errorWords } from "#features/sign-in/error-words.ts";
import { isSignedIn } from "#features/sign-in/is-signed-in.ts";
import { KeyForm } from "#features/sign-in/key-form.tsx";
import { takeLink } from "#features/sign-in/link-fragment.ts";
import { nextPage } from "#features/sign-in/next-page.ts";
import { PasswordForm } from "#features/sign-in/password-form.tsx";
import { Providers } from "#features/sign-in/providers.tsx";
import { RefusalNotice, useIsTooEarly } from "#features/sign-in/refusal-notice.tsx";
import { routes } from "#routes.ts";

interface SignInProps {
  readonly next: string | null;
  /** Somebody was signed in until just now. */
  readonly ended: boolean;
  /** Why a provider's answer was refused. */
  readonly error: string | null;
}

type Step =
  | { readonly name: "password" | "key" }
  /** E-mail address and password are right; the code is missing. */
  | { readonly name: "code"; readonly email: string; readonly password: string };

/** The way in: a one-time link in the address signs in by itself, else a password, a provider or an API key does. */
export function SignIn({ next, ended, error }: SignInProps) {
  const router = useRouter();
  const [step, setStep] = useState<Step>({ name: "password" });
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null);
  const tooEarly = useIsTooEarly(refusal);

  const goOn = useCallback(() => router.replace(nextPage(next, location.origin)), [next, router]);
  const present = useCallback(
    async (credential: Credential) => {
      setBusy(true);
      setRefusal(null);
      const refused = await signIn(credential);
      if (refused === null) return goOn();
      if (refused.code === "LINK_SETS_PASSWORD" && "link" in credential) {
        return router.replace(routes.setPassword(credential.link));
      }
      setBusy(false);
      if (refused.code === "TOTP_REQUIRED" && "password" in credential) {
        const { email, password } = credential;
        setStep({ name: "code", email, password });
      } else setRefusal(refused);
    },
    [goOn, router],
  );
  const change = (to: Step) => {
    setStep(to);
    setRefusal(null);
  };

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

  const locked = busy || tooEarly;
  return (
    <Entrance title="Sign in to Muster" status={statusOf(busy, step, ended)} help={<Help />}>
      {refusal !== null ? (
        <div className="mt-4">
          <RefusalNotice refusal={refusal} />
        </div>
      ) : (
        error !== null &&
        !busy && (
          <div className="mt-4">
            <Problem title={errorWords(error)} />
          </div>
        )
      )}
      {step.name === "code" ? (
        <CodeForm
          locked={locked}
          onCode={(code) => void present({ email: step.email, password: step.password, code })}
          onBack={() => change({ name: "password" })}
        />
      ) : (
        <>
          {step.name === "password" ? (
            <PasswordForm locked={locked} onPresent={(credential) => void present(credential)} />
          ) : (
            <KeyForm locked={locked} onPresent={(credential) => void present(credential)} />
          )}
          <Providers next={next} />
          <p className="mt-4 text-center">
            <button
              type="button"
              className="text-accent hover:underline"
              onClick={() => change({ name: step.name === "key" ? "password" : "key" })}
            >
              {step.name === "key" ? "Sign in with a password" : "Sign in with an API key"}
            </button>
          </p>
        </>
      )}
    </Entrance>
  );
}

function statusOf(busy: boolean, step: Step, ended: boolean): string {
  if (busy) return "Signing you in. This takes a moment.";
  if (step.name === "code") return "One more step: your authenticator.";
  if (ended) return "Your session has ended. Sign in, and you are back where you were.";
  return "See what your agents are doing, as it happens.";
}

function Help() {
  const code = "rounded-sm bg-sunken px-1 py-0.5 font-mono text-sm text-ink";
  return (
    <div className="mt-6 grid gap-2 px-6 text-muted">
      <p>Forgotten? An admin can give you a link with which you set a new password.</p>
      <p>
        Where Muster runs, <code className={code}>npm run sign-in</code> prints a link that signs you in, and the first
        key is in <code className={code}>.muster/bootstrap-key</code>.
      </p>
    </div>
  );
}
