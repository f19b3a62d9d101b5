/** `npm run persist -- file.json`: makes operations known to the Muster that runs, by their hashes. */
import { Command } from "commander";
import { LauncherError } from "./launcher-error.ts";
import { persistOperations } from "./persist-operations.ts";
import { bootstrapKeyFile, dataDirOption, dropEmpty, hostOption, portOption } from "./settings.ts";

dropEmpty(process.env);
const command = new Command("npm run persist --")
  .description("Makes the operations in a file known, so that clients may name them by their hashes (docs/limits.md).")
  .argument("<file>", "a JSON list of texts, or an object of texts by their hashes")
  .addOption(portOption())
  .addOption(hostOption())
  .addOption(dataDirOption())
  .parse(process.argv);
const { host, port, dataDir } = command.opts<{ host: string; port: number; dataDir: string }>();
try {
  const { all, added } = await persistOperations(command.args[0] ?? "", {
    host,
    port,
    bootstrapKey: process.env["MUSTER_BOOTSTRAP_KEY"],
    bootstrapKeyFile: bootstrapKeyFile(dataDir, process.env),
  });
  process.stdout.write(`${all} operations, of which ${added} are new.\n`);
} catch (error) {
  if (!(error instanceof LauncherError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
