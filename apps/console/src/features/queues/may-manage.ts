/** Whether the reader may pause and limit queues and set rate limits. */
export function mayManage(permissions: readonly string[] | undefined): boolean {
  return permissions?.includes("queue.manage") ?? false;
}

export const MAY_NOT = "You lack the permission queue.manage.";
