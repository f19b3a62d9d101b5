/** Where the token comes from (an API key, or a session's token); null when a cookie or nothing identifies the caller. */
export type Credentials = () => string | null | Promise<string | null>;

/** The authorization header's value, for HTTP and for `connectionParams` alike. */
export function authorization(token: string | null): { authorization?: string } {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
