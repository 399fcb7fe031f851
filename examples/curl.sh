#!/usr/bin/env bash
# curl: `OPENAI_API_KEY=… ./curl.sh`. Off loopback, feedback needs a key of Ratchet's in RATCHET_KEY.
set -euo pipefail
url=${RATCHET_URL:-http://127.0.0.1:8787/v1}
episode=conversation-$$-$(date +%s)
head=$(mktemp)
trap 'rm -f "$head"' EXIT

ask() {
  curl -sS --fail-with-body -D "$head" "$url/chat/completions" \
    -H "authorization: Bearer $OPENAI_API_KEY" -H 'content-type: application/json' \
    -H 'x-ratchet-task: support-triage' -H "x-ratchet-episode: $episode" \
    -d "{\"model\": \"gpt-4o-mini\", \"messages\": [
      {\"role\": \"system\", \"content\": \"You sort support tickets. Answer with the name of the queue.\"},
      {\"role\": \"user\", \"content\": \"$1\"}]}"
  echo
}

# The key makes it safe to send again.
score() {
  curl -sS --fail-with-body --retry 5 --retry-all-errors "$url/feedback" \
    ${RATCHET_KEY:+-H "authorization: Bearer $RATCHET_KEY"} -H 'content-type: application/json' \
    -d "{\"id\": \"$1\", \"score\": $2, \"expected\": \"billing\", \"key\": \"$episode\"}"
  echo
}

ask 'I was charged twice this month.'
decision=$(grep -i '^x-ratchet-decision:' "$head" | cut -d' ' -f2 | tr -d '\r')
echo "decision: $decision"
score "$decision" 1
