import type { Caller } from "@muster/domain/actor.ts";
import type { Runtime } from "@muster/operations/runtime.ts";

/** What every resolver gets: who asks, and what answers. Made anew for each request; the runtime is the process's one. */
export interface RequestContext {
  readonly caller: Caller;
  readonly runtime: Runtime;
}
