import { join } from "node:path";
import type { NextConfig } from "next";

const config: NextConfig = {
  // The launcher keeps each build in a folder of its own; a build by hand must not touch those.
  distDir: process.env["CONSOLE_DIST_DIR"] ?? ".next/by-hand",
  turbopack: {
    // Else Next looks for lock files above the repository, too.
    root: join(import.meta.dirname, "../.."),
    rules: {
      "*.{ts,tsx}": {
        condition: { all: [{ not: "foreign" }, { content: /from "#api\/generated\/gql\.ts"/ }] },
        loaders: [join(import.meta.dirname, "graphql-documents-loader.mjs")],
      },
    },
  },
  // A new folder has no cache to read, so none need be written.
  experimental: { turbopackFileSystemCacheForBuild: false },
  transpilePackages: ["@muster/client"],
  poweredByHeader: false,
  images: { unoptimized: true },
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
};

export default config;
