import type { Metadata } from "next";
import { QueuesPage } from "#features/queues/queues-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Queues" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  return <QueuesPage project={await params} />;
}
