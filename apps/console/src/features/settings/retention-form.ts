/** What can be set about a workspace; null: no limit of its own. */
export interface WorkspaceLimits {
  readonly maxRunningTasks: number | null;
  readonly eventRetentionDays: number | null;
  readonly keepContextVersions: number | null;
}

export type LimitName = keyof WorkspaceLimits;
export type LimitTexts = Readonly<Record<LimitName, string>>;

/** How far each goes: the API's own bounds. */
export const MOST: Readonly<Record<LimitName, number>> = {
  maxRunningTasks: 10_000_000,
  eventRetentionDays: 36_500,
  keepContextVersions: 1_000_000,
};

export const LIMIT_NAMES = Object.keys(MOST) as LimitName[];

export function textsOf(limits: WorkspaceLimits): LimitTexts {
  const text = (name: LimitName) => limits[name]?.toString() ?? "";
  return {
    maxRunningTasks: text("maxRunningTasks"),
    eventRetentionDays: text("eventRetentionDays"),
    keepContextVersions: text("keepContextVersions"),
  };
}

/** What is wrong with a text; null: nothing. An empty one stands for no limit. */
export function problemOf(name: LimitName, text: string): string | null {
  const given = text.trim();
  if (given === "") return null;
  const number = Number(given);
  if (!/^\d+$/.test(given) || number < 1 || number > MOST[name]) {
    return `Must be a whole number from 1 to ${MOST[name].toLocaleString("en-GB")}, or empty.`;
  }
  return null;
}

/** What has to be changed for the texts to hold; null: something is wrong with them. */
export function changesOf(limits: WorkspaceLimits, texts: LimitTexts): Partial<WorkspaceLimits> | null {
  if (LIMIT_NAMES.some((name) => problemOf(name, texts[name]) !== null)) return null;
  const wanted = LIMIT_NAMES.map((name) => [name, texts[name].trim() === "" ? null : Number(texts[name])] as const);
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
