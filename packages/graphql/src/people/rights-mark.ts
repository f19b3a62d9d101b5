import { hash } from "node:crypto";
import type { Caller } from "@muster/domain/actor.ts";
import { audienceOf } from "@muster/operations/authorize.ts";

/** Two callers with the same mark may do the same. It is told to clients, and tells them nothing else. */
export function rightsMark(caller: Caller): string {
  return hash("sha256", audienceOf(caller), "base64url");
}
