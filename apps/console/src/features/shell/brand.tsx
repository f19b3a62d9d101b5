import Link from "next/link";
import { routes } from "#routes.ts";

/** The way home. `className` says how it is displayed, and where. */
export function Brand({ className }: { readonly className: string }) {
  return (
    <Link
      href={routes.home()}
      className={`items-center gap-2 rounded-md p-1 text-[14px] font-[650] tracking-tight md:px-2 ${className}`}
    >
      <span
        aria-hidden
        className="size-[18px] rounded-[5px] bg-conic-[from_210deg] from-online via-busy to-deploying"
      />
      <span className="sr-only min-[480px]:not-sr-only">Muster</span>
    </Link>
  );
}
