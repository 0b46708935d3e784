"""Private fields as their owner meets them: sealed in a record, kept by runs, rotated under kills, never published."""

from __future__ import annotations

import base64
import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from newsloom.adapters.crypto.keys import read_keys
from newsloom.adapters.crypto.sealing import AesGcmSealer
from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.flow.secure import show_fields
from newsloom.vocab.secured import write_secured
from portal_runs import Demo, done, newsloom, record_bytes, refused

HARNESS = Path(__file__).parents[1] / "run_and_kill.py"
RECORDS = int(os.environ.get("NEWSLOOM_ROTATE_RECORDS", "150"))
"""Sealed records under kills; the long form is NEWSLOOM_ROTATE_RECORDS=10000."""
KILLS = 12


@pytest.fixture
def portal(demo: Demo, tmp_path: Path) -> Path:
    folder = tmp_path / "portal"
    shutil.copytree(demo.portal, folder)
    settings = folder / "newsloom.toml"
    settings.write_text(f'{settings.read_text()}\n[secured]\nkey_file = "{tmp_path / "keys"}"\n')
    done("secure", "key", tmp_path / "keys", "--portal", folder)
    return folder


def first_item(portal: Path) -> str:
    return str(done("review", "list", "--portal", portal, "-n", "1", "--only", "published", "--json").json[0]["id"])


def test_a_note_is_sealed_once_shown_to_its_owner_and_published_nowhere(portal: Path) -> None:
    item = first_item(portal)
    assert "sealed" in done("secure", "set", item, "note", "Quell-Notiz, vertraulich", "--portal", portal).out
    before = record_bytes(portal)
    assert "unchanged" in done("secure", "set", item, "note", "Quell-Notiz, vertraulich", "--portal", portal).out
    done("secure", "rotate", "--portal", portal)
    done("publish", "--portal", portal, "--now", "2026-03-20")
    assert record_bytes(portal) == before
    assert done("secure", "show", item, "--portal", portal, "--json").json == {"note": "Quell-Notiz, vertraulich"}
    assert done("secure", "show", item, "note", "--portal", portal).out == "Quell-Notiz, vertraulich\n"
    everywhere = b"".join(path.read_bytes() for path in portal.rglob("*") if path.is_file())
    assert b"vertraulich" not in everywhere
    done("secure", "set", item, "note", "", "--portal", portal)
    assert newsloom("secure", "show", item, "--portal", portal).code == 1
    assert not any(re.search(rb"^secured:", data, re.MULTILINE) for data in record_bytes(portal).values())


@pytest.mark.parametrize("value", [(), ("-",)])
@pytest.mark.parametrize("typed", ["", "\n"])
def test_empty_input_takes_no_note_away(portal: Path, value: tuple[str, ...], typed: str) -> None:
    item = first_item(portal)
    done("secure", "set", item, "note", "Ask first", "--portal", portal)
    before = record_bytes(portal)
    assert "nothing was changed" in refused(2, "secure", "set", item, "note", *value, "--portal", portal, typed=typed)
    assert record_bytes(portal) == before
    assert done("secure", "show", item, "note", "--portal", portal).out == "Ask first\n"


def test_a_run_and_the_loss_of_the_working_state_leave_a_note_alone(portal: Path) -> None:
    item = first_item(portal)
    done("secure", "set", item, "note", "Ask first", "--portal", portal)
    shutil.rmtree(portal / ".newsloom")
    done("review", "edit", item, "title", "Another title", "--portal", portal)
    assert done("secure", "show", item, "--portal", portal, "--json").json == {"note": "Ask first"}


def test_a_note_moved_to_another_record_does_not_open(portal: Path) -> None:
    here, there = (row["id"] for row in done("review", "list", "--portal", portal, "-n", "2", "--json").json)
    done("secure", "set", here, "note", "Ask first", "--portal", portal)
    done("secure", "set", there, "note", "Another", "--portal", portal)
    values = {}
    for path in (portal / "_news").iterdir():
        if match := re.search(rb'^secured: "(.*)"$', path.read_bytes(), re.MULTILINE):
            values[path] = match[1]
    (one, first), (two, second) = values.items()
    one.write_bytes(one.read_bytes().replace(first, second))
    two.write_bytes(two.read_bytes().replace(second, first))
    for item in (here, there):
        assert "does not open" in refused(1, "secure", "show", item, "--portal", portal)
    told = newsloom("secure", "rotate", "--portal", portal)
    assert (told.code, (told.out + told.err).count("does not open")) == (1, 2), told


