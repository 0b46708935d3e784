"""A judge behind an OpenAI-compatible address (`POST …/chat/completions`), asked through the one door to the network."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

import aiohttp

from newsloom.adapters.http.answers import read_body
from newsloom.adapters.http.decoding import ACCEPT_ENCODING, UnreadableCoding
from newsloom.adapters.http.gate import Gate, GateOptions
from newsloom.errors import FetchError, PageError

MAX_BYTES = 256 * 1024
_TOKENS = 200


@dataclass(frozen=True, slots=True)
class JudgeAddress:
    """Where and whom to ask. `url` is the API's root, such as `http://127.0.0.1:11434/v1`; `key` "" when it needs none."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout_seconds: float = 30.0
    gate: GateOptions = field(default_factory=GateOptions)


class HttpJudge:
    """Asks over HTTP; implements the port `Judge`. Redirects are not followed: they could take the key elsewhere."""

    def __init__(self, address: JudgeAddress) -> None:
        self.name = address.model
        self._address = address
        self._gate = Gate(address.gate)

    async def ask(self, instruction: str, question: str) -> str:
        """Return the content of the first choice. Raises FetchError (GateRefused, TooLarge among them), ReadError."""
        target = self._gate.check(self._address.url.rstrip("/") + "/chat/completions")
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": ACCEPT_ENCODING}
        if self._address.key:
            headers["Authorization"] = f"Bearer {self._address.key}"
        body = {
            "model": self._address.model,
            "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": question}],
            "temperature": 0,
            "seed": 0,
            "max_tokens": _TOKENS,
            "stream": False,
        }
        try:
            async with (
                asyncio.timeout(self._address.timeout_seconds),
                self._gate.post(target, headers, json.dumps(body).encode()) as response,
            ):
                if response.status != 200:
                    raise FetchError(f"it answered {response.status}", where=target.key)
                answer = await read_body(response, MAX_BYTES)
        except TimeoutError as error:
            raise FetchError(
                f"it took more than {self._address.timeout_seconds:g} seconds", where=target.key
            ) from error
        except (aiohttp.ClientError, OSError, UnreadableCoding) as error:
            raise FetchError(f"it cannot be reached ({type(error).__name__})", where=target.key) from error
        return _content(answer, target.key)

    async def close(self) -> None:
        """Close all connections."""
        await self._gate.close()


def _content(answer: bytes, where: str) -> str:
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise PageError("its answer is no chat completion", where=where) from error
    if not isinstance(content, str):
        raise PageError("its answer holds no text", where=where)
    return content
