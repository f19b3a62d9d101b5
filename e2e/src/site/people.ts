import type { BrowserContext, BrowserContextOptions } from "playwright";
import type { Site } from "./start-site.ts";

type Role = "VIEWER" | "OPERATOR" | "DEVELOPER" | "ADMIN";

/** Somebody who has set a password. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly membershipId: string;
}

export const PASSWORD = "copper kettle orbit lantern";

/** Invites somebody to a workspace, and sets their password by the link. */
export async function addPerson(site: Site, workspaceSlug: string, email: string, role: Role): Promise<Person> {
  const { workspace } = await site.api.query<{ workspace: { id: string } }>(
    `query ($slug: String!) { workspace(slug: $slug) { id } }`,
    { slug: workspaceSlug },
  );
  const { result } = await site.api.query<{
    result: { message?: string; link: string; data: { id: string; user: { id: string } } };
  }>(
    `mutation ($input: InviteUserInput!) { result: inviteUser(input: $input) {
       ... on InviteUserSuccess { link data { id user { id } } } ... on Error { message } } }`,
    { input: { email, workspaceId: workspace.id, role } },
  );
  if (result.message !== undefined) throw new Error(result.message);
  const answer = await fetch(`${site.url}/auth/password`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ link: tokenIn(result.link), newPassword: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`No password: ${answer.status} ${await answer.text()}`);
  return { id: result.data.user.id, email, password: PASSWORD, membershipId: result.data.id };
}

/** A browser profile in which somebody is signed in by their password. */
export async function signedIn(site: Site, { email, password }: Person): Promise<BrowserContext> {
  const context = await site.visitor();
  const answer = await context.request.post("/auth/sign-in", { data: { email, password } });
  if (!answer.ok()) throw new Error(`No session: ${answer.status()} ${await answer.text()}`);
  return context;
}

/** A browser profile in which the first admin is signed in, as the printed link does it. */
export async function firstAdmin(site: Site, options?: BrowserContextOptions): Promise<BrowserContext> {
  const context = await site.visitor(options);
  const answer = await context.request.post("/auth/sign-in", { data: { link: tokenIn(await site.signInLink()) } });
  if (!answer.ok()) throw new Error(`No session: ${answer.status()} ${await answer.text()}`);
  return context;
}

function tokenIn(link: string): string {
  return new URLSearchParams(link.slice(link.indexOf("#") + 1)).get("link") ?? "";
}
