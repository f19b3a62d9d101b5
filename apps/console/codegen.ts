import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types of every document in the console, from the API's schema alone. Run by `npm run generate`. */
const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/**/*.test.ts", "!src/api/generated/**"],
  generates: {
    "src/api/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: { unmaskFunctionName: "readFragment" }, persistedDocuments: true },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { DateTime: "string", JSON: "unknown" },
      },
    },
    "src/api/generated/possible-types.ts": {
      plugins: ["fragment-matcher"],
      config: { useExplicitTyping: false },
    },
  },
};

export default config;
