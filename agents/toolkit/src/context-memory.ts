import type { ContextHandle, Contexts } from "@muster/agent/contexts.ts";

/** Which context: by its name, of the agent itself or shared by its project. */
export interface RememberedContext {
  readonly name: string;
  readonly shared: boolean;
}

/**
 * What an agent process has in mind of a context: its copy of the newest version that it has seen. Kept up to date by
 * onContextChanged, it is what rollbacks are about: one has succeeded when every copy is what was rolled back to.
 */
export class ContextMemory<Value> {
  readonly context: RememberedContext;
  readonly #read: (data: unknown) => Value;
  #version = -1;
  #value: Value;

  /** @param read what data means, null that of a new context; throws when it means nothing to this agent */
  constructor(context: RememberedContext, read: (data: unknown) => Value) {
    this.context = context;
    this.#read = read;
    this.#value = read(null);
  }

  get value(): Value {
    return this.#value;
  }

  /** Reads the context. Throws what `read` throws, and keeps what it knew. */
  async load(contexts: Contexts): Promise<void> {
    const { version, data } = await (await this.#open(contexts)).read();
    this.replace(version, data);
  }

  /**
   * Takes over a version, unless a newer one is known already. A rollback is a newer version with older data. Throws what `read`
   * throws, and keeps what it knew.
   */
  replace(version: number, data: unknown): void {
    const value = this.#read(data);
    if (version < this.#version) return;
    this.#version = version;
    this.#value = value;
  }

  /**
   * Writes what `change` makes of the newest value, again when somebody else wrote meanwhile; undefined leaves it as it is. Answers
   * the version.
   */
  async update(
    contexts: Contexts,
    change: (value: Value, isNew: boolean) => Value | undefined,
    message: string,
  ): Promise<number> {
    const context = await this.#open(contexts);
    let data: unknown;
    const { version } = await context.update(
      (present) => {
        const changed = change(this.#read(present), present === null);
        data = changed ?? present;
        return changed;
      },
      { message },
    );
    this.replace(version, data);
    return version;
  }

  forget(): void {
    this.#version = -1;
    this.#value = this.#read(null);
  }

  #open(contexts: Contexts): Promise<ContextHandle> {
    return contexts.open(this.context.name, { shared: this.context.shared });
  }
}
