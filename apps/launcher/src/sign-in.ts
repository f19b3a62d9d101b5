/** `npm run sign-in`: prints a fresh link that signs in to the Muster that runs, once, within an hour. */
import { Command } from "commander";
import { LauncherError } from "./launcher-error.ts";
import { bootstrapKeyFile, dataDirOption, dropEmpty, hostOption, portOption } from "./settings.ts";
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
    bootstrapKey: process.env["MUSTER_BOOTSTRAP_KEY"],
    bootstrapKeyFile: bootstrapKeyFile(dataDir, process.env),
  });
  process.stdout.write(`${link}\n`);
} catch (error) {
  if (!(error instanceof LauncherError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
