"use client";
import { pick, useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

/** The editors in the console's typeface and size; GraphiQL has no setting for them. */
export function EditorType() {
  const { queryEditor, variableEditor, responseEditor } = useGraphiQL(
    pick("queryEditor", "variableEditor", "responseEditor"),
  );
  useEffect(() => {
    const fontFamily = getComputedStyle(document.documentElement).getPropertyValue("--font-mono");
    for (const editor of [queryEditor, variableEditor, responseEditor]) {
      editor?.updateOptions({ fontFamily, fontSize: 13, lineHeight: 20 });
    }
  }, [queryEditor, variableEditor, responseEditor]);
  return null;
}
