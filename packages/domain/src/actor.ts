import type { Permission } from "./permissions.ts";

export const ACTOR_KINDS = ["USER", "AGENT", "API_KEY", "SYSTEM"] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** How far an actor's permissions reach. What lies outside answers like what does not exist. */
export interface Reach {
  /** null: every workspace of the installation. */
  readonly workspaceId: string | null;
  /** null: every project of the workspace. */
  readonly projectId: string | null;
}

/** Who asks. `id` is a UUID (an agent's or a key's), null for the system. */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string | null;
  readonly name: string;
  readonly reach: Reach;
  readonly permissions: ReadonlySet<Permission>;
}

/** An actor and the request it came with. Every operation takes one. */
export interface Caller {
  readonly actor: Actor;
  readonly correlationId: string | null;
}
