import { jsonProblem, type JsonProblem } from "#components/schema-form/json-problem.ts";
import { applyMergePatch, applyPatch, type PatchOperation } from "#features/contexts/apply-patch.ts";

/** How a change is given. */
export type WriteKind = "data" | "mergePatch" | "patch";

export type Written =
  | { readonly problem: JsonProblem }
  | {
      /** What is sent: data, a merge patch or operations. */
      readonly given: unknown;
      /** What it makes of the data that it begins with. */
      readonly data: unknown;
    };

/** What a text makes of data, or what is wrong with it. */
export function writtenData(kind: WriteKind, text: string, base: unknown): Written {
  const broken = jsonProblem(text);
  if (broken !== null) return { problem: broken };
  const given = JSON.parse(text) as unknown;
  const wrong = (message: string): Written => ({ problem: { line: 1, message } });
  switch (kind) {
    case "data":
      return given === null ? wrong("The data can be anything but null.") : { given, data: given };
    case "mergePatch":
      return { given, data: applyMergePatch(base, given) };
    case "patch": {
      if (!Array.isArray(given)) return wrong("A patch is a list of operations.");
      const odd = given.find((each) => typeof each?.op !== "string" || typeof each.path !== "string");
      if (odd !== undefined) return wrong("Each operation has “op” and “path”, both texts.");
      try {
        return { given, data: applyPatch(base, given as PatchOperation[]) };
      } catch (error) {
        return wrong((error as Error).message);
      }
    }
  }
}
