"use client";
import { useEffect, useState } from "react";
import { type Provider, signInProviders } from "#api/sign-in.ts";
import { buttonClass } from "#components/button.tsx";
import { nextPage } from "#features/sign-in/next-page.ts";

/** The other places that know who somebody is; nothing when this installation has none. */
export function Providers({ next }: { readonly next: string | null }) {
  const [providers, setProviders] = useState<readonly Provider[]>([]);
  useEffect(() => {
    void signInProviders().then(setProviders);
  }, []);
  if (providers.length === 0) return null;
  return (
    <div className="mt-4 grid gap-2 border-t border-line pt-4">
      {providers.map(({ name, title }) => (
        // A plain link: the server answers it, and leads away.
        <a
          key={name}
          href={`/auth/oidc/${encodeURIComponent(name)}/start?${new URLSearchParams({ returnTo: nextPage(next, location.origin) })}`}
          className={`${buttonClass()} h-9`}
        >
          Sign in with {title}
        </a>
      ))}
    </div>
  );
}
