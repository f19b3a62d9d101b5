import Link from "next/link";
import { Empty } from "#components/notice.tsx";
import { routes } from "#routes.ts";

export default function NotFound() {
  return (
    <main>
      <Empty title="There is no page here">
        <Link href={routes.home()} className="text-accent underline">
          Go to the fleet
        </Link>
      </Empty>
    </main>
  );
}
