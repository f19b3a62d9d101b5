import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { expect } from "./site/expect.ts";
import { type HelperProcess, startHelper } from "./site/helper-process.ts";
import { openPage } from "./site/open-page.ts";
import { indicator, paths, title } from "./site/screens.ts";
import { type OwnSite, startSite } from "./site/start-site.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The browser does not know the authority. */
const UNKNOWN_AUTHORITY = { ignoreHTTPSErrors: true };

const PROGRAM = new URL("../../apps/server/test/fixtures/certificates-process.ts", import.meta.url);

interface Certified {
  readonly cert: string;
  readonly key: string;
}

describe("npm start with a certificate of its own", () => {
  let folder: string;
  let authority: HelperProcess;
  let site: OwnSite;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "muster-tls-"));
    authority = startHelper(PROGRAM, folder);
    await authority.ask();
    const [cert, key, ca] = ["cert.pem", "key.pem", "ca.pem"].map((name) => join(folder, name));
    setDefaultCACertificates([...getCACertificates("default"), await readFile(ca!, "utf8")]);
    site = await startSite([], {
      MUSTER_TLS_CERT_FILE: cert!,
      MUSTER_TLS_KEY_FILE: key!,
      MUSTER_TLS_CLIENT_CA_FILE: ca!,
      // For the agents that the server runs.
      NODE_EXTRA_CA_CERTS: ca!,
    });
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await site?.stop();
    authority.end();
    await rm(folder, { recursive: true, force: true });
  });

  it("says where it is, and its link opens the console in a browser, live, with the agents that it runs", async () => {
    const link = /\S+\/sign-in#link=\S+/.exec(site.muster.printed())?.[0] ?? "";
    expect(link).toMatch(/^https:/);
    const page = await openPage(site.visitor(UNKNOWN_AUTHORITY), link);
    await expect(title(page, "Overview")).toBeVisible();
    await page.goto(paths.fleet());
    await expect(indicator(page)).toHaveText("Live");
    await expect(page.getByText(/^(Online|Idle|Busy)$/).first()).toBeVisible();
    const cookies = await page.context().cookies();
    expect(cookies).toEqual([
      expect.objectContaining({ secure: true, httpOnly: true, name: expect.stringMatching(/^__Host-/) }),
    ]);
  });

  it("gives another link, where its authority is known", async () => {
    const signIn = async (environment: NodeJS.ProcessEnv) => {
      const { port } = new URL(site.url);
      const options = ["run", "--silent", "sign-in", "--", "--data-dir", site.dataDir, "--port", port];
      const env = { ...process.env, MUSTER_TLS_CERT_FILE: join(folder, "cert.pem"), ...environment };
      const child = spawn("npm", options, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => (said += text));
      await once(child, "close");
      return said;
    };
    expect(await signIn({ NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") })).toContain(`${site.url}/sign-in#link=`);
    expect(await signIn({})).toMatch(/certificate .* NODE_EXTRA_CA_CERTS/);
  });

  it("knows an agent by its certificate", async () => {
    const { project } = await site.api.query<{ project: { agents: { edges: { node: { id: string } }[] } } }>(
      `{ project(path: "demo/app") { agents(first: 1) { edges { node { id } } } } }`,
    );
    const id = project.agents.edges[0]?.node.id ?? "";
    const client = await authority.ask<Certified>(id);
    const asked = request(`${site.url}/graphql`, {
      ...client,
      agent: false,
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    asked.end(JSON.stringify({ query: "{ viewer { actor { kind id } } }" }));
    const [response] = await once(asked, "response");
    let text = "";
    for await (const part of response) text += part;
    expect(JSON.parse(text)).toEqual({ data: { viewer: { actor: { kind: "AGENT", id } } } });
  });
});
