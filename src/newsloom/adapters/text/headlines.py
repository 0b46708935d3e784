"""The trained models of headlines that newsloom ships (`stages.rank.wording`). Written by `benchmarks/training/headlines.py`."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newsloom.ports.embedding import Embedder
from newsloom.stages.rank.wording import HeadlineModels, WordingModel

WEIGHTS = Path(__file__).with_name("headline_weights.npz")
_VERSION = "wording-1"
_VECTORS = "l2_supercat_256"
"""The table of vectors that the models were trained with; another one's mean nothing to them."""


def headline_models(embedder: Embedder | None = None) -> HeadlineModels:
    """Return the shipped models, with *embedder* where they were trained with it (wordllama), else by words alone.

    Cost: some milliseconds, once.
    """
    weights = _weights()
    fitting = embedder if embedder is not None and embedder.name.endswith(_VECTORS) else None
    press_release, clickbait = (_model(weights, name, fitting is not None) for name in ("press_release", "clickbait"))
    return HeadlineModels(
        press_release, clickbait, fitting, _VERSION + (f" with {fitting.name}" if fitting else " by words")
    )


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, NDArray[np.generic]]:
    packed = (files("newsloom.adapters.text") / WEIGHTS.name).read_bytes()
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return dict(arrays)


def _model(weights: Mapping[str, NDArray[np.generic]], name: str, with_vectors: bool) -> WordingModel:
    key = f"{name}_vectors" if with_vectors else name
    names, cues = weights[f"{name}_cue_names"].tolist(), weights[f"{key}_cues"].astype(np.float64).tolist()
    constant, with_excerpt = weights[f"{key}_constants"].astype(np.float64).tolist()
    return WordingModel(
        words=weights[f"{key}_words"].astype(np.float32),
        cues=dict(zip(names, cues, strict=True)),
        constant=constant,
        with_excerpt=with_excerpt,
        title_vector=weights[f"{key}_title"].astype(np.float32) if with_vectors else None,
        excerpt_vector=weights[f"{key}_excerpt"].astype(np.float32) if with_vectors else None,
    )
