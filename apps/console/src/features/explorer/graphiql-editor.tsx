"use client";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./graphiql-editor.css";
import "graphiql/setup-workers/webpack";
import { GraphiQL } from "graphiql";
import { useEffect, useState } from "react";
import { EditorType } from "#features/explorer/editor-type.tsx";
import { createFetcher } from "#features/explorer/fetcher.ts";
import { firstTabs } from "#features/explorer/first-tabs.ts";
import { projectStorage } from "#features/explorer/project-storage.ts";
import { useColorScheme } from "#features/explorer/color-scheme.ts";

interface GraphiQLEditorProps {
  readonly projectId: string;
  /** "demo/app" */
  readonly path: string;
}

/** GraphiQL as part of the page. The cookie says who asks. */
export default function GraphiQLEditor({ projectId, path }: GraphiQLEditorProps) {
  const [{ fetcher, close }] = useState(() => createFetcher(location.origin));
  const [storage] = useState(() => projectStorage(localStorage, projectId));
  const scheme = useColorScheme();
  useEffect(() => close, [close]);
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      defaultTabs={firstTabs({ id: projectId, path })}
      forcedTheme={scheme}
      isHeadersEditorEnabled={false}
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      defaultEditorToolsVisibility="variables"
    >
      <EditorType />
    </GraphiQL>
  );
}
