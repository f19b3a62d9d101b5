/**
 * Runs Next's command line in this process, the leader of a process group, and kills the whole group when the launcher has
 * died. Started by build-console.ts, never imported.
 */
import { pathToFileURL } from "node:url";

const program = process.argv[2] ?? "";
process.argv.splice(1, 1);
process.once("disconnect", () => process.kill(0, "SIGKILL"));
process.channel?.unref();
await import(pathToFileURL(program).href);
