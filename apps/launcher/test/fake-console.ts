/** Stands for the console's process: answers on its port with the folder of its build, notes what it was given and met. */
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../trace.log", import.meta.url));
const trace = (line: string) => appendFileSync(file, `${line}\n`);
trace(`start ${process.pid} ${Object.keys(process.env).toSorted().join(" ")}`);
const { NODE_ENV, CONSOLE_DIST_DIR, CONSOLE_PORT } = process.env;

const isStubborn = readFileSync(new URL("./page.tsx", import.meta.url), "utf8").includes("stubborn");

process.once("disconnect", () => {
  if (!isStubborn) process.exit(0);
});
process.on("SIGTERM", () => {
  trace(`SIGTERM ${Date.now()}`);
  if (!isStubborn) process.exit(0);
});
const server = createServer((_request, response) => void response.end(`${NODE_ENV} ${CONSOLE_DIST_DIR}`));
server.listen(Number(CONSOLE_PORT), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  trace(`listens ${port}`);
  process.send?.({ type: "ready", port });
});
