import { jsonText } from "#components/json/json-lines.ts";

/** What people may change of an agent. */
export interface AgentSettings {
  readonly name: string;
  readonly maxConcurrency: number;
  readonly labels: unknown;
  readonly config: unknown;
}

export type SettingsPart = keyof AgentSettings;

const PARTS: readonly SettingsPart[] = ["name", "maxConcurrency", "labels", "config"];

export function sameValue(one: unknown, other: unknown): boolean {
  return jsonText(one) === jsonText(other);
}

/** Which parts differ. */
export function changedParts(from: AgentSettings, to: AgentSettings): SettingsPart[] {
  return PARTS.filter((part) => !sameValue(from[part], to[part]));
}

/** The parts that differ, as `updateAgent` takes them. */
export function changesOf(from: AgentSettings, to: AgentSettings): Partial<AgentSettings> {
  return Object.fromEntries(changedParts(from, to).map((part) => [part, to[part]]));
}

/** The parts of which somebody else has made something else meanwhile than what I make of them. */
export function conflictsOf(base: AgentSettings, mine: AgentSettings, theirs: AgentSettings): SettingsPart[] {
  const ours = changedParts(base, mine);
  return changedParts(base, theirs).filter((part) => ours.includes(part) && !sameValue(mine[part], theirs[part]));
}

/**
 * Both changes put together, by property; null when both have changed the same one differently. Parts that only one has changed
 * are that one's.
 */
export function mergedSettings(base: AgentSettings, mine: AgentSettings, theirs: AgentSettings): AgentSettings | null {
  return merged({ ...base }, { ...mine }, { ...theirs }, 1) as AgentSettings | null;
}

type Members = Readonly<Record<string, unknown>>;

function merged(base: Members, mine: Members, theirs: Members, deeper: number): Members | null {
  const result: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const [was, my, their] = [base[name], mine[name], theirs[name]];
    let value = sameValue(was, my) ? their : my;
    if (!sameValue(was, my) && !sameValue(was, their) && !sameValue(my, their)) {
      const both =
        deeper > 0 && isObject(my) && isObject(their) ? merged(isObject(was) ? was : {}, my, their, 0) : null;
      if (both === null) return null;
      value = both;
    }
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
