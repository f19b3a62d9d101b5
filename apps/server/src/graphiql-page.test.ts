import { schema } from "@muster/graphql/schema.ts";
import { gunzipSync } from "node:zlib";
import { parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { firstTabs, graphiqlPage } from "./graphiql-page.ts";

describe("the GraphiQL page", () => {
  it.each(firstTabs("prj_01h455vb4pex5vsknk084sn02q").map(({ query }) => [query]))(
    "has a first tab that is valid: %s",
    (query) => {
      expect(validate(schema, parse(query))).toEqual([]);
    },
  );

  it("loads nothing from elsewhere and keeps the key out of URLs", () => {
    const html = gunzipSync(graphiqlPage(null)).toString();
    expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)="https?:/);
    expect(html).toContain("history.replaceState");
  });
});
