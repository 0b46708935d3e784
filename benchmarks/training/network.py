"""Trains the small networks of `adapters/pages/block_classifier.py` with numpy alone; seeded, so that it can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.pages.block_classifier import CLIP, Network

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Plan:
    """How a network is trained: units, passes over the rows, networks averaged, and the usual knobs of Adam."""

    units: int = 32
    passes: int = 10
    networks: int = 2
    batch: int = 512
    rate: float = 2e-3
    decay: float = 0.01
    dropped: float = 0.1


def train(rows: Rows, labels: NDArray[np.bool_], weights: Rows, plan: Plan, seed: int) -> Network:
    """Return the network that minimises the weighted log loss; several, of other seeds, are averaged into one wider one."""
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    scaled = np.clip((rows - mean) / deviation, -CLIP, CLIP).astype(np.float32)
    weights = (weights / weights.mean()).astype(np.float32)
    parts = [_one(scaled, labels.astype(np.float32), weights, plan, seed + each) for each in range(plan.networks)]
    return Network(
        mean=mean,
        deviation=deviation,
        into=np.concatenate([part[0] for part in parts], axis=1),
        bias=np.concatenate([part[1] for part in parts]),
        out=np.concatenate([part[2] for part in parts]) / plan.networks,
        constant=float(np.mean([part[3][0] for part in parts])),
    )


def _one(rows: Rows, labels: Rows, weights: Rows, plan: Plan, seed: int) -> list[Rows]:
    random = np.random.default_rng(seed)
    count, width = rows.shape
    values = [
        (random.standard_normal((width, plan.units)) * np.sqrt(2 / width)).astype(np.float32),
        np.zeros(plan.units, np.float32),
        (random.standard_normal(plan.units) * np.sqrt(1 / plan.units)).astype(np.float32),
        np.zeros(1, np.float32),
    ]
    adam = _Adam(values, plan, steps=plan.passes * -(-count // plan.batch))
    kept = 1 - plan.dropped
    for _ in range(plan.passes):
        order = random.permutation(count)
        for start in range(0, count, plan.batch):
            chosen = order[start : start + plan.batch]
            batch = rows[chosen]
            units = batch @ values[0] + values[1]
            alive = (units > 0) & (random.random(units.shape, dtype=np.float32) < kept)
            units = units * alive / kept
            said = 1 / (1 + np.exp(-(units @ values[2] + values[3])))
            error = (said - labels[chosen]) * weights[chosen] / len(chosen)
            back = np.outer(error, values[2]) * alive / kept
            adam.step([batch.T @ back, back.sum(axis=0), units.T @ error, np.array([error.sum()])])
    return values


class _Adam:
    """Adam with decoupled weight decay and a cosine schedule.

    Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.
    """

    def __init__(self, values: list[Rows], plan: Plan, steps: int) -> None:
        self._values, self._plan, self._steps, self._taken = values, plan, steps, 0
        self._first = [np.zeros_like(value) for value in values]
        self._second = [np.zeros_like(value) for value in values]

    def step(self, slopes: Sequence[NDArray[np.floating]]) -> None:
        self._taken += 1
        rate = self._plan.rate * 0.5 * (1 + np.cos(np.pi * self._taken / self._steps))
        for place, (value, slope) in enumerate(zip(self._values, slopes, strict=True)):
            self._first[place] = 0.9 * self._first[place] + 0.1 * slope
            self._second[place] = 0.999 * self._second[place] + 0.001 * slope**2
            first = self._first[place] / (1 - 0.9**self._taken)
            second = self._second[place] / (1 - 0.999**self._taken)
            decay = self._plan.decay if value.ndim == 2 or place == 2 else 0.0
            value -= (rate * (first / (np.sqrt(second) + 1e-8) + decay * value)).astype(np.float32)
