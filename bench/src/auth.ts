import { createFleet } from "./fleet.ts";
import { MeasuredProcess } from "./measured-process.ts";
import { median } from "./median.ts";
import { withBenchDatabase } from "./bench-database.ts";
import { type Figure, say } from "./report.ts";

const SERVER = new URL("./auth/auth-server.ts", import.meta.url);
const CLIENT = new URL("./auth/auth-client.ts", import.meta.url);
const ROUNDS = 12;
const SECONDS = 2;
const CREDENTIALS = ["key", "token"] as const;

/** What the server says of itself when it is ready. */
interface Ready {
  readonly url: string;
  readonly key: string;
  readonly token: string;
  /** What it takes to ask whether the caller may, for one request. */
  readonly authorizationMicroseconds: number;
}

/**
 * What it costs to find out who asks and whether they may: a query for one agent by its id, through the same server process with all of that,
 * and without, in turns. Without, the caller is given; what asking for permissions takes then is measured by itself and taken off.
 */
export async function run(): Promise<Figure[]> {
  return withBenchDatabase(async (url) => {
    await createFleet(url);
    const server = new MeasuredProcess(SERVER, { DATABASE_URL: url });
    try {
      const ready = await server.message(isReady);
      const client = new MeasuredProcess(CLIENT, { MUSTER_BENCH_URL: ready.url });
      try {
        return await measure(server, client, ready);
      } finally {
        await client.stop();
      }
    } finally {
      await server.stop();
    }
  });
}

async function measure(server: MeasuredProcess, client: MeasuredProcess, ready: Ready): Promise<Figure[]> {
  /** Requests a second, and what the server's process used for each. */
  const round = async (path: string, credential: string) => {
    const before = await server.usage();
    client.send({ path, credential, seconds: SECONDS });
    const { count, elapsedMs } = await client.message(isCount);
    const { cpuMicroseconds } = await server.usage();
    return { perSecond: count / (elapsedMs / 1_000), cpu: (cpuMicroseconds - before.cpuMicroseconds) / count };
  };
  await round("/with", ready.key);
  await round("/without", ready.key);
  const measured = new Map<string, { perSecond: number; cpu: number }[]>();
  const note = async (name: string, path: string, credential: string) =>
    void measured.set(name, [...(measured.get(name) ?? []), await round(path, credential)]);
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    await note("without", "/without", ready.key);
    for (const name of CREDENTIALS) await note(name, "/with", ready[name]);
  }
  const of = (name: string, what: "perSecond" | "cpu") => median((measured.get(name) ?? []).map((each) => each[what]));
  const bare = 1 / of("without", "perSecond") - ready.authorizationMicroseconds / 1e6;
  say(`asking for permissions: ${ready.authorizationMicroseconds.toFixed(2)} µs a request`);
  say(
    `CPU a request: without ${of("without", "cpu").toFixed(0)} µs, ${CREDENTIALS.map((name) => `${name} ${of(name, "cpu").toFixed(0)} µs`).join(", ")}`,
  );
  return [
    { name: "auth.cost.ratio", value: 1 / of("key", "perSecond") / bare, unit: "ratio" },
    { name: "auth.token.ratio", value: 1 / of("token", "perSecond") / bare, unit: "ratio" },
    { name: "auth.with.per_second", value: of("key", "perSecond"), unit: "requests/s" },
    { name: "auth.without.per_second", value: of("without", "perSecond"), unit: "requests/s" },
  ];
}

function isReady(message: unknown): message is Ready {
  return typeof message === "object" && message !== null && "authorizationMicroseconds" in message;
}

function isCount(message: unknown): message is { readonly count: number; readonly elapsedMs: number } {
  return typeof message === "object" && message !== null && "count" in message;
}
