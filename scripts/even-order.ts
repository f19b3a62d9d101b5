import { statSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Of everything else, counted in bytes, this share is done while browser tests go on: none of them may be what one waits for last. */
const SPREAD = 0.8;

interface Sized {
  readonly path: string;
  readonly bytes: number;
}

/**
 * The order in which files begin: what takes long first (a long file is more likely to), and those with a browser, which need
 * several cores, spread among the others, which mostly wait.
 */
export function evenOrder<File extends Sized>(files: readonly File[]): File[] {
  const largestFirst = files.toSorted((a, b) => weight(b) - weight(a) || a.path.localeCompare(b.path));
  const heavy = largestFirst.filter(({ path }) => path.includes("/e2e/"));
  const light = largestFirst.filter(({ path }) => !path.includes("/e2e/"));
  const total = light.reduce((sum, { bytes }) => sum + bytes, 0) * SPREAD;
  const ordered: File[] = [];
  let before = 0;
  let placed = 0;
  for (const file of light) {
    while (placed < heavy.length && before >= (total * placed) / heavy.length) ordered.push(heavy[placed++]!);
    ordered.push(file);
    before += file.bytes;
  }
  return [...ordered, ...heavy.slice(placed)];
}

/** The short soak is a few lines, and takes a minute; each screen that is examined is a few lines, and takes seconds. */
function weight({ path, bytes }: Sized): number {
  if (path.includes("/soak/")) return Infinity;
  return path.includes("/e2e/src/every-") ? bytes * 10 : bytes;
}

/** Sorts by what can be known without an earlier run, so that every machine has the same order. */
export class EvenOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sized = files.map((file) => ({ file, path: file.moduleId, bytes: statSync(file.moduleId).size }));
    return evenOrder(sized).map(({ file }) => file);
  }
}
