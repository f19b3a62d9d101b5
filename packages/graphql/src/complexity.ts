import { LimitExceeded } from "@muster/domain/errors.ts";

/** What a document may ask for. `complexity` is roughly the number of values in the largest answer. */
export const COMPLEXITY_LIMITS = { depth: 15, breadth: 1_000, complexity: 50_000 } as const;
type Measure = keyof typeof COMPLEXITY_LIMITS;

/** The error that says which limit a document is above. */
export function tooComplex(measure: Measure): LimitExceeded {
  const most = COMPLEXITY_LIMITS[measure];
  return new LimitExceeded(`query.${measure}`, `The ${measure} of the query is above ${most}. Ask for less at once.`);
}

/** Throws `LimitExceeded` for a document that asks for too much. */
export function assertComplexity(measured: Readonly<Record<Measure, number>>): void {
  for (const measure of ["depth", "breadth", "complexity"] as const) {
    if (measured[measure] > COMPLEXITY_LIMITS[measure]) throw tooComplex(measure);
  }
}
