/** What can be set about a workspace; null: no limit of its own. */
export interface WorkspaceLimits {
  readonly maxAgents: number | null;
  readonly maxRunningAgents: number | null;
  readonly maxRunningTasks: number | null;
  readonly maxTasksPerMinute: number | null;
  readonly maxContexts: number | null;
  readonly maxStorageBytes: number | null;
  readonly eventRetentionDays: number | null;
  readonly keepContextVersions: number | null;
}

export type LimitName = keyof WorkspaceLimits;
export type LimitTexts = Readonly<Record<LimitName, string>>;

/** How far each goes: the API's own bounds, storage in MB. */
export const MOST: Readonly<Record<LimitName, number>> = {
  maxAgents: 10_000_000,
  maxRunningAgents: 10_000_000,
  maxRunningTasks: 10_000_000,
  maxTasksPerMinute: 100_000_000,
  maxContexts: 100_000_000,
  maxStorageBytes: 1_000_000_000,
  eventRetentionDays: 36_500,
  keepContextVersions: 1_000_000,
};

export const LIMIT_NAMES = Object.keys(MOST) as LimitName[];
/** How long what happened is kept; the others are how much there may be. */
export const RETENTION_NAMES: readonly LimitName[] = ["eventRetentionDays", "keepContextVersions"];

/** People think of storage in MB. */
const UNIT: Readonly<Partial<Record<LimitName, number>>> = { maxStorageBytes: 1_048_576 };

export function textsOf(limits: WorkspaceLimits): LimitTexts {
  const text = (name: LimitName) => {
    const value = limits[name];
    return value === null ? "" : String(Number((value / (UNIT[name] ?? 1)).toFixed(3)));
  };
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, text(name)])) as LimitTexts;
}

/** What is wrong with a text; null: nothing. An empty one stands for no limit. */
export function problemOf(name: LimitName, text: string): string | null {
  const given = text.trim();
  if (given === "") return null;
  const number = Number(given);
  const fits =
    UNIT[name] === undefined ? /^\d+$/.test(given) && number >= 1 : /^\d+(\.\d+)?$/.test(given) && number > 0;
  if (fits && number <= MOST[name]) return null;
  const kind = UNIT[name] === undefined ? "a whole number from 1" : "a number above 0, up";
  return `Must be ${kind} to ${MOST[name].toLocaleString("en-GB")}, or empty.`;
}

/** What has to be changed for the texts to hold; null: something is wrong with them. */
export function changesOf(limits: WorkspaceLimits, texts: LimitTexts): Partial<WorkspaceLimits> | null {
  if (LIMIT_NAMES.some((name) => problemOf(name, texts[name]) !== null)) return null;
  const before = textsOf(limits);
  const changed = LIMIT_NAMES.filter((name) => texts[name].trim() !== before[name]);
  const wanted = changed.map((name): [LimitName, number | null] => {
    const text = texts[name].trim();
    return [name, text === "" ? null : Math.max(1, Math.round(Number(text) * (UNIT[name] ?? 1)))];
  });
  return Object.fromEntries(wanted.filter(([name, value]) => value !== limits[name]));
}

/** What a change removes for good: the limits that become narrower. */
export function narrowed(limits: WorkspaceLimits, changes: Partial<WorkspaceLimits>): LimitName[] {
  return (["eventRetentionDays", "keepContextVersions"] as const).filter((name) => {
    const to = changes[name];
    const from = limits[name];
    return typeof to === "number" && (from === null || to < from);
  });
}
