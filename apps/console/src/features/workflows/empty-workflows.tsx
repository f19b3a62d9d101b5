import { FirstCall } from "#components/first-call.tsx";
import { Empty } from "#components/notice.tsx";

const CALL = `mutation ($projectId: ID!) {
  createWorkflow(input: {
    projectId: $projectId, name: "release 4.2", onFailure: CANCEL_ALL,
    tasks: [
      { step: "build", task: { kind: "build", input: {} } }
      { step: "test", dependsOn: ["build"], task: { kind: "test", input: {} } }
    ]
  }) { ... on CreateWorkflowSuccess { data { id } } ... on Error { message } }
}`;

/** Why there is no workflow, and how one comes to be. */
export function EmptyWorkflows({ filtered }: { readonly filtered: boolean }) {
  if (filtered) {
    return (
      <Empty title="No workflow matches now">
        Look for another beginning of a name, or choose other states. A workflow appears here as soon as it matches.
      </Empty>
    );
  }
  return (
    <Empty title="There is no workflow yet">
      <p>
        A workflow is a set of tasks that wait for each other: build, then test on five agents at once, then publish. It
        appears here, with its graph, as soon as somebody creates one.
      </p>
      <FirstCall makes="the first workflow" code={CALL} />
    </Empty>
  );
}
