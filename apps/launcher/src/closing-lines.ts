import { join } from "node:path";
import type { ServerReady } from "./server-contract.ts";
import type { Settings } from "./settings.ts";

/** What a person needs once everything runs: where to look, how to sign in, where things are kept, how to stop. */
export function closingLines({ url, signInUrl, agents }: ServerReady, settings: Settings): string {
  const { dataDir } = settings;
  const key =
    settings.bootstrapKey === undefined ? settings.bootstrapKeyFile : "the one that MUSTER_BOOTSTRAP_KEY holds";
  const lines: [string, string][] = [
    ...(settings.console ? signIn(signInUrl) : []),
    ["API", `${url}/graphql`],
    ...(settings.console ? [] : [["Key", key] as [string, string]]),
    ...(agents.length > 0
      ? [["Agents", agents.map(({ name, state }) => `${name} ${state}`).join(", ")] as [string, string]]
      : []),
    ...(settings.replicas > 1 ? [["Servers", `${settings.replicas}, behind the one port`] as [string, string]] : []),
    ["Data", dataDir],
    ["Logs", join(dataDir, "logs")],
    ["Stop", "Ctrl-C"],
  ];
  return `\nMuster runs at ${url}\n\n${lines.map(([name, value]) => `  ${name.padEnd(9)}${value}`.trimEnd()).join("\n")}\n`;
}

function signIn(link: string | null): [string, string][] {
  if (link === null) return [["Sign in", "with an API key that you have"]];
  return [
    ["Sign in", link],
    ["", "(works once, for an hour; another: npm run sign-in)"],
  ];
}
