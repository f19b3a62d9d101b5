import type { ReactNode } from "react";
import { ApiProvider } from "#api/api-provider.tsx";
import { ClientOnly } from "#components/client-only.tsx";
import { Loading } from "#components/notice.tsx";

export default function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  return (
    <ClientOnly fallback={<Loading label="Opening the console" />}>
      <ApiProvider>{children}</ApiProvider>
    </ClientOnly>
  );
}
