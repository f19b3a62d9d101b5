/** One row of a lifecycle: `action`, when one of `firedBy` asks for it, moves a subject from any of `from` to `to`. */
export interface Rule<State extends string, Action extends string, Trigger extends string> {
  readonly action: Action;
  readonly firedBy: readonly Trigger[];
  readonly from: readonly State[];
  readonly to: State;
  /** The states of `from` in which the action waits for running work to end, unless it is asked for with mode NOW. */
  readonly drains?: readonly State[];
  /** What makes it fire, where the action alone does not say. */
  readonly note?: string;
}

/** A lifecycle is data: everything that depends on states and actions is derived from it. */
export interface Lifecycle<State extends string, Action extends string, Trigger extends string> {
  readonly name: string;
  readonly states: readonly State[];
  readonly actions: readonly Action[];
  /** States that a new subject may have, with the action that creates it where the lifecycle names one. */
  readonly initial: readonly State[];
  readonly rules: readonly Rule<State, Action, Trigger>[];
}

/** The moves of one action as two parallel lists, as SQL takes them: `from[i]` leads to `to[i]`. */
export interface Moves<State extends string> {
  readonly from: readonly State[];
  readonly to: readonly State[];
}

/** The state that `action` leads to from `state`, or null when it is not allowed there. */
export function nextState<State extends string, Action extends string, Trigger extends string>(
  lifecycle: Lifecycle<State, Action, Trigger>,
  state: State,
  action: Action,
): State | null {
  return lifecycle.rules.find((rule) => rule.action === action && rule.from.includes(state))?.to ?? null;
}

/** Every (from, to) pair of `action`. */
export function movesOf<State extends string, Action extends string, Trigger extends string>(
  lifecycle: Lifecycle<State, Action, Trigger>,
  action: Action,
): Moves<State> {
  const pairs = lifecycle.rules
    .filter((rule) => rule.action === action)
    .flatMap((rule) => rule.from.map((from) => ({ from, to: rule.to })));
  return { from: pairs.map((pair) => pair.from), to: pairs.map((pair) => pair.to) };
}

/** The actions that `trigger` may fire from `state`, in the lifecycle's order. */
export function allowedActions<State extends string, Action extends string, Trigger extends string>(
  lifecycle: Lifecycle<State, Action, Trigger>,
  state: State,
  trigger: Trigger,
): Action[] {
  return lifecycle.actions.filter((action) =>
    lifecycle.rules.some(
      (rule) => rule.action === action && rule.firedBy.includes(trigger) && rule.from.includes(state),
    ),
  );
}

/** The actions that `trigger` can fire from some state. */
export function actionsOf<State extends string, Action extends string, Trigger extends string>(
  lifecycle: Lifecycle<State, Action, Trigger>,
  trigger: Trigger,
): Action[] {
  return lifecycle.actions.filter((action) =>
    lifecycle.rules.some((rule) => rule.action === action && rule.firedBy.includes(trigger)),
  );
}

/** The states in which `action` drains before it fires. */
export function drainingStates<State extends string, Action extends string, Trigger extends string>(
  lifecycle: Lifecycle<State, Action, Trigger>,
  action: Action,
): State[] {
  return lifecycle.rules.filter((rule) => rule.action === action).flatMap((rule) => [...(rule.drains ?? [])]);
}

/** States that no action leaves. */
export function finalStates<State extends string, Action extends string, Trigger extends string>(
  lifecycle: Lifecycle<State, Action, Trigger>,
): State[] {
  return lifecycle.states.filter((state) => !lifecycle.rules.some((rule) => rule.from.includes(state)));
}
