import Link from "next/link";
import { Empty } from "#components/notice.tsx";
import { routes } from "#routes.ts";

export default function NotFound() {
  return (
    <main>
      <h1 className="sr-only">There is no such page</h1>
      <Empty title="There is no page here">
        <Link href={routes.home()} className="text-accent underline">
          Go to your first project
        </Link>
      </Empty>
    </main>
  );
}
