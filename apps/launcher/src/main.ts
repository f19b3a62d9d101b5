import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

await run(fileURLToPath(new URL("../../server/src/main.ts", import.meta.url)));
