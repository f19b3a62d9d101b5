import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { context, type BuildFailure, type Message } from "esbuild";
import { diagnostic, type Diagnostic } from "./diagnostic.ts";

export interface Bundle {
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly sha256: string;
  /** How many source files went into it. */
  readonly files: number;
}

/**
 * Bundles and minifies a package from its entry point (relative to the folder), in memory. Packages it imports stay
 * outside, so the result depends on the commit alone.
 *
 * @throws the signal's reason
 */
export async function bundlePackage(
  folder: string,
  entryPoint: string,
  signal: AbortSignal,
): Promise<{ bundle: Bundle | null; diagnostics: Diagnostic[] }> {
  signal.throwIfAborted();
  const build = await context({
    absWorkingDir: folder,
    entryPoints: [entryPoint],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    packages: "external",
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    outdir: "bundle",
    write: false,
  });
  const cancel = () => void build.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const { outputFiles, metafile } = await build.rebuild();
    const hash = createHash("sha256");
    for (const { contents } of outputFiles) hash.update(contents);
    const bundle: Bundle = {
      bytes: outputFiles.reduce((sum, { contents }) => sum + contents.length, 0),
      gzipBytes: outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0),
      sha256: hash.digest("hex"),
      files: Object.keys(metafile.inputs).length,
    };
    return { bundle, diagnostics: [] };
  } catch (error) {
    signal.throwIfAborted();
    if (!isBuildFailure(error)) throw error;
    return { bundle: null, diagnostics: error.errors.map(toDiagnostic) };
  } finally {
    signal.removeEventListener("abort", cancel);
    await build.dispose();
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function toDiagnostic({ text, location }: Message): Diagnostic {
  const place = location === null ? null : { ...location, column: location.column + 1 };
  return diagnostic(place, "ESBUILD", text);
}
