"use client";
import { graphql } from "#api/generated/gql.ts";
import { buttonClass } from "#components/button.tsx";
import { JsonViewer } from "#components/json/json-viewer.tsx";
import { Loading } from "#components/notice.tsx";
import { ViewLink } from "#features/contexts/context-view.tsx";
import { VerifyButton } from "#features/contexts/verify-button.tsx";
import { VersionProblem } from "#features/contexts/version-problem.tsx";
import { historyOf } from "#features/contexts/version-view.ts";
import { useAnswer } from "#live/use-answer.ts";

const DataQuery = graphql(`
  query ContextVersionData($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on ContextVersion {
        data
      }
    }
  }
`);

interface VersionDataProps {
  /** The version's id. */
  readonly id: string;
  readonly number: number;
  /** The context's name. */
  readonly name: string;
  readonly className: string;
}

/** What a version holds. Asked for beside its record, which stays readable when the data is gone. */
export function VersionData({ id, number, name, className }: VersionDataProps) {
  const { data, error } = useAnswer(DataQuery, { id });
  if (error) return <VersionProblem error={error} verify={<VerifyButton />} />;
  if (data?.node?.__typename !== "ContextVersion") return <Loading />;
  return (
    <JsonViewer
      value={data.node.data}
      file={`${name.replaceAll(/[^\w.-]+/g, "-")}-${number}`}
      className={className}
      renderActions={(pointer) => (
        <ViewLink to={{ history: historyOf(pointer) }} className={buttonClass()}>
          Who changed this
        </ViewLink>
      )}
    />
  );
}
