import type { Metadata } from "next";
import { SetPassword } from "#features/sign-in/set-password.tsx";

// The link is in the fragment, which is never sent; no page that is opened from here is told the rest of the address either.
export const metadata: Metadata = { title: "Set your password", referrer: "no-referrer" };

export default function SetPasswordPage() {
  return <SetPassword />;
}
