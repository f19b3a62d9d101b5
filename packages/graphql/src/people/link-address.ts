import type { Runtime } from "@muster/operations/runtime.ts";

/** The console's page on which a person chooses a password: below the address of Muster where that is known. */
export function setPasswordAddress({ settings }: Runtime, token: string): string {
  // In the fragment, which never leaves the browser.
  return `${settings.publicUrl ?? ""}/set-password#link=${token}`;
}
