export interface Queue<Value> {
  readonly length: number;
  push(value: Value): void;
  /** Nothing more will come; what is there can still be taken. */
  end(): void;
  /** The next value, waiting for it; null at the end. One reader at a time. */
  take(): Promise<{ readonly value: Value } | null>;
}

/** From callbacks to a loop: an unbounded queue whose owner watches `length`. */
export function createQueue<Value>(): Queue<Value> {
  const values: Value[] = [];
  let ended = false;
  let wake = () => {};
  return {
    get length() {
      return values.length;
    },
    push(value) {
      values.push(value);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async take() {
      while (values.length === 0) {
        if (ended) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return { value: values.shift() as Value };
    },
  };
}
