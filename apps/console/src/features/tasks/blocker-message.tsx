import Link from "next/link";
import { exactText } from "#components/time.tsx";
import { blockerWords } from "#features/tasks/blocker-words.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface BlockerMessageProps {
  readonly project: ProjectRoute;
  readonly blocker: {
    readonly message: string;
    readonly task: { readonly id: string; readonly title: string } | null;
  };
}

/** The API's sentence. A task that it names by its id is named by its title, and leads there. */
export function BlockerMessage({ project, blocker: { message, task } }: BlockerMessageProps) {
  return (
    <span className="wrap-anywhere">
      {blockerWords(message).map((word, place) => {
        if (typeof word === "string") return word;
        if ("at" in word) return <Moment key={place} at={word.at} />;
        return (
          <Link key={place} href={routes.task(project, word.task)} className="font-[550] text-accent">
            {task?.id === word.task ? task.title : word.task}
          </Link>
        );
      })}
    </span>
  );
}

function Moment({ at }: { readonly at: string }) {
  const [day = "", clock = ""] = exactText(at).split(" (")[0]?.split(", ") ?? [];
  const today = exactText(new Date().toISOString()).startsWith(day);
  return (
    <time dateTime={at} title={exactText(at)} className="whitespace-nowrap tabular-nums">
      {today ? "" : `${day}, `}
      {clock.slice(0, 8)}
    </time>
  );
}
