"""The general vocabulary that newsloom ships. Written by `benchmarks/training/general_words.py`."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from newsloom.vocab.general_words import WordSet

WORDS = Path(__file__).with_name("general_words.bin")


@lru_cache(maxsize=1)
def general_words() -> WordSet:
    """Return the words of general English, names among them, folded. Cost: some milliseconds, once."""
    return WordSet((files("newsloom.adapters.text") / WORDS.name).read_bytes())
