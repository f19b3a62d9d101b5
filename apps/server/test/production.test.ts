import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../src/main.ts", import.meta.url));

async function start(environment: NodeJS.ProcessEnv): Promise<{ code: number | null; errors: string }> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [PROGRAM], {
    env: { PATH, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, errors };
}

it("does not start in production with insecure settings, and names each, without a secret", async () => {
  const { code, errors } = await start({
    MUSTER_ENV: "production",
    DATABASE_URL: "postgres://muster:the-password@192.0.2.1/muster",
    MUSTER_HOST: "0.0.0.0",
    MUSTER_DEMO: "1",
  });
  expect(code).toBe(1);
  for (const name of ["MUSTER_HOST", "DATABASE_URL", "MUSTER_DEMO"]) expect(errors).toContain(`${name} `);
  expect(errors).not.toContain("the-password");
  expect(errors.trimEnd().split("\n")).toHaveLength(1);
}, 60_000);
