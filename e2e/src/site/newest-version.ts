import type { Api } from "./api.ts";

/** What a context's newest version holds. */
export async function newestVersion(
  api: Api,
  id: string,
): Promise<{ number: number; data: unknown; mergedFrom: number }> {
  const { node } = await api.query<{ node: { current: { number: number; data: unknown; mergedFrom: number } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Context { current: versionAt(time: "2100-01-01T00:00:00Z") { number data mergedFrom } } } }`,
    { id },
  );
  return node.current;
}
