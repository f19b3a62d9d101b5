import { graphql } from "#api/generated/gql.ts";

export const HeaderFragment = graphql(`
  fragment DefinitionHeader on AgentDefinition {
    id
    slug
    name
    type
    description
    capabilities
    configSchema
    metadata
    enabled
    shared
    version
    agentsByVersion(project: $of) {
      version
      agents
    }
  }
`);
