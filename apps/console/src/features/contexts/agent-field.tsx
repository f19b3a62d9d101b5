"use client";
import { useEffect, useId, useRef, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const AgentsQuery = graphql(`
  query AgentsByName($path: String!, $search: String!) {
    project(path: $path) {
      id
      agents(first: 10, filter: { search: $search }) {
        edges {
          node {
            id
            name
          }
        }
      }
    }
  }
`);

const PAUSE_MS = 200;

interface AgentFieldProps {
  readonly project: ProjectRoute;
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly placeholder?: string;
  readonly hint?: string;
  /** An agent's name to begin with. */
  readonly name?: string;
  /** Told the agent's id once its whole name stands there, null while there is nothing, undefined while it is nobody's name. */
  readonly onAgent: (id: string | null | undefined) => void;
}

/** One of the project's agents, by its name: however many there are, ten that match are offered. */
export function AgentField({
  project,
  label,
  labelHidden = false,
  placeholder,
  hint,
  name = "",
  onAgent,
}: AgentFieldProps) {
  const id = useId();
  const [text, setText] = useState(name);
  const [search, setSearch] = useState(name);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const [{ data, fetching }] = useQuery({
    query: AgentsQuery,
    variables: { path: projectPath(project), search },
    pause: search === "",
    requestPolicy: "cache-and-network",
  });
  const offered = search === "" ? [] : (data?.project?.agents.edges.map(({ node }) => node) ?? []);
  const named = text.trim();
  const found = named === "" ? null : offered.find((agent) => agent.name === named)?.id;
  const tell = useRef(onAgent);
  tell.current = onAgent;
  useEffect(() => tell.current(found), [found]);
  const unknown = named !== "" && found === undefined && !fetching && search === named;
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className={labelHidden ? "sr-only" : "font-[550]"}>
        {label}
      </label>
      <input
        id={id}
        list={`${id}-agents`}
        value={text}
        placeholder={placeholder}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}-says`}
        onChange={(event) => setText(event.target.value)}
        className="w-full rounded-md border border-line-strong bg-surface px-2.5 py-1 placeholder:text-faint"
      />
      <datalist id={`${id}-agents`}>
        {offered.map((agent) => (
          <option key={agent.id} value={agent.name}>
            {agent.name}
          </option>
        ))}
      </datalist>
      <p id={`${id}-says`} className={`text-sm empty:hidden ${unknown ? "text-danger" : "text-faint"}`}>
        {unknown ? "No agent has this name." : hint}
      </p>
    </div>
  );
}
