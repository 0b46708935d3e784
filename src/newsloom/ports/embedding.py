"""Turning texts into vectors whose angle says how alike their meanings are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Gives texts a direction in a space of meanings. Immutable once made; asks no network, ever.

    Similarities of two embedders are not comparable: a threshold belongs to one `name`.
    """

    @property
    def name(self) -> str:
        """Model and version, as `eval` prints it: "wordllama-0.4.0 l2_supercat_256"."""
        ...

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        ...

    @property
    def languages(self) -> frozenset[str] | None:
        """Primary language tags it understands; None: any."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of length 1 for each text, of shape (len(texts), dimensions); zeros for a text without a word it knows.

        Deterministic. Any string is taken: what is too long is read from its beginning. Rows do not depend on the other
        texts, but for the last digits of a neural model's arithmetic.
        """
        ...
