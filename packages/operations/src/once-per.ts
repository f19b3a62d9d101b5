import { processOf, type Runtime } from "./runtime.ts";

/** Something there is one of for each object (a runtime, its settings): made when it is first asked for, gone with the object. */
export function oncePer<Key extends object, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new WeakMap<Key, Made>();
  return (key) => {
    const present = made.get(key) ?? make(key);
    made.set(key, present);
    return present;
  };
}

/** One for each process, whoever asks: of calls that are written or read together, and of what is remembered for all. */
export function oncePerProcess<Made>(make: (runtime: Runtime) => Made): (runtime: Runtime) => Made {
  const ofProcess = oncePer(make);
  return (runtime) => ofProcess(processOf(runtime));
}
