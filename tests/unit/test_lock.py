"""One run at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsloom.adapters.files.lock import PortalLock
from newsloom.errors import PortalLocked, StorageError


def test_a_second_run_is_told_who_is_at_work(tmp_path: Path) -> None:
    with PortalLock(tmp_path):
        with pytest.raises(PortalLocked, match=f"process {os.getpid()}") as caught, PortalLock(tmp_path):
            pass
        assert caught.value.exit_code == 5 and caught.value.hint
    with PortalLock(tmp_path), pytest.raises(PortalLocked), PortalLock(tmp_path):
        pass


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    code = "import os, sys; from pathlib import Path; from newsloom.adapters.files.lock import PortalLock\n"
    code += "PortalLock(Path(sys.argv[1])).__enter__(); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 9
    with PortalLock(tmp_path):
        assert (tmp_path / ".newsloom/lock").read_text().startswith(f"{os.getpid()}\n")


def test_who_was_overtaken_is_told(tmp_path: Path) -> None:
    with PortalLock(tmp_path) as first:
        first.check()
        (tmp_path / ".newsloom/lock").unlink()
        with pytest.raises(PortalLocked, match="overtaken"):
            first.check()
        with PortalLock(tmp_path) as second:  # the lock was removed, so nothing keeps a second run out
            second.check()
            with pytest.raises(PortalLocked, match="overtaken") as caught:
                first.check()
            assert caught.value.exit_code == 5


def test_a_lock_that_a_network_drive_let_go_is_noticed(tmp_path: Path) -> None:
    with PortalLock(tmp_path) as first:
        (tmp_path / ".newsloom/lock").write_text("77\n00ff\n")  # the same file, held by another machine
        with pytest.raises(PortalLocked, match="overtaken"):
            first.check()


def test_a_lock_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / ".newsloom").write_text("in the way")
    with pytest.raises(StorageError, match="make the lock"), PortalLock(tmp_path):
        pass
