import type { Lifecycle } from "@muster/domain/lifecycle.ts";

type AnyLifecycle<Action extends string> = Lifecycle<string, Action, string>;

/** A list of names (states, actions) as an SQL array. They are constants of the code, never input. */
export function sqlArray(names: readonly string[]): string {
  return `array[${names.map((name) => `'${name}'`).join(", ")}]::text[]`;
}

/** The moves of these actions as rows for `from`: `(values (action, origin, target), …) as <alias>(action, origin, target)`. */
export function movesTable<Action extends string>(
  lifecycle: AnyLifecycle<Action>,
  actions: readonly Action[],
  alias: string,
): string {
  const rows = lifecycle.rules
    .filter((rule) => actions.includes(rule.action))
    .flatMap((rule) => rule.from.map((from) => `('${rule.action}', '${from}', '${rule.to}')`));
  return `(values ${rows.join(", ")}) as ${alias}(action, origin, target)`;
}

/** An SQL expression: where `action` leads from the state in `column`, or null when it is not allowed there. */
export function targetOf<Action extends string>(
  lifecycle: AnyLifecycle<Action>,
  action: Action,
  column: string,
): string {
  const moves = lifecycle.rules
    .filter((rule) => rule.action === action)
    .flatMap((rule) => rule.from.map((from) => `when '${from}' then '${rule.to}'`));
  return `(case ${column} ${moves.join(" ")} end)`;
}
