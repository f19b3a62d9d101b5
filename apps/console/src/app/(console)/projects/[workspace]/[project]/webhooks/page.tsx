import type { Metadata } from "next";
import { WebhooksPage } from "#features/webhooks/webhooks-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Webhooks" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  return <WebhooksPage project={await params} />;
}
