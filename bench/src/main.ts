import { printFigures, say, type Figure } from "./report.ts";

/** Each suite ends by itself within five minutes and leaves no process behind. */
const SUITES: Record<string, { title: string; load: () => Promise<{ run(): Promise<Figure[]> }> }> = {
  transitions: {
    title: "Transitions of 10,000 agents, 64 callers",
    load: () => import("./transitions.ts"),
  },
  start: { title: "From npm start to ready", load: () => import("./start.ts") },
  feed: { title: "The live feed, against bare ws and Yoga's createPubSub", load: () => import("./feed.ts") },
  tasks: { title: "Tasks, against graphile-worker and pg-boss", load: () => import("./tasks.ts") },
  contexts: { title: "Versions of contexts, against whole snapshots in jsonb", load: () => import("./contexts.ts") },
  auth: {
    title: "Who asks, and whether they may",
    load: async () => {
      const parts = [await import("./auth.ts"), await import("./auth-rls.ts")];
      return {
        async run() {
          const figures: Figure[] = [];
          for (const part of parts) figures.push(...(await part.run()));
          return figures;
        },
      };
    },
  },
  plans: { title: "What the task engine's statements read", load: () => import("./plans.ts") },
  drivers: { title: "Drivers while backends are terminated", load: () => import("./drivers.ts") },
};

const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const json = process.argv.includes("--json");
const unknown = names.filter((name) => !(name in SUITES));
if (names.length === 0 || unknown.length > 0) {
  say(`Usage: npm run bench -- <suite…> [--json]\nSuites: ${Object.keys(SUITES).join(", ")}`);
  process.exit(names.length === 0 ? 0 : 1);
}

for (const name of names) {
  const suite = SUITES[name];
  if (!suite) continue;
  const { run } = await suite.load();
  printFigures(suite.title, await run(), json);
}
process.exit(0);
