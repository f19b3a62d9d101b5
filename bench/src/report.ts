/** One measured figure, under its fixed name. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Prints figures as a table for people, or, with `json`, one line of JSON each and nothing else. */
export function printFigures(title: string, figures: readonly Figure[], json: boolean): void {
  if (json) {
    for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
    return;
  }
  const width = Math.max(...figures.map((figure) => figure.name.length));
  process.stdout.write(`\n${title}\n`);
  for (const { name, value, unit } of figures) {
    process.stdout.write(`  ${name.padEnd(width)}  ${formatValue(value).padStart(10)} ${unit}\n`);
  }
}

function formatValue(value: number): string {
  if (Number.isInteger(value) || value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** Progress for people; kept off standard output, which is for figures. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
