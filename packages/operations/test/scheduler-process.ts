import { openDatabase } from "@muster/database/database.ts";
import { fireSchedules } from "../src/schedules/fire-schedules.ts";
import { DEFAULT_SETTINGS } from "../src/settings.ts";

// A process that fires the schedules of the database at argv[2] until it is killed.
const database = openDatabase({ url: process.argv[2] ?? "", connections: 2 });
const runtime = { database, settings: DEFAULT_SETTINGS, committed: () => {} };
while (true) {
  await fireSchedules(runtime);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
