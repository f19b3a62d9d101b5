#!/usr/bin/env bash
# A complete Muster agent in bash, curl and nothing else. It takes tasks of the kind "fingerprint" and answers the
# checksum and size of their input.
#
#   MUSTER_URL=http://127.0.0.1:4000 MUSTER_AGENT_ID=agent_… MUSTER_AGENT_KEY=mst_… ./agent.sh
set -euo pipefail
: "${MUSTER_URL:?must hold the address of Muster}" "${MUSTER_AGENT_ID:?must hold the id of the agent}"
: "${MUSTER_AGENT_KEY:?must hold the key that registerAgent showed}"

shared=$(mktemp -d) # what the heartbeat and the work tell each other
heartbeat=
trap '[ -z "$heartbeat" ] || kill -- "-$heartbeat" 2>/dev/null || true; rm -rf "$shared"' EXIT
trap 'touch "$shared/stop"' TERM INT

log() { printf '%s %s\n' "$(date -u +%FT%TZ)" "$*"; }

# One request, repeated until Muster answers it: graphql DOCUMENT VARIABLES puts the answer into $answer. (Not to standard
# output: signals wait for a command substitution to end.) The key goes in by a file descriptor, since arguments are seen by
# everyone on the machine.
graphql() {
  local wait=1
  while true; do
    if answer=$(printf '{"query":"%s","variables":%s}' "${1//$'\n'/ }" "$2" |
      curl --silent --show-error --max-time 30 "$MUSTER_URL/graphql" --data-binary @- \
        --header 'content-type: application/json' \
        --config <(printf 'header = "authorization: Bearer %s"' "$MUSTER_AGENT_KEY")); then
      case $answer in
      '{"errors":['*'"code":"UNAVAILABLE"'*) ;;
      '{"errors":['*) log "refused: $answer" >&2 && return 1 ;;
      '{"data":'*) return 0 ;;
      esac
    fi
    [ ! -e "$shared/stop" ] || exit 0      # it was asked to stop: what cannot be said now is not waited for
    sleep "$((RANDOM % wait + 1))" || true # with jitter, so that a whole fleet does not come back at once
    wait=$((wait < 16 ? wait * 2 : 16))
  done
}

# The first value of a field, text or number: field NAME JSON. The documents below ask for what follows it last.
field() {
  local rest=${2#*\"$1\":}
  [ "$rest" = "$2" ] || { rest=${rest#\"} && printf '%s' "${rest%%[\",\}]*}"; }
}

failure='... on Error { code message }'

# 1. Connect. The incarnation says which process speaks for the agent: the newest one.
graphql "mutation (\$input: ConnectAgentInput!) {
  connectAgent(input: \$input) { ... on ConnectAgentSuccess { data { incarnation } } $failure } }" \
  "{\"input\":{\"agentId\":\"$MUSTER_AGENT_ID\",\"capabilities\":[\"fingerprint\"]}}"
incarnation=$(field incarnation "$answer")
[ -n "$incarnation" ] || { log "cannot connect: $answer" >&2 && exit 1; }
log "connected as incarnation $incarnation"

# 2. Tell every five seconds that this process lives, and what it runs: only that keeps its leases.
beat() {
  local sequence=0 running
  while true; do
    sequence=$((sequence + 1))
    running=$(cat "$shared/running" 2>/dev/null || true)
    graphql "mutation (\$input: HeartbeatInput!) { heartbeat(input: \$input) {
      ... on HeartbeatSuccess { data { lost { taskId attempt } cancel { taskId attempt } } } $failure } }" \
      "{\"input\":{\"agentId\":\"$MUSTER_AGENT_ID\",\"incarnation\":$incarnation,\"sequence\":$sequence,\"tasks\":[$running]}}"
    case $answer in
    *'Expected incarnation'*) log 'a newer process took over' && tee "$shared/stop" "$shared/abandon" <<<"$running" >/dev/null && return ;;
    *"\"lost\":[{"* | *"\"cancel\":[{"*) cat >"$shared/abandon" <<<"$running" ;;
    esac
    sleep "${HEARTBEAT_SECONDS:-5}"
  done
}
set -m # a process group of its own, so that it can be ended with everything it has started
beat &
heartbeat=$!
set +m

# 3. The work: four steps, each of which reports progress and looks whether it is still wanted.
work() { # work TASK_REF INPUT
  local step reference=${1%\}}
  for step in 1 2 3 4; do
    sleep "${STEP_SECONDS:-1}" || true
    if [ "$(cat "$shared/abandon" 2>/dev/null)" = "$1" ]; then
      graphql "mutation (\$input: FailTaskInput!) { failTask(input: \$input) { __typename } }" \
        "{\"input\":$reference,\"kind\":\"cancelled\",\"message\":\"Stopped on request.\",\"retryable\":false}}"
      log "stopped working on $1"
      return
    fi
    graphql "mutation (\$input: ReportProgressInput!) { reportProgress(input: \$input) { __typename } }" \
      "{\"input\":$reference,\"progress\":$((step * 25))e-2,\"message\":\"step $step of 4\"}}"
  done
  if [ "$2" = '{}' ]; then
    graphql "mutation (\$input: FailTaskInput!) { failTask(input: \$input) { __typename } }" \
      "{\"input\":$reference,\"kind\":\"empty_input\",\"message\":\"There is nothing to fingerprint.\",\"retryable\":false}}"
    log "failed $1"
    return
  fi
  local checksum size
  read -r checksum size < <(printf '%s' "$2" | cksum)
  graphql "mutation (\$input: CompleteTaskInput!) { completeTask(input: \$input) { __typename } }" \
    "{\"input\":$reference,\"output\":{\"checksum\":$checksum,\"bytes\":$size}}}"
  log "completed $1"
}

# 4. Claim a task, waiting up to two seconds for one; acknowledge it with startTask; do it. Until asked to stop.
while [ ! -e "$shared/stop" ]; do
  graphql "mutation (\$input: ClaimTasksInput!) { claimTasks(input: \$input) {
    ... on ClaimTasksSuccess { data { taskId: id attempt input } } $failure } }" \
    "{\"input\":{\"agentId\":\"$MUSTER_AGENT_ID\",\"incarnation\":$incarnation,\"max\":1,\"waitMs\":2000}}"
  case $answer in
  '{"data":{"claimTasks":{"data":[]'*) continue ;;
  *'"taskId":'*) ;;
  *) log "no work: $answer" && sleep 2 && continue ;;
  esac
  task="{\"taskId\":\"$(field taskId "$answer")\",\"attempt\":$(field attempt "$answer")}"
  input=${answer#*\"input\":}
  input=${input%\}\]\}\}\}}
  graphql "mutation (\$input: TaskRef!) { startTask(input: \$input) { __typename } }" "{\"input\":$task}"
  [[ $answer == *StartTaskSuccess* ]] || continue # it has been taken back
  log "started $task"
  printf '%s' "$task" >"$shared/running"
  work "$task" "$input"
  rm -f "$shared/running"
done
log 'stopped'
