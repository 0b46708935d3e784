"""Learned by benchmarks/training/seen_dates.py; do not edit."""

from __future__ import annotations

WEIGHTS = (
    1.23,  # called-date
    0.27,  # called-change
    -0.90,  # called-aside
    0.52,  # says-published
    0.31,  # says-changed
    -0.13,  # says-other
    0.65,  # short
    -0.41,  # long
    0.44,  # time-tag
    -0.58,  # in-aside
    0.45,  # in-article
    0.27,  # after-heading
    1.72,  # near-after
    0.09,  # near-before
    1.50,  # first
    0.00,  # again
    0.38,  # newest
)
