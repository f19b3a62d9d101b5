import { agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import { formatId } from "@muster/domain/ids.ts";
import { nextState } from "@muster/domain/lifecycle.ts";
import type { SupervisedAgent } from "@muster/operations/supervision/supervised-agents.ts";
import type { SupervisorAction } from "./agent-moves.ts";
import { type AgentProcess, describeExit, type Exit } from "./agent-process.ts";
import type { KeeperHost } from "./keeper-host.ts";
import { PROCESS_NEED } from "./process-need.ts";
import type { ProcessSlot } from "./process-slot.ts";
import { isHopeless, limitOf, restartDelay, withFailure } from "./restart-policy.ts";

/**
 * Keeps one agent's process as its state asks (`PROCESS_NEED`), and its state true when the process ends by itself. The
 * row is offered whenever it is read; one thing is done at a time, and never on a row older than the newest one seen.
 */
export class AgentKeeper {
  readonly agentId: string;
  readonly #host: KeeperHost;
  readonly #slot: ProcessSlot;
  readonly #closing = new AbortController();
  #offered: SupervisedAgent | null | undefined;
  /** The newest row. */
  #seen: SupervisedAgent | null = null;
  #work: Promise<void> | null = null;
  /** An adopted process of which we do not know yet whether it may go on. */
  #unexamined: boolean;
  /** How long the last process had been up. */
  #upMs = 0;
  /** When to start it again after a failure, on the monotonic clock. */
  #restartAt: number | null = null;
  /** The agent's version after our own START: any other deployment was asked for by an operator. */
  #ownStart: number | null = null;
  #isDone = false;

  constructor(agentId: string, slot: ProcessSlot, host: KeeperHost) {
    this.agentId = agentId;
    this.#host = host;
    this.#slot = slot;
    this.#unexamined = slot.process !== null;
    void slot.process?.exited.then(() => host.wake());
  }

  /** Nothing is left to keep, as far as the rows offered tell. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** The agent's row as it was just read; null when there is none. */
  offer(row: SupervisedAgent | null): void {
    this.#isDone = false;
    this.#offered = row;
    if (this.#closing.signal.aborted) return;
    this.#work ??= this.#workOff().finally(() => {
      this.#work = null;
    });
  }

  /** Keeps the output file within its bound. */
  trimOutput(): Promise<void> {
    return this.#slot.trimOutput();
  }

  /** Ends the process because Muster stops, says so, and records that it is to run again. Nothing is kept from now on. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work;
    // First, in case that we are killed before the end.
    if (this.#slot.process?.exit === null) await this.#slot.save({ resume: true });
    await this.#slot.end({ patienceMs: 0 });
    while (true) {
      const row = await this.#host.read(this.agentId);
      const need = row ? PROCESS_NEED[row.state] : "none";
      if (need === "none") return this.#slot.remove();
      if (need === "restarted") return this.#slot.save({ resume: false });
      if (need === "parked" || (row && (await this.#host.move(row, "STOP", "Muster is shutting down.")))) {
        return this.#slot.save({ resume: true });
      }
    }
  }

  async #workOff(): Promise<void> {
    while (this.#offered !== undefined && !this.#closing.signal.aborted) {
      const row = this.#offered;
      this.#offered = undefined;
      if (row && this.#seen && row.version < this.#seen.version) continue;
      this.#seen = row;
      try {
        await this.#settle(row);
      } catch (error) {
        // The database or the disk is away: the next reading tries again.
        this.#host.log.warn({ ...this.#about(row), err: error }, "Could not look after an agent's process just now.");
      }
    }
  }

  async #settle(row: SupervisedAgent | null): Promise<void> {
    const { process, record } = this.#slot;
    if (row === null) return this.#release(process);
    if (process?.exit) return this.#ended(row, process, process.exit);
    if (process && this.#unexamined) return this.#examine(row);
    switch (PROCESS_NEED[row.state]) {
      case "fresh":
        if (!process) return this.#launch(row);
        if (record.process?.deployment !== row.version) return this.#retire();
        if (process.upMs() < this.#host.connectMs) return;
        return this.#fail(row, `Its process did not connect within ${Math.round(this.#host.connectMs / 1000)} s.`);
      case "running":
        if (process) return;
        // It was ended when Muster stopped, but its state could not be changed any more.
        return record.resume ? this.#resume(row, "RESTART") : this.#launch(row);
      case "parked":
        return process ? undefined : this.#launch(row);
      case "restarted":
        return process ? this.#retire() : this.#restart(row);
      case "none":
        if (!process && record.resume && nextState(agentLifecycle, row.state, "START"))
          return this.#resume(row, "START");
        return this.#release(process);
    }
  }

  async #launch(row: SupervisedAgent): Promise<void> {
    const program = this.#host.packageOf(row.definitionSlug);
    if (!program) return;
    if (!program.enabled) {
      const advice = `Enable it in ${program.folder}/muster.json, then START the agent.`;
      return this.#fail(row, `Its package is disabled. ${advice}`, true);
    }
    const failures = row.version === this.#ownStart ? this.#slot.record.failures : [];
    const environment = await this.#host.environment(row);
    try {
      const process = await this.#slot.launch(row, program, { url: this.#host.url, environment, failures });
      void process.exited.then(() => this.#host.wake());
      this.#host.log.info(this.#about(row), "Started an agent's process.");
    } catch (error) {
      await this.#fail(row, `Its process could not be started: ${(error as Error).message}`);
    }
  }

  /** Decides whether a process that an earlier supervisor left may go on. */
  async #examine(row: SupervisedAgent): Promise<void> {
    const program = this.#host.packageOf(row.definitionSlug);
    // One that had been told to stop already is on its way out.
    const isLeaving = this.#slot.record.resume;
    const mayGoOn = !isLeaving && (!program || !(await this.#slot.isOutdated(row, program, this.#host.url)));
    this.#host.log.info(
      this.#about(row),
      `${mayGoOn ? "Took over" : "Replacing"} an agent's process of an earlier run.`,
    );
    if (!mayGoOn) {
      await this.#slot.save({ resume: isLeaving || PROCESS_NEED[row.state] === "running" });
      await this.#slot.end({ patienceMs: 0 });
    }
    this.#unexamined = false;
    this.#host.wake();
  }

  /** A process has ended by itself, or an earlier run of Muster had told it to. */
  async #ended(row: SupervisedAgent, process: AgentProcess, exit: Exit): Promise<void> {
    this.#host.log.info(this.#about(row), `An agent's process ${describeExit(exit)}.`);
    this.#unexamined = false;
    this.#upMs = process.upMs();
    const { record } = this.#slot;
    const need = PROCESS_NEED[row.state];
    const wasReplaced = need === "fresh" && record.process?.deployment !== row.version;
    if (need === "none" || need === "restarted" || wasReplaced || record.resume) {
      await this.#slot.clear();
      this.#offered ??= row;
    } else if (exit.code === 0) {
      const moved = await this.#move(row, "STOP", "Its process exited with code 0.");
      if (moved) await this.#slot.clear();
    } else {
      await this.#fail(row, `Its process ${describeExit(exit)}.`);
    }
  }

  /** Brings the agent to ERROR. `isFinal`: there is no use in restarting it. */
  async #fail(row: SupervisedAgent, what: string, isFinal = false): Promise<void> {
    const { settings } = this.#host;
    const { process, record } = this.#slot;
    const need = PROCESS_NEED[row.state];
    // What never connected has not been up.
    const failures = withFailure(record.failures, Date.now(), need === "fresh" ? 0 : (process?.upMs() ?? 0), settings);
    const isParked = need === "parked";
    const advice = isHopeless(failures, settings)
      ? `It is no longer restarted, because it failed ${limitOf(settings)}: mend the cause, then START the agent.`
      : isParked
        ? `It is not restarted, because the agent was ${row.state}: START the agent when it is to work again.`
        : "";
    const output = process ? await this.#slot.lastLines() : "";
    const moved = await this.#move(
      row,
      "FAIL",
      [what, advice, output && `Last output:\n${output}`].filter(Boolean).join("\n"),
    );
    if (!moved) return;
    if (process?.exit) await this.#slot.clear();
    await this.#schedule(moved.version, failures, isFinal || isParked);
  }

  async #restart(row: SupervisedAgent): Promise<void> {
    const { record } = this.#slot;
    const { settings, log } = this.#host;
    // It is not to come back once it has failed and is stopped.
    if (record.resume) await this.#slot.save({ resume: false });
    if (row.version === record.heldVersion || !this.#host.packageOf(row.definitionSlug)?.enabled) return;
    if (row.version !== record.failedVersion) {
      // The agent itself, an operator or Muster has said that it has failed.
      await this.#schedule(row.version, withFailure(record.failures, Date.now(), this.#upMs, settings));
      if (this.#restartAt === null) log.warn(this.#about(row), "An agent failed too often and is no longer restarted.");
    } else if (this.#restartAt === null) {
      await this.#schedule(row.version, record.failures);
    }
    if (this.#restartAt === null || performance.now() < this.#restartAt) return;
    const reason = `Restarted after failure ${this.#slot.record.failures.length}; if it fails ${limitOf(settings)}, it is restarted no more.`;
    await this.#move(row, "START", reason);
  }

  /** Plans the next start after a failure, unless there is no use in it. */
  async #schedule(failedVersion: number, failures: number[], isFinal = false): Promise<void> {
    const { settings } = this.#host;
    const isHeld = isFinal || isHopeless(failures, settings);
    await this.#slot.save({ failures, failedVersion, heldVersion: isHeld ? failedVersion : null, resume: false });
    this.#restartAt = null;
    if (isHeld) return;
    const delay = restartDelay(failures.length, Math.random(), settings);
    this.#restartAt = performance.now() + delay;
    setTimeout(() => this.#host.wake(), delay).unref();
  }

  /** Starts again what was ended when Muster stopped. */
  async #resume(row: SupervisedAgent, action: "START" | "RESTART"): Promise<void> {
    if (await this.#move(row, action, "Muster has started again.")) await this.#slot.save({ resume: false });
  }

  /** Our own move is as good as a reading; when it is refused, the row has changed and has to be read. */
  async #move(row: SupervisedAgent, action: SupervisorAction, reason: string): Promise<SupervisedAgent | null> {
    const moved = await this.#host.move(row, action, reason);
    if (!moved) {
      this.#host.wake();
      return null;
    }
    // A reading that was under way is older.
    this.#seen = this.#offered = moved;
    if (PROCESS_NEED[moved.state] === "fresh") this.#ownStart = moved.version;
    return moved;
  }

  /** Waits for a process to go that is no longer wanted, and ends it when it does not. */
  async #retire(): Promise<void> {
    this.#upMs = this.#slot.process?.upMs() ?? 0;
    await this.#slot.end({ patienceMs: this.#host.settings.graceMs, hurry: this.#closing.signal });
    this.#host.wake();
  }

  #about(row: SupervisedAgent | null): Readonly<Record<string, unknown>> {
    const agentId = formatId("agent", this.agentId);
    return { agentId, agent: row?.name, state: row?.state, processId: this.#slot.process?.pid };
  }

  async #release(process: AgentProcess | null): Promise<void> {
    if (process) return this.#retire();
    await this.#slot.remove();
    this.#isDone = this.#offered === undefined;
  }
}
