/** Stands for the server: tells the launcher that it is ready, does what its environment asks, ends in order. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";

const dataDir = process.env["MUSTER_DATA_DIR"] ?? "";
const trace = (line: string) => appendFileSync(join(dataDir, "trace"), `${line}\n`);
const { stopEmbeddedPostgres } = await import("@muster/database/embedded/start-embedded-postgres.ts");

const upstream = process.env["CONSOLE_UPSTREAM"];
const page = upstream === undefined ? "no console" : await fetch(upstream).then((answer) => answer.text());
trace(`start ${process.pid} demo=${process.env["MUSTER_DEMO"]} ${process.env["DATABASE_URL"]} (${page})`);
const replica = process.env["MUSTER_REPLICA"];
if (replica !== undefined) {
  const { MUSTER_REUSE_PORT: shares, MUSTER_BOOTSTRAP_KEY_FILE: keyFile } = process.env;
  trace(`replica ${replica} ${process.pid} shares=${shares} port=${process.env["PORT"]} key=${keyFile !== undefined}`);
}
if (replica !== undefined && replica === process.env["FAKE_FAILING_REPLICA"]) process.exit(1);
if (process.env["FAKE_FAILURE"]) {
  process.stdout.write(`${JSON.stringify({ level: "fatal", msg: process.env["FAKE_FAILURE"] })}\n`);
  process.exit(1);
}
process.on("SIGTERM", () => {
  trace("SIGTERM");
  if (process.env["FAKE_STUBBORN"]) return;
  setTimeout(() => {
    trace("end");
    process.exit(0);
  }, 200);
});
// Something to wait for, as a listening server has.
setInterval(() => {}, 60_000);
process.on("disconnect", async () => {
  trace("launcher gone");
  if (process.env["FAKE_STUBBORN"]) return;
  await stopEmbeddedPostgres(process.env["MUSTER_EMBEDDED_DATA_DIR"] ?? "");
  trace("end");
  process.exit(0);
});
process.stdout.write(`${JSON.stringify({ level: "warn", msg: "a warning for people" })}\n`);
// Of port 0 a real one would find a free one.
const url = `http://127.0.0.1:${process.env["PORT"] === "0" ? 4321 : process.env["PORT"]}`;
process.send?.({
  type: "ready",
  url,
  signInUrl: `${url}/sign-in#link=k`,
  agents: [{ name: "builder", state: "ONLINE" }],
});
