import { graphql } from "#api/generated/gql.ts";

export const RegisterFragment = graphql(`
  fragment RegisterAgentOf on AgentDefinition {
    id
    slug
    name
    version
    configSchema
  }
`);
