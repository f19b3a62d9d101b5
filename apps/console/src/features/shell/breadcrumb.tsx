"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { usePageName } from "#components/page-name.ts";
import { projectPages } from "#features/shell/project-pages.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

/** Where this page belongs: project, list, and what of the list is open. */
export function Breadcrumb({ current }: { readonly current: ProjectRoute }) {
  const pathname = usePathname();
  const open = usePageName();
  const page = projectPages(current)
    .flatMap(({ pages }) => pages)
    .find(({ covers }) => covers(pathname));
  return (
    <nav aria-label="Breadcrumb" className="hidden min-w-0 md:block">
      <ol className="flex gap-2 text-faint">
        <li className="truncate">
          <Link href={routes.overview(current)} className="hover:text-ink">
            {projectPath(current)}
          </Link>
        </li>
        {page && (
          <li className="flex gap-2">
            <span aria-hidden>/</span>
            <Link
              href={page.href}
              aria-current={page.href === pathname ? "page" : undefined}
              className={page.href === pathname ? "font-[550] text-ink" : "hover:text-ink"}
            >
              {page.name}
            </Link>
          </li>
        )}
        {page && open !== null && (
          <li className="flex min-w-0 gap-2">
            <span aria-hidden>/</span>
            <span aria-current="page" title={open} className="max-w-80 truncate font-[550] text-ink">
              {open}
            </span>
          </li>
        )}
      </ol>
    </nav>
  );
}
