/** One of GraphiQL's tabs. `variables`: JSON. */
export interface Tab {
  readonly query: string;
  readonly variables?: string;
}

/** The tabs that a project's explorer opens with: what is there, something to do, and watching it. They run as they are. */
export function firstTabs(project: { readonly id: string; readonly path: string }): Tab[] {
  return [
    {
      query: `# Press Ctrl-Enter (Cmd-Enter) to run.
query Fleet {
  project(path: ${JSON.stringify(project.path)}) {
    agents(first: 10) {
      edges {
        node {
          name
          state
          activeTasks
          lastHeartbeatAt
        }
      }
    }
    tasks(first: 5) {
      edges {
        node {
          kind
          state
          progressMessage
          output
        }
      }
    }
  }
}
`,
    },
    {
      query: `# A task for an agent that can run tests. Watch it in the next tab.
mutation CreateTask($input: CreateTaskInput!) {
  createTask(input: $input) {
    ... on CreateTaskSuccess { data { id state } }
    ... on Error { code message }
  }
}
`,
      variables: json({ input: { projectId: project.id, kind: "test", input: { commit: "HEAD~3" } } }),
    },
    {
      query: `# Everything that happens in the project, as it happens; the newest first.
subscription Watch($project: ID!) {
  events(project: $project) {
    __typename
    ... on EventDelivery {
      event {
        type
        at
        actor { name }
        reason
        ... on TaskTransitioned {
          taskFrom: from
          taskTo: to
          task { id kind output }
          agent { name }
        }
        ... on AgentTransitioned {
          agentFrom: from
          agentTo: to
          agent { name }
        }
      }
    }
  }
}
`,
      variables: json({ project: project.id }),
    },
  ];
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
