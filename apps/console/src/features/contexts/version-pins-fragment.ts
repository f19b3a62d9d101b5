import { graphql } from "#api/generated/gql.ts";

/** The names of a version, apart from what shows them: that is loaded where there are some. */
export const VersionPinsFragment = graphql(`
  fragment VersionPins on ContextVersion {
    id
    number
    pins {
      name
      number
    }
  }
`);
