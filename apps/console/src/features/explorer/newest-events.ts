const MOST = 50;

type Frame = { readonly __typename?: string; readonly event?: unknown } | null;

/**
 * GraphiQL shows a subscription's last result only, and in a feed that is mostly a bookmark: this makes of each frame the
 * events so far, the newest first, 50 at most. Other results stay as they are.
 */
export function createNewestEvents(): <Result extends { readonly data?: unknown }>(result: Result) => Result | object {
  const newestFirst: unknown[] = [];
  return (result) => {
    const frame = Object.values((result.data ?? {}) as Record<string, Frame>)[0];
    if (frame?.__typename === "EventDelivery") {
      newestFirst.unshift(frame.event ?? frame);
      newestFirst.length = Math.min(newestFirst.length, MOST);
    } else if (frame?.__typename !== "Bookmark") {
      return result;
    }
    return { data: { newestFirst: [...newestFirst] } };
  };
}
