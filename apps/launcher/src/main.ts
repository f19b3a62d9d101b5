import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

await run({ root, serverEntry: join(root, "apps", "server", "src", "main.ts") });
