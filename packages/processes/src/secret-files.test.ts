import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { SecretFileError, withSecretsFromFiles } from "./secret-files.ts";

const folder = mkdtempSync(join(tmpdir(), "muster-secret-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

it("reads what comes as a file, without the line's end, and leaves the rest as it is", () => {
  const environment = {
    KEY_FILE: file("key", "  top secret\n"),
    OTHER_FILE: "/not/ours",
    PLAIN: "here",
    GONE_FILE: "",
  };
  expect(withSecretsFromFiles(environment, ["KEY", "PLAIN", "GONE"])).toEqual({
    KEY: "top secret",
    OTHER_FILE: "/not/ours",
    PLAIN: "here",
    GONE_FILE: "",
  });
});

it.each([
  ["both are set", { KEY: "one", KEY_FILE: file("two", "two") }],
  ["the file is not there", { KEY_FILE: join(folder, "nowhere") }],
  ["it is a folder", { KEY_FILE: folder }],
  ["the file is empty", { KEY_FILE: file("empty", " \n") }],
  ["the file is far too large", { KEY_FILE: file("large", "secret".repeat(20_000)) }],
])("names the variable, and not the secret, when %s", (_why, environment) => {
  const read = () => withSecretsFromFiles(environment, ["KEY"]);
  expect(read).toThrow(SecretFileError);
  expect(read).toThrow("KEY_FILE");
});
