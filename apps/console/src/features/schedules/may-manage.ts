/** Whether the reader may change schedules, and not only see them. */
export function mayManage(permissions: readonly string[] | undefined): boolean {
  return permissions?.includes("schedule.manage") ?? false;
}

export const MAY_NOT = "You lack the permission schedule.manage.";
