import { Conflict } from "@muster/domain/errors.ts";

const UNIQUE_VIOLATION = "23505";

/** Answers `Conflict` when another view of the project's screen has the name. */
export async function unlessNameTaken<Result>(name: string | null, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (name === null || (error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    throw new Conflict("the name", "free", `taken by another view: ${name}`, {
      advice: "Choose another name, or overwrite that view.",
    });
  }
}
