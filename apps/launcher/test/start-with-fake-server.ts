import { fileURLToPath } from "node:url";
import { run } from "../src/run.ts";

await run(fileURLToPath(new URL("./fake-server.ts", import.meta.url)));
