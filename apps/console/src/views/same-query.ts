/** Whether two queries of an address say the same, in whatever order. */
export function sameQuery(one: string, other: string): boolean {
  return inOrder(one) === inOrder(other);
}

function inOrder(query: string): string {
  const params = new URLSearchParams(query);
  params.sort();
  return params.toString();
}
