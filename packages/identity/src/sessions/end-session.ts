import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { whoValues } from "../identity-event.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { endedSessionEvents } from "./ended-sessions.ts";
import { isOwn, ownSessionValues } from "./session-queries.ts";
import { isLive, type Session, sessionColumns } from "./session.ts";

const EndSession = z.object({ sessionId: z.guid(), reason: text(1_000).nullish() });
export type EndSessionInput = z.input<typeof EndSession>;

// $1–$4 who, $5 session, $6 reason, $7–$10 whose, $11 idle
const end = statement<Session>(`
  with ended as (
    update sessions s set ended_at = clock_timestamp() where s.id = $5 and ${isLive("s", "$11")} and ${isOwn("s", 7)} returning s.*),
  happened as (${endedSessionEvents("ended", "ENDED", { reason: "$6::text" })}),
  appended as (${appendEvents("happened")})
  select ${sessionColumns("ended")} from ended`);

/**
 * Ends an open session: one's own, or anybody's for those who manage people. Gives it as it was. Throws `NotFound`, also for
 * one that has ended.
 */
export async function endSession(runtime: Runtime, caller: Caller, input: EndSessionInput): Promise<Session> {
  const { sessionId, reason } = parseInput(EndSession, input);
  const values = [
    ...whoValues(caller),
    sessionId,
    reason ?? null,
    ...ownSessionValues(caller),
    runtime.settings.signIn.idleMs,
  ];
  const [ended] = await write(runtime, end, values);
  if (!ended) throw new NotFound("session");
  forgetCredentials(runtime.database, [sessionId]);
  return ended;
}
