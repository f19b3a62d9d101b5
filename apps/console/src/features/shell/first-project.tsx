"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { QueryState } from "#components/query-state.tsx";
import { Empty } from "#components/notice.tsx";
import { projectRoute, routes } from "#routes.ts";

const FirstProjectQuery = graphql(`
  query FirstProject {
    viewer {
      workspaces {
        id
        projects(first: 1) {
          edges {
            node {
              id
              path
            }
          }
        }
      }
    }
  }
`);

/** Goes on to the first project that the reader may see. */
export function FirstProject() {
  const router = useRouter();
  const [{ data, error }] = useQuery({ query: FirstProjectQuery });
  const path = data?.viewer.workspaces.flatMap(({ projects }) => projects.edges)[0]?.node.path;
  useEffect(() => {
    if (path !== undefined) router.replace(routes.overview(projectRoute(path)));
  }, [path, router]);
  return (
    <main className="mx-auto max-w-2xl p-6">
      <QueryState data={data} error={error}>
        {() =>
          path === undefined && (
            <Empty title="There is no project yet">
              Create one through the API with <code className="font-mono text-sm">createProject</code>, or run{" "}
              <code className="font-mono text-sm">npm start</code>, which brings the project demo/app with three agents.
            </Empty>
          )
        }
      </QueryState>
    </main>
  );
}
