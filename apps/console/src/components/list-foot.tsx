import { type PageEnds, pagesBeside, type PageView } from "#api/page-view.ts";
import { numberText } from "#components/number-text.ts";
import { Pager } from "#components/pager.tsx";

interface ListFootProps {
  /** What one of the list is: "webhook". */
  readonly one: string;
  /** What more of them are, where that is not with an s. */
  readonly many?: string;
  readonly list: {
    readonly totalCount: number;
    /** There are more than were counted. */
    readonly totalIsCapped?: boolean;
    readonly pageInfo: PageEnds;
  };
  readonly hrefOf: (page: PageView) => string;
  readonly className?: string;
}

/** How many a list has, and the way to the pages beside this one. */
export function ListFoot({
  one,
  many = `${one}s`,
  list: { totalCount, totalIsCapped, pageInfo },
  hrefOf,
  className = "",
}: ListFootProps) {
  return (
    <div className={`flex items-center justify-between gap-4 text-muted ${className}`}>
      <span className="tabular-nums">
        {totalCount === 1 ? `1 ${one}` : `${numberText(totalCount)}${totalIsCapped ? "+" : ""} ${many}`}
      </span>
      <Pager {...pagesBeside(pageInfo, hrefOf)} />
    </div>
  );
}
