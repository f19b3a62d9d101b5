/** `npm run sign-in`: prints a fresh link that signs in to the Muster that runs, once, within an hour. */
import { resolve } from "node:path";
import { Command } from "commander";
import { LauncherError } from "./launcher-error.ts";
import { dataDirOption, dropEmpty, hostOption, portOption } from "./settings.ts";
import { requestSignInLink } from "./sign-in-link.ts";

dropEmpty(process.env);
const { host, port, dataDir } = new Command("npm run sign-in --")
  .description("Prints a link that signs in to the Muster that runs. It works once, for an hour.")
  .addOption(portOption())
  .addOption(hostOption())
  .addOption(dataDirOption())
  .allowExcessArguments(false)
  .parse(process.argv)
  .opts<{ host: string; port: number; dataDir: string }>();
try {
  const link = await requestSignInLink({
    host,
    port,
    dataDir: resolve(dataDir),
    bootstrapKey: process.env["MUSTER_BOOTSTRAP_KEY"],
  });
  process.stdout.write(`${link}\n`);
} catch (error) {
  if (!(error instanceof LauncherError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
