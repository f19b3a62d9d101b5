/**
 * Runs a program as the leader of its process group, and kills the whole group when standard input closes: that is when the
 * agent that started it has died, even by SIGKILL. Started by runProcess, never imported.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";

const [program, ...parameters] = process.argv.slice(2);
if (program === undefined) throw new Error("usage: process-guard.ts <program> [parameters]");

const killGroup = () => process.kill(0, "SIGKILL");
process.stdin.on("close", killGroup).resume();
process.on("SIGTERM", () => {}); // the program gets it too, and decides how to end

const child = spawn(program, parameters, { stdio: ["ignore", "inherit", "inherit"] });
child.on("error", (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on("exit", (exitCode, signal) => {
  process.exit(signal === null ? (exitCode ?? 1) : 128 + constants.signals[signal]);
});
