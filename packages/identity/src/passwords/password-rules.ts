import { InvalidInput } from "@muster/domain/errors.ts";
import { normalizedPassword } from "./password-hash.ts";

export const MOST_PASSWORD_CHARACTERS = 200;
const LEAST = 12;

let commonPasswords: Promise<ReadonlySet<string>> | undefined;

/** Only when the first password is chosen: few processes ever need the list. */
function common(): Promise<ReadonlySet<string>> {
  commonPasswords ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"]),
  );
  return commonPasswords;
}

/**
 * Throws `InvalidInput` for a password that is easy to guess: shorter than 12 characters, one that many people have (also with
 * digits or signs around it, or repeated), or one that holds the person's name or e-mail address.
 */
export async function refuseWeakPassword(
  password: string,
  person: { readonly email: string | null; readonly name: string },
): Promise<void> {
  const problem = await weakness(normalizedPassword(password), person);
  if (problem !== null) throw new InvalidInput([{ path: ["newPassword"], message: problem }]);
}

async function weakness(
  password: string,
  { email, name }: { email: string | null; name: string },
): Promise<string | null> {
  const length = [...password].length;
  if (length < LEAST) return `must have at least ${LEAST} characters. Several words are easy to remember.`;
  if (length > MOST_PASSWORD_CHARACTERS) return `must have at most ${MOST_PASSWORD_CHARACTERS} characters.`;
  const lower = password.toLowerCase();
  const [local = ""] = email?.toLowerCase().split("@") ?? [];
  const own = [email?.toLowerCase() ?? "", local, name.toLowerCase(), name.toLowerCase().replaceAll(/\s+/g, "")];
  if (own.some((part) => part.length >= 4 && lower.includes(part.normalize("NFKC")))) {
    return "must not hold your name or e-mail address.";
  }
  const known = await common();
  const unit = repeatedUnit(lower);
  const core = lower.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const isCommon = [lower, unit, core, repeatedUnit(core)].some((part) => part.length * 2 >= LEAST && known.has(part));
  if (isCommon || unit.length < 6 || new Set(lower).size < 5) {
    return "is easy to guess. Choose one that nobody else has: several words that do not belong together, for example.";
  }
  return null;
}

/** What a text repeats: "abab" → "ab"; the text itself when it repeats nothing. */
function repeatedUnit(text: string): string {
  const period = `${text}${text}`.indexOf(text, 1);
  return period > 0 ? text.slice(0, period) : text;
}
