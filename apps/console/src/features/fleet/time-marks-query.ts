import { graphql } from "#api/generated/gql.ts";

/** Into so many parts the way through time is divided. */
export const PARTS = 24;

/** How many transitions there were in each part of the way, and when agents came into trouble. Counts end at 10,000. */
export const TimeMarksQuery = graphql(`
  query FleetTimeMarks(
    $path: String!
    $t0: DateTime!
    $t1: DateTime!
    $t2: DateTime!
    $t3: DateTime!
    $t4: DateTime!
    $t5: DateTime!
    $t6: DateTime!
    $t7: DateTime!
    $t8: DateTime!
    $t9: DateTime!
    $t10: DateTime!
    $t11: DateTime!
    $t12: DateTime!
    $t13: DateTime!
    $t14: DateTime!
    $t15: DateTime!
    $t16: DateTime!
    $t17: DateTime!
    $t18: DateTime!
    $t19: DateTime!
    $t20: DateTime!
    $t21: DateTime!
    $t22: DateTime!
    $t23: DateTime!
    $t24: DateTime!
  ) {
    project(path: $path) {
      id
      b0: events(first: 1, filter: { types: ["agent.transitioned"], after: $t0, before: $t1 }) {
        totalCount
      }
      b1: events(first: 1, filter: { types: ["agent.transitioned"], after: $t1, before: $t2 }) {
        totalCount
      }
      b2: events(first: 1, filter: { types: ["agent.transitioned"], after: $t2, before: $t3 }) {
        totalCount
      }
      b3: events(first: 1, filter: { types: ["agent.transitioned"], after: $t3, before: $t4 }) {
        totalCount
      }
      b4: events(first: 1, filter: { types: ["agent.transitioned"], after: $t4, before: $t5 }) {
        totalCount
      }
      b5: events(first: 1, filter: { types: ["agent.transitioned"], after: $t5, before: $t6 }) {
        totalCount
      }
      b6: events(first: 1, filter: { types: ["agent.transitioned"], after: $t6, before: $t7 }) {
        totalCount
      }
      b7: events(first: 1, filter: { types: ["agent.transitioned"], after: $t7, before: $t8 }) {
        totalCount
      }
      b8: events(first: 1, filter: { types: ["agent.transitioned"], after: $t8, before: $t9 }) {
        totalCount
      }
      b9: events(first: 1, filter: { types: ["agent.transitioned"], after: $t9, before: $t10 }) {
        totalCount
      }
      b10: events(first: 1, filter: { types: ["agent.transitioned"], after: $t10, before: $t11 }) {
        totalCount
      }
      b11: events(first: 1, filter: { types: ["agent.transitioned"], after: $t11, before: $t12 }) {
        totalCount
      }
      b12: events(first: 1, filter: { types: ["agent.transitioned"], after: $t12, before: $t13 }) {
        totalCount
      }
      b13: events(first: 1, filter: { types: ["agent.transitioned"], after: $t13, before: $t14 }) {
        totalCount
      }
      b14: events(first: 1, filter: { types: ["agent.transitioned"], after: $t14, before: $t15 }) {
        totalCount
      }
      b15: events(first: 1, filter: { types: ["agent.transitioned"], after: $t15, before: $t16 }) {
        totalCount
      }
      b16: events(first: 1, filter: { types: ["agent.transitioned"], after: $t16, before: $t17 }) {
        totalCount
      }
      b17: events(first: 1, filter: { types: ["agent.transitioned"], after: $t17, before: $t18 }) {
        totalCount
      }
      b18: events(first: 1, filter: { types: ["agent.transitioned"], after: $t18, before: $t19 }) {
        totalCount
      }
      b19: events(first: 1, filter: { types: ["agent.transitioned"], after: $t19, before: $t20 }) {
        totalCount
      }
      b20: events(first: 1, filter: { types: ["agent.transitioned"], after: $t20, before: $t21 }) {
        totalCount
      }
      b21: events(first: 1, filter: { types: ["agent.transitioned"], after: $t21, before: $t22 }) {
        totalCount
      }
      b22: events(first: 1, filter: { types: ["agent.transitioned"], after: $t22, before: $t23 }) {
        totalCount
      }
      b23: events(first: 1, filter: { types: ["agent.transitioned"], after: $t23, before: $t24 }) {
        totalCount
      }
      trouble: events(
        last: 200
        filter: { types: ["agent.transitioned"], states: ["ERROR", "UNRESPONSIVE"], after: $t0 }
      ) {
        edges {
          node {
            __typename
            id
            at
          }
        }
      }
    }
  }
`);
