import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";

/** There is no task yet: what one is, and how the first one comes to be. */
export function EmptyTasks() {
  return (
    <Card>
      <Empty title="There is no task yet">
        A task is a piece of work for an agent. Create one here, from a schedule, or from a program with{" "}
        <code className="font-mono text-sm">createTask</code>: it is shown here from then on, with every attempt, what
        it gave back, and why it does not run while it waits.
      </Empty>
    </Card>
  );
}
