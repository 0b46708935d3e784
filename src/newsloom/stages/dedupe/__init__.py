"""Copies: the same text under another address. Reports of one event in other words are not copies.

`texts` reads an item, `neighbours` says which pairs are worth a look, `alike` judges a pair, `originals` chooses who leads a
group of copies, `deduplicator` puts the decision together.
"""

from newsloom.stages.dedupe.alike import CopyRule
from newsloom.stages.dedupe.deduplicator import DedupeOptions, ShingleDeduplicator
from newsloom.stages.dedupe.texts import address_key

__all__ = ["CopyRule", "DedupeOptions", "ShingleDeduplicator", "address_key"]
