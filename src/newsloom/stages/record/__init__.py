"""The last stage: items become records, and a person's edit always wins.

`machine_record` says what newsloom itself would write, `merge` what may be written over the file that is there, `decide`
puts a person's decision into a record, and `item_from` goes the way back when the working state is lost.
"""

from newsloom.stages.record.digests import RECORD_KEYS
from newsloom.stages.record.editing import decide, parse_value, withdraw
from newsloom.stages.record.making import machine_record
from newsloom.stages.record.merging import edited_fields, field_digest, merge
from newsloom.stages.record.rebuilding import item_from
from newsloom.stages.record.takedown import is_tombstone, tombstone, without_links

__all__ = [
    "RECORD_KEYS", "decide", "edited_fields", "field_digest", "is_tombstone", "item_from", "machine_record", "merge", "parse_value", "tombstone",
    "withdraw", "without_links",
]  # fmt: skip
