import type { TestServer } from "./harness.ts";

/** The Set-Cookie header of an answer, taken apart: the pair to send back, and its attributes in lower case. */
export function cookieOf(response: Response): { pair: string; name: string; value: string; attributes: string[] } {
  const [pair = "", ...attributes] = (response.headers.get("set-cookie") ?? "").split("; ");
  const [name = "", value = ""] = pair.split("=");
  return { pair, name, value, attributes: attributes.map((attribute) => attribute.toLowerCase()) };
}

/** Posts JSON as a program does; with `headers`, as a browser would. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** Signs in with a key, and gives the Cookie header of the session. */
export async function signedIn(server: TestServer, key = server.adminKey): Promise<string> {
  const response = await post(`${server.url}/auth/sign-in`, { key }, { origin: server.url });
  if (response.status !== 204) throw new Error(`${response.status} ${await response.text()}`);
  return cookieOf(response).pair;
}

/** The code and message of a refusal. */
export async function refusalOf(response: Response): Promise<{ code: string; message: string }> {
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
  return { code: errors[0]?.extensions.code ?? "", message: errors[0]?.message ?? "" };
}
