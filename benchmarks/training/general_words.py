"""Pack the general vocabulary: which words of English a spelling list knows, folded, possessives left out.

    python benchmarks/training/general_words.py LIST    and write src/newsloom/adapters/text/general_words.bin

LIST is a file with a word a line; the shipped set is SCOWL's American list as Debian's package `wamerican` installs it
(/usr/share/dict/american-english, 2020.12.07). Its notice stands in NOTICE.
"""

from __future__ import annotations

import sys
from pathlib import Path

from newsloom.adapters.text.general_words import WORDS
from newsloom.vocab.general_words import WordSet, pack_words
from newsloom.vocab.text import folded, tokens

BITS_PER_WORD = 12


def main() -> None:
    """Pack, print how many words there are and how often a word that is not there is found, and write."""
    lines = Path(sys.argv[1]).read_text("utf-8").splitlines()
    words = sorted({folded(line) for line in lines if not line.endswith("'s") and len(tokens(line)) == 1})
    packed = pack_words(words, len(words) * BITS_PER_WORD // 8)
    known = WordSet(packed)
    strange = [f"{word}zq" for word in words]
    print(
        f"{len(words)} words, {len(packed)} bytes, found by mistake: {sum(w in known for w in strange) / len(words):.3f}"
    )
    WORDS.write_bytes(packed)


if __name__ == "__main__":
    main()
