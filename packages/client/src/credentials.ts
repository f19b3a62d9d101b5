/**
 * Where the token comes from (an API key, or a session's token); null when a cookie or nothing identifies the caller. Asked
 * before each request and each connection, and once more with the token that a server has refused: another one is then tried.
 */
export type Credentials = (refused?: string) => string | null | Promise<string | null>;

/** The authorization header's value, for HTTP and for `connectionParams` alike. */
export function authorization(token: string | null): { authorization?: string } {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

export interface Renewal {
  /** The token to connect with. @throws what the credentials throw */
  token(): Promise<string | null>;
  /** The server took the last token. */
  accepted(): void;
  /** Whether the token that was refused in this round has been renewed. Not asked again in the rounds after it. */
  isRenewed(round: number): Promise<boolean>;
}

/** Gives credentials that were refused, because they have ended, one chance to be renewed. */
export function createRenewal(credentials: Credentials): Renewal {
  let used: string | null = null;
  let refused: { readonly round: number; readonly renewed: Promise<boolean> } | null = null;
  return {
    async token() {
      used = await credentials();
      return used;
    },
    accepted() {
      refused = null;
    },
    async isRenewed(round) {
      refused ??= { round, renewed: isOther(credentials, used) };
      return refused.round === round && refused.renewed;
    },
  };
}

/** Where the token comes from may be away itself: that is no answer yet, and the next attempt asks again. */
async function isOther(credentials: Credentials, refused: string | null): Promise<boolean> {
  try {
    return (await credentials(refused ?? undefined)) !== refused;
  } catch {
    return true;
  }
}
