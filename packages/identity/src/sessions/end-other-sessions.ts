import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { whoValues } from "../identity-event.ts";
import { ownAccount } from "../own-account.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { endedSessionEvents, endSessionsOf } from "./ended-sessions.ts";

const EndOtherSessions = z.object({ reason: text(1_000).nullish() });
export type EndOtherSessionsInput = z.input<typeof EndOtherSessions>;

// $1–$4 who, $5 person, $6 the session that stays, $7 reason
const endOthers = statement<{ id: string }>(`
  with person as (select $5::uuid as id),
  ended as (${endSessionsOf("person", "$6::uuid")}),
  happened as (${endedSessionEvents("ended", "ENDED", { reason: "$7::text" })}),
  appended as (${appendEvents("happened")})
  select id from ended`);

/** Ends all sessions of the person who asks but the one they ask with. Gives how many there were. */
export async function endOtherSessions(
  runtime: Runtime,
  caller: Caller,
  input: EndOtherSessionsInput = {},
): Promise<number> {
  const { reason } = parseInput(EndOtherSessions, input);
  const { userId } = await ownAccount(runtime, caller);
  const current = caller.origin?.credentialId ?? null;
  const ended = await write(runtime, endOthers, [...whoValues(caller), userId, current, reason ?? null]);
  forgetCredentials(
    runtime.database,
    ended.map(({ id }) => id),
  );
  return ended.length;
}
