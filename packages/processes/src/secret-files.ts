import { readFileSync } from "node:fs";

/** A file that a setting names as the place of a secret cannot be used. The message names the variable, never what the file holds. */
export class SecretFileError extends Error {
  override readonly name = "SecretFileError";
}

/** A secret is short: a file that is larger was named by mistake. */
const MOST_BYTES = 65_536;

/**
 * Gives the environment with each of these variables that comes as a file (`NAME_FILE`, as container platforms hand out secrets)
 * read from it, without white space around it, and `NAME_FILE` gone. Empty variables count as absent. Throws `SecretFileError` when
 * both are set, or the file cannot be read or is empty.
 */
export function withSecretsFromFiles<Environment extends Readonly<Record<string, string | undefined>>>(
  environment: Environment,
  names: readonly string[],
): Environment {
  const filled: Record<string, string | undefined> = { ...environment };
  for (const name of names) {
    const variable = `${name}_FILE`;
    const file = environment[variable];
    if (!file) continue;
    if (environment[name]) throw new SecretFileError(`Both ${name} and ${variable} are set: leave one of them out.`);
    filled[name] = secretIn(file, variable);
    delete filled[variable];
  }
  return filled as Environment;
}

function secretIn(file: string, variable: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SecretFileError(`The file ${file} cannot be read (${code}): name another one in ${variable}.`);
  }
  if (text === "" || text.length > MOST_BYTES)
    throw new SecretFileError(`The file ${file} holds no secret: name another one in ${variable}.`);
  return text;
}
