import { delimiter, dirname, join } from "node:path";

/** What the console's processes may have of our environment, which holds the database's address, keys and more. */
const PASSED_ON = ["PATH", "HOME", "LANG", "TMPDIR", "TZ", "NODE_OPTIONS", "NODE_COMPILE_CACHE"];

/** The environment of a process that builds or runs the console. */
export function consoleEnvironment(
  inherited: NodeJS.ProcessEnv,
  own: { mode: "production" | "development"; distDir: string },
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(inherited).filter(([name]) => PASSED_ON.includes(name))),
    // The bundler starts `node` by its name.
    PATH: [dirname(process.execPath), inherited["PATH"]].filter(Boolean).join(delimiter),
    NODE_ENV: own.mode,
    CONSOLE_DIST_DIR: own.distDir,
    NEXT_TELEMETRY_DISABLED: "1",
    NO_COLOR: "1",
  };
}

export function consoleFolder(root: string): string {
  return join(root, "apps", "console");
}
