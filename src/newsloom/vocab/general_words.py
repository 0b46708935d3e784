"""A large set of words in little room: which words are general vocabulary, so that one which is not can be told from them."""

from __future__ import annotations

from hashlib import blake2b

HASHES = 8


class WordSet:
    """A set of words as a bit array: every word put in is found, and about one in three hundred others is, too. Immutable.

    Args:
        bits: the array; `pack_words` makes it.

    Source: Bloom, "Space/Time Trade-offs in Hash Coding with Allowable Errors", CACM 13, 1970.
    """

    def __init__(self, bits: bytes) -> None:
        self._bits = bits

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and all(
            self._bits[place >> 3] >> (place & 7) & 1 for place in _places(word, 8 * len(self._bits))
        )


def pack_words(words: list[str], size: int) -> bytes:
    """Return the bit array of *words*, of *size* bytes."""
    bits = bytearray(size)
    for word in words:
        for place in _places(word, 8 * size):
            bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def _places(word: str, size: int) -> list[int]:
    digest = blake2b(word.encode("utf-8", "replace"), digest_size=4 * HASHES).digest()
    return [int.from_bytes(digest[first : first + 4], "little") % size for first in range(0, len(digest), 4)]
