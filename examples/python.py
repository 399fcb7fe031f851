"""Python: pip install openai, then OPENAI_API_KEY=... python python.py."""

import os
import uuid

from openai import OpenAI

client = OpenAI(base_url=os.environ.get("RATCHET_URL", "http://127.0.0.1:8787/v1"))

# The same headers with each request of a conversation, which keeps its variant of the prompt.
names = {"x-ratchet-task": "support-triage", "x-ratchet-episode": str(uuid.uuid4())}
messages = [
    {"role": "system", "content": "You sort support tickets. Answer with the name of the queue."},
    {"role": "user", "content": "I was charged twice this month."},
]

raw = client.chat.completions.with_raw_response.create(
    model="gpt-4o-mini", messages=messages, extra_headers=names
)
decision = raw.headers["x-ratchet-decision"]
answer = raw.parse().choices[0].message.content
print("answer:", answer)
print("decision:", decision)

messages += [
    {"role": "assistant", "content": answer},
    {"role": "user", "content": "And the month before."},
]
second = client.chat.completions.create(model="gpt-4o-mini", messages=messages, extra_headers=names)
print("answer:", second.choices[0].message.content)

# The key makes it safe to send again, which the client does by itself.
feedback = {"id": decision, "score": 1, "expected": "billing", "key": str(uuid.uuid4())}
print("feedback:", client.post("/feedback", body=feedback, cast_to=object))
