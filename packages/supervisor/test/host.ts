/** A process that runs a supervisor, to be killed: `host.ts <database> <packages folder> <data folder>`. */
import { openDatabase } from "@muster/database/database.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { createSupervisor } from "../src/supervisor.ts";
import { QUICK } from "./fleet.ts";

const [url, packagesFolder, dataDir] = process.argv.slice(2);
if (!url || !packagesFolder || !dataDir) throw new Error("usage: host.ts <database> <packages folder> <data folder>");
const database = openDatabase({ url, connections: 3 });
const say = (_fields: unknown, message: string) => console.error(message);
const supervisor = createSupervisor({
  runtime: { database, settings: DEFAULT_SETTINGS, committed: () => {} },
  packagesFolder,
  dataDir,
  url: "http://127.0.0.1:4000",
  log: { info: say, warn: say, error: say },
  settings: QUICK,
});
await supervisor.start();
console.log("started");
