"""How evidence becomes confidence: a weight for each feature, never negative, so that more evidence never lowers a confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsloom.stages.classify import weights


@dataclass(frozen=True, slots=True)
class Weights:
    """A constant and a weight for each of `evidence.FEATURES`, twice: before and after the pile taught."""

    plain: tuple[float, ...]
    learned: tuple[float, ...]

    def rows(self) -> NDArray[np.float32]:
        """Return both as an array of two rows, the constant first."""
        return np.array([self.plain, self.learned], dtype=np.float32)


WEIGHTS: Mapping[str, Weights] = {name: Weights(*pair) for name, pair in weights.TABLES.items()}
"""By what was at hand: `full` (an embedder that knows single words), `texts` (one for whole texts only), `none`."""
