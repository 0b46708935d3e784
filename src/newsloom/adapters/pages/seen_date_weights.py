"""Learned by benchmarks/training/seen_dates.py; do not edit."""

from __future__ import annotations

WEIGHTS = (
    1.23,  # called-date
    0.27,  # called-change
    -0.91,  # called-aside
    0.46,  # says-published
    0.18,  # says-changed
    -0.09,  # says-other
    0.64,  # short
    -0.41,  # long
    0.45,  # time-tag
    -0.58,  # in-aside
    0.47,  # in-article
    0.28,  # after-heading
    1.72,  # near-after
    0.08,  # near-before
    1.48,  # first
    0.02,  # again
    0.45,  # newest
)
