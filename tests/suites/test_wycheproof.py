"""Wycheproof's vectors: what is invalid does not open, what is valid opens as it must."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from newsloom.adapters.crypto.sealing import decrypt, open_legacy
from newsloom.errors import SecuredError
from newsloom.vocab.secured import LegacyValue
from shared_data import shared


def vectors(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    groups = json.loads((shared("suites", "wycheproof") / name).read_text())["testGroups"]
    return [(group, test) for group in groups for test in group["tests"]]


def test_aes_cbc_with_pkcs7_padding() -> None:
    tried = 0
    for _, test in vectors("aes_cbc_pkcs5_test.json"):
        value = LegacyValue(bytes.fromhex(test["ct"]), bytes.fromhex(test["iv"]))
        if not value.ciphertext or len(value.ciphertext) % 16:
            continue  # such a value is refused before a key is asked for (read_secured)
        key = bytes.fromhex(test["key"])
        tried += 1
        if test["result"] == "valid":
            assert open_legacy(value, key) == bytes.fromhex(test["msg"]), test
        else:
            with pytest.raises(SecuredError):
                open_legacy(value, key)
    assert tried > 100


def test_aes_gcm_with_nonces_of_96_bits() -> None:
    tried = 0
    for group, test in vectors("aes_gcm_test.json"):
        if group["ivSize"] != 96 or group["tagSize"] != 128:
            continue
        data = bytes.fromhex(test["iv"] + test["ct"] + test["tag"])
        key, context = bytes.fromhex(test["key"]), bytes.fromhex(test["aad"])
        tried += 1
        if test["result"] == "valid":
            assert decrypt(key, data, context) == bytes.fromhex(test["msg"]), test
        else:
            with pytest.raises(InvalidTag):
                decrypt(key, data, context)
    assert tried > 100
