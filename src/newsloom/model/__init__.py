"""Frozen types that every floor of newsloom speaks. Standard library only, no behaviour beyond their own invariants.

All instants are timezone-aware UTC `datetime`s. Absent values are None or empty tuples, never empty strings, unless said.
"""
