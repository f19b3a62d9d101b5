import type { Metadata } from "next";
import { WebhookPage } from "#features/webhooks/webhook-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Webhook" };

interface WebhookPageProps {
  readonly params: Promise<ProjectRoute & { readonly webhook: string }>;
}

export default async function Page({ params }: WebhookPageProps) {
  const { workspace, project, webhook } = await params;
  return <WebhookPage project={{ workspace, project }} id={decodeURIComponent(webhook)} />;
}
