import { join } from "node:path";
import type { ServerReady } from "./server-process.ts";
import type { Settings } from "./settings.ts";

/** What a person needs once everything runs: where to look, how to sign in, where things are kept, how to stop. */
export function closingLines({ url, signInUrl, agents }: ServerReady, settings: Settings): string {
  const lines: [string, string][] = [
    ["Sign in", signInUrl ?? `${url}/graphql, with an API key that you have`],
    ["API", `${url}/graphql`],
    ...(agents.length > 0
      ? [["Agents", agents.map(({ name, state }) => `${name} ${state}`).join(", ")] as [string, string]]
      : []),
    ["Data", settings.dataDir],
    ["Logs", join(settings.dataDir, "logs")],
    ["Stop", "Ctrl-C"],
  ];
  return `\nMuster runs at ${url}\n\n${lines.map(([name, value]) => `  ${name.padEnd(9)}${value}`).join("\n")}\n`;
}
