import { cacheExchange } from "@urql/exchange-graphcache";
import possibleTypes from "#api/generated/possible-types.ts";

/** These have no identity of their own: they live inside of what they belong to. */
const EMBEDDED = [
  "Actor",
  "AgentStateCount",
  "Bookmark",
  "ContextReader",
  "EventDelivery",
  "InputIssue",
  "JsonPatchOperation",
  "PageInfo",
  "ResyncRequired",
  "RollbackConfirmation",
  "TaskError",
  "TaskStateCount",
  "Viewer",
];
const embedded = () => null;

/**
 * The normalised cache: an agent, task or context that any answer or event brings is the same one on every part of the
 * screen. `node(id)` finds what the cache already has.
 */
export function createCache() {
  return cacheExchange({
    possibleTypes: possibleTypes.possibleTypes,
    keys: Object.fromEntries(EMBEDDED.map((name) => [name, embedded])),
    globalIDs: true,
    logger: (level, message) => {
      if (level === "error") console.error(message);
    },
  });
}
