import dns, { type LookupAddress } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { WebhookSettings } from "./webhook-settings.ts";
import { hostOf, refusedAddress } from "./webhook-url.ts";

/** How an endpoint answered, or why it did not. */
export interface PostOutcome {
  /** null without an answer. */
  readonly status: number | null;
  /** null after an answer with a status from 200 to 299. */
  readonly error: string | null;
  /** The beginning of the answer's body, as text that can be stored. */
  readonly excerpt: string | null;
  readonly durationMs: number;
}

const MOST_BYTES = 2_048;

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends a JSON body by POST and waits for the answer, within `timeoutMs` in all; aborted by `signal` too. Never throws. Redirects
 * are not followed and proxies not used. Each attempt makes its own connection, and what is checked is the address that is
 * really connected to: a name that first stands for one address and then for another gains nothing.
 */
export async function post(
  { url: text, headers, body }: Post,
  settings: WebhookSettings,
  signal?: AbortSignal,
): Promise<PostOutcome> {
  const begun = performance.now();
  const outcome = (status: number | null, error: string | null, excerpt: string | null = null): PostOutcome => ({
    status,
    error,
    excerpt,
    durationMs: Math.round(performance.now() - begun),
  });
  const url = new URL(text);
  const host = hostOf(url);
  // A host that is an address is not looked up.
  const refused = isIP(host) === 0 ? null : refusedAddress(host, url.protocol, settings);
  if (refused !== null) return outcome(null, refused);
  const timeout = AbortSignal.timeout(settings.timeoutMs);
  let answer: IncomingMessage | undefined;
  try {
    answer = await new Promise<IncomingMessage>((resolve, reject) => {
      (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
        method: "POST",
        agent: false,
        lookup: allowedAddresses(url.protocol, settings),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "user-agent": "Muster-Webhooks/1",
          ...headers,
        },
      })
        .on("response", resolve)
        .on("error", reject)
        .end(body);
    });
    const excerpt = await beginningOf(answer);
    const status = answer.statusCode ?? 0;
    return outcome(status, problemOf(status), excerpt);
  } catch (error) {
    if (timeout.aborted) return outcome(null, `No answer within ${settings.timeoutMs / 1000} s.`);
    return outcome(null, describe(error as Error & { code?: string }));
  } finally {
    answer?.destroy();
  }
}

/** Resolves names as usual, and leaves only the addresses to which a connection may be made. */
function allowedAddresses(protocol: string, settings: WebhookSettings): LookupFunction {
  return (host, options, answer) => {
    dns.lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return answer(error, []);
      const allowed = found.filter(({ address }) => refusedAddress(address, protocol, settings) === null);
      const [first] = allowed;
      if (!first) {
        const [refused] = found.map(({ address }) => refusedAddress(address, protocol, settings));
        return answer(new Error(`${host} was not called: ${refused ?? "it has no address."}`), []);
      }
      if (options.all) answer(null, allowed);
      else answer(null, first.address, first.family);
    });
  };
}

/** What came of the body, up to the limit, until the time is up: the status alone decides. */
async function beginningOf(answer: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= MOST_BYTES) break;
    }
  } catch {
    // It broke off: what came is what there is.
  }
  const text = Buffer.concat(parts).subarray(0, MOST_BYTES).toString("utf8").replaceAll("\0", "\uFFFD");
  return text === "" ? null : text;
}

function problemOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400
    ? `Answered ${status}. Redirects are not followed: give the address that it leads to.`
    : `Answered ${status}.`;
}

function describe(error: Error & { code?: string }): string {
  const message = error instanceof AggregateError ? (error.errors[0] as Error).message : error.message;
  return (message || error.code || "The connection failed.").replaceAll("\0", "");
}
