"""One question to a chat endpoint of the OpenAI form (POST <address>/chat/completions) -> the text of its answer.

The only place where anything of a reply leaves the machine, and only to the address the user named. The trap is
a redirect: it would carry the reply to an address nobody named, so none is followed.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

from answerable.errors import AnswerableError

SECONDS = 120
MOST = 4_000_000
"""Bytes of an answer that are read at most."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def ask_endpoint(address: str, model: str, messages: Sequence[dict[str, str]], *, key: str = "") -> str:
    """The text a model answers. Raises AnswerableError when the endpoint cannot be reached or answers otherwise."""
    if not address.startswith(("http://", "https://")):
        raise AnswerableError(address, "is not an address of http or https", "Name one, as in http://127.0.0.1:8000/v1")
    body = {"model": model, "messages": list(messages), "temperature": 0}
    request = urllib.request.Request(
        f"{address.rstrip('/')}/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})},
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as response:
            return _read_answer(response.read(MOST))
    except (OSError, ValueError, LookupError, TypeError) as error:
        # HTTPError and URLError are OSErrors; the others are answers of another form.
        what = f"gave no answer of the form expected ({type(error).__name__}: {' '.join(str(error).split())[:120]})"
        raise AnswerableError(address, what, "Start it, or correct the address and the name of the model") from error


def _read_answer(data: bytes) -> str:
    text = json.loads(data)["choices"][0]["message"]["content"]
    if not isinstance(text, str):
        raise TypeError("the answer holds no text")
    return text
