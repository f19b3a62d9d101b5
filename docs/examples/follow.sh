#!/usr/bin/env bash
# Prints what happens to a project's agents as it happens, one frame a line, with curl and nothing else. The cursor of the last
# line is kept in a file: the next connection, and the next run, goes on right after it, on any server.
#
#   MUSTER_URL=http://127.0.0.1:4000 MUSTER_KEY=mst_… MUSTER_PROJECT=prj_… ./follow.sh cursor.txt
set -euo pipefail
: "${MUSTER_URL:?must hold the address of Muster}" "${MUSTER_KEY:?must hold an API key}"
: "${MUSTER_PROJECT:?must hold the id of a project}"
kept=${1:?names the file that keeps the cursor}

query='subscription ($project: ID!) { agentTransitions(project: $project) { __typename
  ... on EventDelivery { event { id at subjectId ... on AgentTransitioned { from to } } }
  ... on Bookmark { caughtUp } ... on ResyncRequired { reason } } }'

while true; do
  # The key goes in by a file descriptor, since arguments are seen by everyone on the machine.
  curl --silent --show-error --no-buffer --keepalive-time 20 "$MUSTER_URL/graphql" \
    --header 'accept: text/event-stream' --header 'content-type: application/json' \
    --config <(printf 'header = "authorization: Bearer %s"\n' "$MUSTER_KEY"
      [ ! -s "$kept" ] || printf 'header = "last-event-id: %s"\n' "$(<"$kept")") \
    --data-binary "{\"query\":\"${query//$'\n'/ }\",\"variables\":{\"project\":\"$MUSTER_PROJECT\"}}" |
    while IFS= read -r line; do
      case $line in
      'id: '*) cursor=${line#id: } ;;
      'data: {'*)
        printf '%s\n' "${line#data: }"
        # Only what has been handled is remembered; and the file is never half written.
        printf '%s' "$cursor" >"$kept.new" && mv "$kept.new" "$kept"
        ;;
      '{"errors":'*) printf '%s\n' "$line" >&2 ;;
      esac
    done || true
  sleep "$((RANDOM % 3 + 1))" # with jitter, so that a thousand of these do not come back at once
done
