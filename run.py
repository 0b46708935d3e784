#!/usr/bin/env python3
"""Set newsloom up beside this file and run it: `python3 run.py demo`, `python3 run.py test`, or any newsloom command.

Standard library only. Makes `.venv` on first use, installs what `constraints.txt` pins, and runs. Needs Python 3.11 or
newer with its venv module (on Debian: `apt install python3-venv`).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")


def run(*command: str | Path, quiet: bool = False) -> None:
    """Run *command*; on failure say which step failed, with its output, and leave with its exit code."""
    done = subprocess.run([str(c) for c in command], cwd=ROOT, capture_output=quiet, text=True, check=False)
    if done.returncode != 0:
        print(f"run.py: this step failed: {' '.join(map(str, command))}", file=sys.stderr)
        if quiet:
            print(done.stdout + done.stderr, file=sys.stderr)
        sys.exit(done.returncode)


def make_environment() -> None:
    """Create `.venv` with uv in it, unless a working one is there."""
    if not PYTHON.exists():
        print("run.py: making .venv (first use)", file=sys.stderr)
        try:
            import ensurepip  # noqa: F401
            import venv

            venv.create(VENV, with_pip=True, clear=True)
        except (ImportError, subprocess.CalledProcessError):
            sys.exit(
                "run.py: this Python has no working venv module. On Debian: apt install python3-venv. Then run again."
            )
    if subprocess.run([PYTHON, "-m", "uv", "--version"], capture_output=True, check=False).returncode != 0:
        if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode != 0:
            run(PYTHON, "-m", "ensurepip", "--upgrade", quiet=True)
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv", quiet=True)


def install(what: str, *arguments: str) -> None:
    """Install *arguments* with uv under the constraints, once for each state of the files that say what is needed."""
    files = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    stamp = VENV / f".installed-{what}"
    wanted = hashlib.sha256(files + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"run.py: installing {what}", file=sys.stderr)
    run(PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON, "-c", "constraints.txt", *arguments)
    stamp.write_text(wanted)


def main(arguments: list[str]) -> int:
    """Run the command that *arguments* name and return its exit code."""
    if sys.version_info < (3, 11):
        sys.exit("run.py: newsloom needs Python 3.11 or newer; this is " + sys.version.split()[0])
    make_environment()
    install("newsloom", "-e", ".[embeddings]")
    if arguments[:1] == ["test"]:
        install("test-tools", "--group", "dev")
        return subprocess.call([PYTHON, "-m", "pytest", *arguments[1:]], cwd=ROOT)
    # So that what newsloom prints can be typed as it stands, with no environment activated.
    os.environ.setdefault("NEWSLOOM_COMMAND", f"python3 {os.path.relpath(__file__)}")
    return subprocess.call([SCRIPTS / "newsloom", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
