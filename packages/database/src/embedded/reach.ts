import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Account } from "./account.ts";

/** Whether the account may enter the folder and every folder above it, going by the permission bits. */
export async function canReach(folder: string, account: Account): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const above = dirname(folder);
  return above === folder || canReach(above, account);
}
