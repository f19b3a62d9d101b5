/** A node of a plan as `explain (analyze, buffers, format json)` gives it. Buffers are those of the node and all below it. */
export interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Subplan Name"?: string;
  readonly "CTE Name"?: string;
  readonly Operation?: string;
  readonly "Index Cond"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Join Filter"?: number;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

/** The node and all below it, from the top. */
export function* nodesOf(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}

/** How many pages a node and those below it looked at, those that they wrote included. */
function buffersBelow(node: PlanNode): number {
  return node["Shared Hit Blocks"] + node["Shared Read Blocks"];
}

/** The same for a whole statement: the parts that write and that nobody reads are run after the rest, and count for themselves. */
export function buffersOf(plan: PlanNode): number {
  const nodes = [...nodesOf(plan)];
  const read = new Set(nodes.map((node) => `CTE ${node["CTE Name"]}`));
  const unread = nodes.filter(({ "Subplan Name": name }) => name?.startsWith("CTE ") && !read.has(name));
  return [plan, ...unread].reduce((sum, node) => sum + buffersBelow(node), 0);
}

const rowsOf = (node: PlanNode) => node["Actual Rows"] * node["Actual Loops"];

/** Tables that grow with use: whoever reads one of them from one end to the other is slower every day. */
const LARGE_TABLE = /^(tasks|agents|events(_\d+)?)$/;

/**
 * What is wrong with a plan for a statement about `tasks` tasks: it reads or sorts more than it is about, however it may look while
 * the tables are small.
 */
export function faultsOf(plan: PlanNode, tasks: number): string[] {
  const most = 4 * tasks + 1_000;
  return [...nodesOf(plan)].flatMap((node) => {
    const { "Node Type": type, "Relation Name": relation = "", "Index Name": index } = node;
    const removed =
      ((node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Join Filter"] ?? 0)) * node["Actual Loops"];
    const where = index ? `${relation} by ${index}` : relation;
    if (type === "Seq Scan" && LARGE_TABLE.test(relation)) return [`Seq Scan on ${relation}`];
    if (type === "Bitmap Heap Scan" && LARGE_TABLE.test(relation)) return [`Bitmap Heap Scan on ${relation}`];
    // By an index that has the id somewhere behind other columns, all of it is read to find one.
    if (relation === "tasks" && index && index !== "tasks_pkey" && node["Actual Loops"] >= tasks)
      return [`${type} ${where} looks tasks up one by one, which is for tasks_pkey`];
    if (removed > most) return [`${type} ${where} looks at ${removed} rows in vain`];
    if (LARGE_TABLE.test(relation) && index && rowsOf(node) > most)
      return [`${type} ${where} reads ${rowsOf(node)} rows`];
    if (type.endsWith("Sort") && rowsOf(node) > most) return [`${type} of ${rowsOf(node)} rows`];
    return [];
  });
}

/** The plan as text: what each node reads, how many rows it gives in all, and how many buffers it and what is below it touch. */
export function drawPlan(plan: PlanNode, depth = 0): string {
  const { "Node Type": type, "Subplan Name": subplan, "Index Name": index, Operation: operation } = plan;
  const of = plan["Relation Name"] ?? plan["CTE Name"];
  const name = [
    subplan ? `[${subplan}] ` : "",
    type === "ModifyTable" ? operation : type,
    of ? ` on ${of}` : "",
    index ? ` by ${index}` : "",
  ].join("");
  const buffers = buffersBelow(plan);
  const rows = plan["Actual Loops"] === 0 ? "never run" : `${Math.round(rowsOf(plan))} rows`;
  const line = `${"  ".repeat(depth)}${name}: ${rows}${buffers > 0 ? `, ${buffers} buffers` : ""}`;
  return [line, ...(plan.Plans ?? []).map((child) => drawPlan(child, depth + 1))].join("\n");
}
