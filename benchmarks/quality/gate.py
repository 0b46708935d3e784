"""Quality floors: what `newsloom eval` must at least print on named data, each with the digest of its corpus.

    python benchmarks/quality/gate.py             measure everything whose data are at hand, beside its floors
    python benchmarks/quality/gate.py stories     only those whose name begins so

Data are looked for at NEWSLOOM_DATA (default: ../shared/data). A floor falls only on purpose: edit floors.toml, say why in
the commit. A corpus whose digest changed is another corpus: its floors are recorded anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("NEWSLOOM_DATA", ROOT.parent / "shared" / "data"))
FLOORS = Path(__file__).with_name("floors.toml")


@dataclass(frozen=True, slots=True)
class Floor:
    """One measurement and the least (or, under `ceilings`, the most) it may print."""

    name: str
    measure: str
    data: str
    corpus: str
    arguments: tuple[str, ...]
    floors: dict[str, float]
    ceilings: dict[str, float]

    @property
    def path(self) -> Path:
        """Return where the data lie; paths beginning with `demo/` or `benchmarks/` are the repository's own."""
        if self.data.startswith("demo/"):
            return ROOT / "src" / "newsloom" / self.data
        return ROOT / self.data if self.data.startswith("benchmarks/") else DATA / self.data


def read_floors() -> tuple[Floor, ...]:
    """Return all floors in the order of the file."""
    entries = tomllib.loads(FLOORS.read_text("utf-8"))
    return tuple(
        Floor(
            name=name,
            measure=entry["measure"],
            data=entry["data"],
            corpus=entry.get("corpus", ""),
            arguments=tuple(entry.get("arguments", ())),
            floors=entry.get("floors", {}),
            ceilings=entry.get("ceilings", {}),
        )
        for name, entry in entries.items()
    )


def corpus_digest(path: Path) -> str:
    """Return 16 hex digits that name the data at *path*: of every file's relative name and bytes."""
    digest = hashlib.sha256()
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    for file in files:
        digest.update(str(file.relative_to(path)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def measure(floor: Floor) -> dict[str, Any]:
    """Return what `newsloom eval` prints for *floor*, run as a user would."""
    arguments = [argument.replace("{data}", str(DATA)).replace("{root}", str(ROOT)) for argument in floor.arguments]
    command = [sys.executable, "-m", "newsloom", "eval", floor.measure, "--data", str(floor.path), "--json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def failures(floor: Floor, result: dict[str, Any]) -> list[str]:
    """Return one sentence for each figure under its floor or over its ceiling."""
    found = [f"{key} is {result.get(key)}, under its floor {least}" for key, least in floor.floors.items()
             if result.get(key) is None or result[key] < least]  # fmt: skip
    found += [f"{key} is {result.get(key)}, over its ceiling {most}" for key, most in floor.ceilings.items()
              if result.get(key) is None or result[key] > most]  # fmt: skip
    return found


def main(wanted: list[str]) -> int:
    """Measure and print; return 1 when a floor is broken."""
    broken = 0
    for floor in read_floors():
        if wanted and not floor.name.startswith(tuple(wanted)):
            continue
        if not floor.path.exists():
            print(f"{floor.name:<28} no data at {floor.path}")
            continue
        result = measure(floor)
        digest = corpus_digest(floor.path)
        print(
            f"{floor.name:<28} corpus {digest}" + ("" if digest == floor.corpus else f" (recorded for {floor.corpus})")
        )
        for key, least in (*floor.floors.items(), *floor.ceilings.items()):
            print(f"    {key:<24} {result.get(key)!s:<24} bound {least}")
        problems = failures(floor, result)
        broken += len(problems)
        for problem in problems:
            print(f"    BROKEN {problem}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
