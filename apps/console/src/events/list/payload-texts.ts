const LONGEST = 60;

/** What a payload has, in short: "number: 41", "hash: 03b0bad43af6…". What is empty is left out. */
export function payloadTexts(payload: unknown): string[] {
  if (typeof payload !== "object" || payload === null) return payload === null ? [] : [shortened(payload)];
  return Object.entries(payload)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${shortened(value)}`);
}

function shortened(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (/^[0-9a-f]{40,}$/.test(text)) return `${text.slice(0, 12)}…`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
