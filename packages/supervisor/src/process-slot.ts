import { join } from "node:path";
import { formatId } from "@muster/domain/ids.ts";
import type { SupervisedAgent } from "@muster/operations/supervision/supervised-agents.ts";
import { type AgentPackage, hashEntry } from "./agent-package.ts";
import { adoptAgentProcess, type AgentProcess, endAgentProcess, startAgentProcess } from "./agent-process.ts";
import { lastLines, openOutput, trimOutput } from "./output-file.ts";
import { type ProcessRecord, recordFile, removeRecord, writeRecord } from "./process-record.ts";
import type { SupervisorSettings } from "./settings.ts";

interface Launch {
  /** Of the API. */
  readonly url: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The quick failures so far. */
  readonly failures: number[];
}

/** One agent's process, with what is on disk about it: its record and its output, in `<folder>/<agent's public id>/`. */
export class ProcessSlot {
  readonly #settings: SupervisorSettings;
  readonly #recordFile: string;
  readonly #output: string;
  #record: ProcessRecord;
  #process: AgentProcess | null = null;

  constructor(folder: string, agentId: string, record: ProcessRecord, settings: SupervisorSettings) {
    const publicId = formatId("agent", agentId);
    this.#settings = settings;
    this.#recordFile = recordFile(folder, publicId);
    this.#output = join(folder, publicId, "output.log");
    this.#record = record;
    if (record.process) this.#process = adoptAgentProcess(record.process, settings.watchMs);
  }

  get record(): ProcessRecord {
    return this.#record;
  }

  /** Also one that has ended, until `clear`. */
  get process(): AgentProcess | null {
    return this.#process;
  }

  /** Writes the changed record; in memory it counts even when the disk refuses it. */
  async save(change: Partial<ProcessRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    await writeRecord(this.#recordFile, this.#record);
  }

  /** Starts the package's program for this deployment. Throws when it cannot be started, or not be recorded. */
  async launch(
    row: SupervisedAgent,
    program: AgentPackage,
    { url, environment, failures }: Launch,
  ): Promise<AgentProcess> {
    const entryHash = await hashEntry(program);
    const { version: deployment, definitionVersion } = row;
    const title = `${program.slug} version ${definitionVersion}, ${new Date().toISOString()}`;
    await using output = await openOutput(this.#output, title);
    const { entry, folder } = program;
    const process = await startAgentProcess({ entry, folder, environment, output: output.fd });
    this.#process = process;
    try {
      const { pid, start } = process;
      const recorded = { pid, start, startedAt: Date.now(), deployment, definitionVersion, entryHash, url };
      await this.save({ process: recorded, failures, heldVersion: null, resume: false });
    } catch (error) {
      // Without a record nobody would find it after a crash of ours.
      await this.end({ patienceMs: 0 });
      throw error;
    }
    return process;
  }

  /** Whether the process runs another version of its program or definition than a new one would, or for another address. */
  async isOutdated(row: SupervisedAgent, program: AgentPackage, url: string): Promise<boolean> {
    const { process } = this.#record;
    if (process?.url !== url || process.definitionVersion !== row.definitionVersion) return true;
    return process.entryHash !== (await hashEntry(program));
  }

  /** Ends the process, if there is one; after `patienceMs` for going by itself, which `hurry` cuts short. */
  async end(options: { patienceMs: number; hurry?: AbortSignal }): Promise<void> {
    if (!this.#process) return;
    await endAgentProcess(this.#process, { ...options, graceMs: this.#settings.graceMs });
    await this.clear();
  }

  /** The process has ended, and what follows from that has been done. */
  async clear(): Promise<void> {
    this.#process = null;
    await this.save({ process: null });
  }

  lastLines(): Promise<string> {
    return lastLines(this.#output);
  }

  async trimOutput(): Promise<void> {
    if (this.#process) await trimOutput(this.#output, this.#settings.outputBytes);
  }

  /** Forgets the agent; its output stays, to be read. */
  async remove(): Promise<void> {
    await removeRecord(this.#recordFile);
  }
}
