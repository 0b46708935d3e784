"""Running the command, in this process or in one of its own, and looking at what it left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from invented_news import Story
from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.cli.main import app
from newsloom.model.record import Record, RecordFile


class Told:
    """What a command said and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        """Return its standard output as JSON."""
        return json.loads(self.out)

    def __repr__(self) -> str:
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


@dataclass(frozen=True)
class Demo:
    """The portal that `newsloom demo` left (not to be changed: copy it), and what it printed."""

    portal: Path
    told: dict[str, Any]


def newsloom(*arguments: object, typed: str | None = None) -> Told:
    """Run the command in this process, *typed* on its standard input. An exception it lets out comes out here."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Told(result.exit_code, result.stdout, result.stderr)


def done(*arguments: object) -> Told:
    """Run the command in this process, and see that it ends well."""
    told = newsloom(*arguments)
    assert told.code == 0, told
    return told


def refused(code: int, *arguments: object, typed: str | None = None) -> str:
    """Run the command in this process, see that it ends with *code* and one error, and return that."""
    told = newsloom(*arguments, typed=typed)
    assert told.code == code, told
    return one_error(told)


def one_error(told: Told) -> str:
    """Return the one error that was told; no stack trace beside it."""
    assert "Traceback" not in told.err + told.out, told
    assert told.err.count("error:") == 1, told
    return told.err[told.err.index("error:") :]


def start(*arguments: object, prepare: Callable[[], None] | None = None, **environment: str) -> subprocess.Popen[str]:
    """Start the command in a process of its own, which Ctrl-C ends even where these tests run in a shell's background."""

    def begin() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if prepare is not None:
            prepare()

    return subprocess.Popen(
        [sys.executable, "-m", "newsloom", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=begin,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment},
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> Told:
    """Wait until *process* ends, and return what it told."""
    out, err = process.communicate(timeout=900)
    return Told(process.returncode, out, err)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Have no right to what permissions forbid, when the tests are run by root too.

    Modules must be loaded before: those of root's own Python cannot be, meanwhile.
    """
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def open_way(portal: Path) -> None:
    """Let everybody reach *portal*: the folders that pytest makes are for their owner alone."""
    for folder in (portal, *portal.parents):
        if folder.stat().st_uid == os.geteuid() and folder.is_relative_to(tempfile.gettempdir()):
            folder.chmod(folder.stat().st_mode | 0o055)


def remove_site(portal: Path) -> None:
    """Remove the published site: the link, or the folder that a copy of the portal made of it."""
    site = portal / "_site"
    if site.is_symlink():
        site.unlink()
    else:
        shutil.rmtree(site)


def tree(folder: Path, *, but: tuple[str, ...] = (".newsloom", ".site")) -> dict[str, bytes]:
    """Return every file under *folder* with its bytes, those of the top-level names *but* left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in but
    }


def records(portal: Path) -> dict[str, RecordFile]:
    """Return the records of *portal* by title; no file may be torn, and no two may have one title."""
    files = record_files(portal)
    by_title = {file.record.title: file for file in files}
    assert len(by_title) == len(files), "two records have one title"
    return by_title


def record_files(portal: Path) -> Sequence[RecordFile]:
    """Return the records of *portal*; no file may be torn."""
    files, torn = MarkdownRecordFolder(portal).read_all()
    assert not torn
    return files


def record_bytes(portal: Path) -> dict[str, bytes]:
    """Return the record files of *portal*."""
    return {path: data for path, data in tree(portal).items() if path.startswith(("_news/", "_archive/"))}


def record_of(portal: Path, story: Story) -> Record:
    """Return what the record of *story* says."""
    return next(f.record for f in record_files(portal) if (f.record.web_url or "").endswith(story.path))


def id_of(portal: Path, story: Story) -> str:
    """Return the id of *story*'s item."""
    book = record_of(portal, story).bookkeeping
    assert book
    return book.id


def story_of(portal: Path, story: Story) -> str:
    """Return the id of the story that *story*'s item is in."""
    book = record_of(portal, story).bookkeeping
    assert book
    assert book.story
    return book.story


def add_setting(portal: Path, text: str) -> None:
    """Append *text* to the portal's settings."""
    path = portal / "newsloom.toml"
    path.write_text(path.read_text() + text)
