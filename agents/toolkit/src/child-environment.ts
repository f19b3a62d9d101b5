/**
 * Variables that a child process must not inherit: the agent's own credential (the child may run code of the repository
 * under test), what git hooks set to point git elsewhere, and marks that would make a nested test run report to an outer one.
 */
const withheld =
  /^(MUSTER_.*|GIT_(?!EXEC_PATH|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_|VALUE_)).*|NODE_TEST_CONTEXT|NODE_CHANNEL_FD|NODE_V8_COVERAGE|NODE_ENV|VITEST.*)$/;

/** The environment of a child process: the agent's, without what is withheld, and with the given variables. */
export function childEnvironment(
  additions: Readonly<Record<string, string>> = {},
  inherited: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => !withheld.test(name));
  return { ...Object.fromEntries(kept), ...additions };
}