def test_what_a_person_can_do_wrong_is_told(portal: Path, tmp_path: Path) -> None:
    item = first_item(portal)
    assert "cannot name a private field" in refused(2, "secure", "set", item, "No Te", "x", "--portal", portal)
    assert "no record answers" in refused(2, "secure", "set", "ffffffffffffffff", "note", "x", "--portal", portal)
    assert "do not belong" in refused(2, "secure", "key", portal / "keys", "--portal", portal)
    (tmp_path / "keys").unlink()
    assert "secure key" in refused(2, "secure", "set", item, "note", "x", "--portal", portal)


def test_values_of_the_origin_stay_until_their_owner_takes_them_over(portal: Path, tmp_path: Path) -> None:
    key, vector = b"k" * 32, b"v" * 16
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    padded = padder.update("Käthe, 555-0100".encode()) + padder.finalize()
    old = ";".join(
        base64.b64encode(part).decode() for part in (encryptor.update(padded) + encryptor.finalize(), vector)
    )
    item = first_item(portal)
    done("review", "edit", item, "secured", old, "--portal", portal)
    before = record_bytes(portal)
    assert "the origin's" in refused(1, "secure", "set", item, "note", "x", "--portal", portal)
    assert "1 of the origin's form left" in done("secure", "rotate", "--portal", portal).out
    assert "old key" in refused(2, "secure", "show", item, "--portal", portal)
    (tmp_path / "wrong").write_text("00" * 32)
    (tmp_path / "old").write_text(key.hex())
    assert newsloom("secure", "migrate", "--portal", portal, "--old-key-file", tmp_path / "wrong").code == 1
    assert record_bytes(portal) == before
    shown = done("secure", "show", item, "--portal", portal, "--old-key-file", tmp_path / "old")
    assert "Käthe, 555-0100" in shown.out
    assert "nothing proves" in shown.err
    done("secure", "migrate", "--portal", portal, "--old-key-file", tmp_path / "old")
    assert done("secure", "show", item, "--portal", portal, "--json").json == {"origin": "Käthe, 555-0100"}


def test_a_rotation_killed_anywhere_leaves_every_record_readable(demo: Demo, tmp_path: Path) -> None:
    portal, keys = tmp_path / "portal", tmp_path / "keys"
    _sealed_portal(demo, portal, keys)
    runs = subprocess.Popen([sys.executable, HARNESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def rotate(seconds: float) -> tuple[float, int]:
        assert runs.stdin
        assert runs.stdout
        runs.stdin.write(json.dumps([seconds, "secure", "rotate", "--portal", str(portal)]) + "\n")
        runs.stdin.flush()
        took, code, _ = runs.stdout.readline().split()
        return float(took), int(code)

    _readable(portal, keys)
    took, code = rotate(-1)
    assert code == 0
    chance, killed = random.Random(5), 0
    for _ in range(KILLS):
        done("secure", "key", keys, "--portal", portal)
        killed += rotate(chance.uniform(0, took))[1] == -9
        _readable(portal, keys)
    assert rotate(-1)[1] == 0
    assert _readable(portal, keys) == {read_keys(keys, {}, portal=portal).current}
    assert killed > KILLS // 3
    runs.communicate(timeout=60)


def _sealed_portal(demo: Demo, portal: Path, keys: Path) -> None:
    """Make a portal of RECORDS records with a sealed note each."""
    portal.mkdir()
    (portal / "newsloom.toml").write_text(f'[secured]\nkey_file = "{keys}"\n')
    done("secure", "key", keys, "--portal", portal)
    sealer = AesGcmSealer(read_keys(keys, {}, portal=portal))
    template = min((demo.portal / "_news").glob("*.md")).read_text()
    for number in range(RECORDS):
        item = f"{number:016x}"
        value = write_secured({"note": sealer.seal(f"Note {number}", record=item, field="note")})
        text = re.sub(r"(?m)^  id: .*$", f'  id: "{item}"', template, count=1)
        text = text.replace("\nnewsloom:", f'\nsecured: "{value}"\n\nnewsloom:', 1)
        file = portal / "_news" / f"2026-03-02-item-{number}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)


def _readable(portal: Path, keys: Path) -> set[str]:
    """See that every note opens; return the ids of the keys in use."""
    sealer = AesGcmSealer(read_keys(keys, {}, portal=portal))
    files, torn = MarkdownRecordFolder(portal).read_all()
    assert not torn
    notes = {file.path: show_fields(sealer, file) for file in files}
    assert sorted(note["note"] for note in notes.values()) == sorted(f"Note {number}" for number in range(RECORDS))
    return {str(re.findall(r"=([0-9a-f]{8}):", file.record.secured or "")[0]) for file in files}
