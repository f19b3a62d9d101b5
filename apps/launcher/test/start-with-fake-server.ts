import { fileURLToPath } from "node:url";
import { run } from "../src/run.ts";

await run({
  serverEntry: fileURLToPath(new URL("./fake-server.ts", import.meta.url)),
  root: process.env["FAKE_ROOT"] ?? "",
});
