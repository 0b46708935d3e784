"""Private fields: the value's form, the keys, and that nothing changed or moved ever opens."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import given
from hypothesis import strategies as st

from newsloom.adapters.crypto.keys import KEYS_VARIABLE, KeyRing, add_key, key_id, read_keys, read_old_key
from newsloom.adapters.crypto.sealing import AesGcmSealer, open_legacy
from newsloom.errors import ConfigError, SecuredError
from newsloom.vocab.secured import LegacyValue, SealedField, read_secured, write_secured

KEY, OTHER = bytes(range(32)), bytes(range(32, 64))


def ring(*keys: bytes) -> KeyRing:
    return KeyRing({key_id(key): key for key in keys}, key_id(keys[0]))


@given(st.text(), st.text(min_size=1), st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True))
def test_what_is_sealed_opens_again_in_its_place(text: str, record: str, field: str) -> None:
    try:
        text.encode()
        record.encode()
    except UnicodeEncodeError:
        return
    sealer = AesGcmSealer(ring(KEY))
    value = write_secured({field: sealer.seal(text, record=record, field=field)})
    assert value is not None
    read = read_secured(value)
    assert isinstance(read, dict)
    assert sealer.open(read[field], record=record, field=field) == text


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True), st.binary(min_size=1), min_size=1))
def test_a_value_reads_as_it_was_written(fields: dict[str, bytes]) -> None:
    sealed = {name: SealedField("0123abcd", data) for name, data in fields.items()}
    assert read_secured(write_secured(sealed) or "") == sealed


@given(st.text())
def test_any_text_is_read_or_refused(value: str) -> None:
    try:
        read = read_secured(value)
    except SecuredError as error:
        assert error.message
    else:
        assert isinstance(read, LegacyValue) or write_secured(read) in (value, None)


def test_no_changed_character_of_a_value_opens() -> None:
    sealer = AesGcmSealer(ring(KEY, OTHER))
    value = write_secured({"note": sealer.seal("Ask before noon", record="r1", field="note")}) or ""
    for place in range(len(value)):
        for other in {"A", "z", "0", ";", "=", chr(ord(value[place]) ^ 1)} - {value[place]}:
            changed = value[:place] + other + value[place + 1 :]
            with pytest.raises(SecuredError):
                read = read_secured(changed)
                assert isinstance(read, dict)
                # Each field is opened under the name the value gives it, as the command does.
                for name, sealed in read.items():
                    sealer.open(sealed, record="r1", field=name)


def test_no_flipped_bit_and_no_shorter_value_opens() -> None:
    sealer = AesGcmSealer(ring(KEY))
    sealed = sealer.seal("Ask before noon", record="r1", field="note")
    flipped = [
        bytes([*sealed.data[:byte], sealed.data[byte] ^ (1 << bit), *sealed.data[byte + 1 :]])
        for byte in range(len(sealed.data))
        for bit in range(8)
    ]
    for data in (*flipped, *(sealed.data[:length] for length in range(len(sealed.data)))):
        with pytest.raises(SecuredError, match="does not open"):
            sealer.open(SealedField(sealed.key, data), record="r1", field="note")


@pytest.mark.parametrize(("record", "field"), [("r2", "note"), ("r1", "contact"), ("r1\0note", ""), ("", "r1note")])
def test_a_value_opens_in_no_other_record_or_field(record: str, field: str) -> None:
    sealer = AesGcmSealer(ring(KEY))
    with pytest.raises(SecuredError, match="does not open"):
        sealer.open(sealer.seal("x", record="r1", field="note"), record=record, field=field)


def test_a_value_names_its_key_and_no_other_is_tried() -> None:
    sealed = AesGcmSealer(ring(OTHER)).seal("x", record="r1", field="note")
    with pytest.raises(SecuredError, match="not at hand"):
        AesGcmSealer(ring(KEY)).open(sealed, record="r1", field="note")
    relabelled = SealedField(key_id(KEY), sealed.data)
    with pytest.raises(SecuredError, match="does not open"):
        AesGcmSealer(ring(KEY, OTHER)).open(relabelled, record="r1", field="note")
    assert AesGcmSealer(ring(KEY, OTHER)).open(sealed, record="r1", field="note") == "x"


def test_the_same_text_is_sealed_with_another_nonce_each_time() -> None:
    sealer = AesGcmSealer(ring(KEY))
    assert len({sealer.seal("x", record="r1", field="note").data[:12] for _ in range(100)}) == 100


def test_a_value_of_the_origin_is_read_with_its_key_only() -> None:
    vector = os.urandom(16)
    padder = PKCS7(128).padder()
    padded = padder.update(b"call back") + padder.finalize()
    encryptor = Cipher(algorithms.AES(KEY), modes.CBC(vector)).encryptor()
    ciphertext = encryptor.update(padded) + encryptor.finalize()
    value = read_secured(f"{base64.b64encode(ciphertext).decode()};{base64.b64encode(vector).decode()}")
    assert isinstance(value, LegacyValue)
    assert open_legacy(value, KEY) == b"call back"
    wrong = 0
    for number in range(64):
        try:
            wrong += open_legacy(value, bytes([number]) * 32) == b"call back"
        except SecuredError:
            continue
    assert not wrong


def test_keys_are_read_from_the_environment_first(tmp_path: Path) -> None:
    file = tmp_path / "away" / "keys"
    first = add_key(file, portal=tmp_path / "portal")
    environment = {KEYS_VARIABLE: f"{base64.b64encode(KEY).decode()},{base64.b64encode(OTHER).decode()}"}
    assert read_keys(file, {}, portal=tmp_path / "portal").current == first
    assert read_keys(file, environment, portal=tmp_path / "portal") == ring(KEY, OTHER)


def test_a_new_key_goes_first_and_the_older_stay(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("# mine\n")
    made = [add_key(file, portal=tmp_path / "portal") for _ in range(3)]
    assert list(read_keys(file, {}, portal=tmp_path / "portal").keys) == made[::-1]
    assert "# mine\n" in file.read_text()
    assert all(key.hex() not in repr(read_keys(file, {}, portal=tmp_path / "portal")) for key in (KEY, OTHER))


def test_a_key_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "keys"
    add_key(file, portal=tmp_path / "portal")
    assert file.stat().st_mode & 0o777 == 0o600
    add_key(file, portal=tmp_path / "portal")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("inside", ["keys", ".newsloom/keys", "a/../keys"])
def test_keys_do_not_lie_in_the_portal(tmp_path: Path, inside: str) -> None:
    with pytest.raises(ConfigError, match="do not belong"):
        add_key(tmp_path / inside, portal=tmp_path)
    link = tmp_path.parent / f"link-{tmp_path.name}"
    link.symlink_to(tmp_path)
    with pytest.raises(ConfigError, match="do not belong"):
        read_keys(link / "keys", {}, portal=tmp_path)


@pytest.mark.parametrize(
    "content", ["", "# nothing\n", "c2hvcnQ=\n", "not base64!\n", base64.b64encode(KEY + b"x").decode()]
)
def test_what_is_no_key_is_refused_and_not_shown(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys"
    file.write_text(content)
    with pytest.raises(ConfigError) as refused:
        read_keys(file, {}, portal=tmp_path / "portal")
    for word in content.split():
        assert len(word) < 8 or word not in str(refused.value)


@pytest.mark.parametrize("write", [bytes.hex, lambda key: base64.b64encode(key).decode()])
@pytest.mark.parametrize("length", [16, 24, 32])
def test_an_old_key_is_hexadecimal_or_base64(write: Callable[[bytes], str], length: int) -> None:
    key = bytes(range(100, 100 + length))
    assert read_old_key(f" {write(key)}\n", where="x") == key
    with pytest.raises(ConfigError, match="no AES key"):
        read_old_key(write(key)[:-4], where="x")
