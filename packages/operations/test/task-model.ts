import {
  agentLifecycle,
  type AgentAction,
  type AgentState,
  HOLDING_STATES,
  WORKING_STATES,
} from "@muster/domain/agent-lifecycle.ts";
import { finalStates, nextState } from "@muster/domain/lifecycle.ts";
import { HELD_STATES, type TaskAction, taskLifecycle, type TaskState } from "@muster/domain/task-lifecycle.ts";
import { KEYS, type NewTask, ROOM } from "./task-steps.ts";

export interface ModelTask {
  readonly id: string;
  readonly made: NewTask;
  state: TaskState;
  version: number;
  attempt: number;
  failures: number;
  /** Stands in line by this. */
  since: number;
  delayed: boolean;
  deadline: boolean;
  /** Who holds it, or held it last. */
  worker: number | null;
}

interface ModelWorker {
  state: AgentState;
  draining: boolean;
}

const isHeld = ({ state }: ModelTask) => HELD_STATES.some((held) => held === state);
const isIn = (states: readonly AgentState[], state: AgentState) => states.includes(state);

/** What should happen to tasks and their agents, in memory and one thing after the other. */
export class Model {
  readonly tasks: ModelTask[] = [];
  readonly workers: ModelWorker[];
  readonly paused = new Set<string>();
  #clock = 0;

  constructor(workers: number) {
    this.workers = Array.from({ length: workers }, () => ({ state: "ONLINE", draining: false }));
  }

  create(id: string, made: NewTask): void {
    const { delayed, deadline } = made;
    const fresh = { state: "QUEUED", version: 1, attempt: 0, failures: 0, worker: null } as const;
    this.tasks.push({ id, made, ...fresh, since: ++this.#clock, delayed, deadline });
  }

  heldBy(worker: number): ModelTask[] {
    return this.tasks.filter((task) => isHeld(task) && task.worker === worker);
  }

  /** Moves a task, and its agent when that was the last one that it held. False when the lifecycle does not allow it. */
  move(task: ModelTask, action: TaskAction): boolean {
    const next = nextState(taskLifecycle, task.state, action);
    if (next === null) return false;
    const before = isHeld(task);
    task.state = next;
    task.version += 1;
    if (before && !isHeld(task)) this.#letGo(task.worker!);
    return true;
  }

  /** What an attempt that fails leads to. */
  fail(task: ModelTask, retryable: boolean): boolean {
    if (task.state !== "RUNNING") return this.move(task, "CONFIRM");
    task.failures += 1;
    if (!retryable || task.failures >= task.made.maxFailures) return this.move(task, "FAIL");
    task.since = ++this.#clock;
    return this.move(task, "RETRY");
  }

  comesDue(task: ModelTask): boolean {
    if (task.state !== "QUEUED" || !task.delayed) return false;
    task.delayed = false;
    task.since = ++this.#clock;
    return true;
  }

  /** The tasks that an agent is given, in order: of all that it can take the highest priority, then the oldest. */
  claim(worker: number, max: number): ModelTask[] {
    const agent = this.workers[worker]!;
    const given: ModelTask[] = [];
    if (!isIn(WORKING_STATES, agent.state) || agent.draining) return given;
    const inOrder = this.tasks.toSorted((a, b) => b.made.priority - a.made.priority || a.since - b.since);
    let room = Math.min(max, ROOM - this.heldBy(worker).length);
    for (const task of inOrder) {
      if (room === 0) break;
      if (!this.#isReady(task) || !canTake(worker, task)) continue;
      this.move(task, "ASSIGN");
      task.attempt += 1;
      task.worker = worker;
      agent.state = nextState(agentLifecycle, agent.state, "ASSIGN") ?? agent.state;
      given.push(task);
      room -= 1;
    }
    return given;
  }

  /** An agent's own action, with all that follows for what it holds. False when the lifecycle does not allow it. */
  moveAgent(worker: number, action: AgentAction): boolean {
    const agent = this.workers[worker]!;
    const next = nextState(agentLifecycle, agent.state, action);
    if (next === null) return false;
    const held = this.heldBy(worker);
    if (action === "SUSPEND" && agent.state === "BUSY") {
      agent.draining = true;
      return true;
    }
    agent.state = next;
    // An operator's action takes the place of what is pending.
    if (action === "STOP" || action === "SUSPEND") agent.draining = false;
    if (!isIn(HOLDING_STATES, next)) {
      for (const task of held) {
        if (task.state === "ASSIGNED") this.move(task, "RETURN");
        else this.fail(task, true);
      }
    } else if (held.length > 0) {
      agent.state = nextState(agentLifecycle, next, "ASSIGN") ?? next;
    } else this.#fire(agent);
    return true;
  }

  get ended(): ModelTask[] {
    return this.tasks.filter(({ state }) => finalStates(taskLifecycle).includes(state));
  }

  #isReady(task: ModelTask): boolean {
    if (task.state !== "QUEUED" || task.delayed || this.paused.has(task.made.queue)) return false;
    const { key } = task.made;
    return key === null || this.tasks.filter((other) => other.made.key === key && isHeld(other)).length < KEYS[key];
  }

  #letGo(worker: number): void {
    const agent = this.workers[worker]!;
    if (this.heldBy(worker).length > 0) return;
    agent.state = nextState(agentLifecycle, agent.state, "RELEASE") ?? agent.state;
    this.#fire(agent);
  }

  #fire(agent: ModelWorker): void {
    const next = nextState(agentLifecycle, agent.state, "SUSPEND");
    if (!agent.draining || next === null) return;
    agent.state = next;
    agent.draining = false;
  }
}

/** The last worker can do both kinds. */
function canTake(worker: number, { made }: ModelTask): boolean {
  if (made.target !== null) return made.target === worker;
  return made.kind === "build" || worker === 2;
}
