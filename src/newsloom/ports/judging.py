"""A judge: a language model somewhere that may be asked a fixed question."""

from __future__ import annotations

from typing import Protocol


class Judge(Protocol):
    """Answers questions, one at a time. Use from one event loop; `close` it at the end."""

    name: str
    """The model, as evidence names it."""

    async def ask(self, instruction: str, question: str) -> str:
        """Return what the model answers, unchecked, at most some thousand characters.

        Raises:
            FetchError: it could not be asked, in time, or answered with an error. ReadError: what came back is no answer.
        """
        ...

    async def close(self) -> None:
        """Release all connections."""
        ...
