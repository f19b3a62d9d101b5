/** What can be wrong with a version. */
export type VersionProblem = "RECORD" | "DATA" | "MISSING" | "EVENT" | "NEWEST";

/** Something that is wrong with a version. */
export interface BadVersion {
  readonly number: number;
  readonly problem: VersionProblem;
  /** What is wrong, for people. */
  readonly message: string;
}

/** So many of each problem are told, those with the lowest numbers: more do not help anybody. */
const TOLD = 100;

/** Collects what is wrong. Each problem is added in rising order of numbers. */
export class Findings {
  readonly #found: BadVersion[] = [];
  readonly #counts = new Map<VersionProblem, number>();

  /** Once for each version and problem. */
  add(number: number, problem: VersionProblem, message: string): void {
    const count = this.#counts.get(problem) ?? 0;
    if (count >= TOLD || this.#found.some((bad) => bad.number === number && bad.problem === problem)) return;
    this.#counts.set(problem, count + 1);
    this.#found.push({ number, problem, message });
  }

  /** For each of a range of numbers, as far as they are told. */
  addRange(from: number, to: number, problem: VersionProblem, messageOf: (number: number) => string): void {
    for (let number = from; number <= to && number < from + TOLD; number++)
      this.add(number, problem, messageOf(number));
  }

  /** Those with the lowest numbers. */
  inOrder(): BadVersion[] {
    return this.#found.toSorted((one, other) => one.number - other.number).slice(0, TOLD);
  }
}
