/** Whether the reader may change webhooks, and not only see them. */
export function mayManage(permissions: readonly string[] | undefined): boolean {
  return permissions?.includes("webhook.manage") ?? false;
}
