const WORDS: Readonly<Record<string, string>> = {
  OIDC_UNAVAILABLE: "The provider does not answer. Try again in a minute, or sign in in another way.",
  OIDC_FAILED: "The provider’s answer could not be used: it took too long, or was begun in another tab. Begin again.",
  OIDC_DENIED: "The provider did not let you in. Ask whoever runs it, or sign in in another way.",
  OIDC_EMAIL_UNVERIFIED: "The provider has not checked your e-mail address. Have it checked there, then try again.",
  OIDC_NOT_INVITED: "Nobody has invited you here, or your account is disabled. Ask an admin of this installation.",
};

/** The sentence for a code that a provider's way back brings in the address. Never the address's own text: anybody may have written it. */
export function errorWords(code: string): string {
  return WORDS[code] ?? "Signing in with the provider did not work. Try again, or sign in in another way.";
}
