"""Seals open with their own key and for their own purpose alone, and the key file is nobody else's."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from landbank.errors import Invalid, Unavailable
from landbank.identity.sealing import Seal, Sealer


def test_key_is_made_at_first_use_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret.key"
    sealer = Sealer(path)
    assert not path.exists()
    seal = sealer.seal(b"hemligt", "totp user:7")
    assert path.stat().st_mode & 0o777 == 0o600
    assert Sealer(path).open(seal, "totp user:7") == b"hemligt"
    assert list(path.parent.iterdir()) == [path]


def test_seal_opens_for_no_other_purpose_and_with_no_other_key(tmp_path: Path) -> None:
    sealer, other = Sealer(tmp_path / "a"), Sealer(tmp_path / "b")
    seal = sealer.seal(b"hemligt", "totp user:7")
    assert seal.key_id == sealer.key_id != other.key_id
    for opener, purpose, one in (
        (sealer, "totp user:8", seal),
        (other, "totp user:7", seal),
        (sealer, "totp user:7", Seal(seal.key_id, seal.content[:-1] + bytes([seal.content[-1] ^ 1]))),
    ):
        with pytest.raises(Unavailable, match="can't be opened"):
            opener.open(one, purpose)


def test_same_secret_sealed_twice_is_two_seals(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path / "key")
    assert sealer.seal(b"hemligt", "x").content != sealer.seal(b"hemligt", "x").content


@pytest.mark.parametrize("forged", ["", "rubbish", "%%%", "å", base64.urlsafe_b64encode(b"x" * 40).decode()])
def test_text_that_was_not_sealed_here_is_none(tmp_path: Path, forged: str) -> None:
    sealer = Sealer(tmp_path / "key")
    assert sealer.open_text(sealer.seal_text("hej", "flow"), "flow") == "hej"
    assert sealer.open_text(forged, "flow") is None


def test_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(base64.b64encode(bytes(32)).decode())
    path.chmod(0o640)
    with pytest.raises(Unavailable, match="Others than its owner"):
        _ = Sealer(path).key


@pytest.mark.parametrize("content", ["", "short", base64.b64encode(b"x" * 31).decode(), "ÅÄÖ"])
def test_file_that_holds_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises((Invalid, Unavailable), match="key file"):
        _ = Sealer(path).key


def test_two_that_make_the_key_at_once_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Sealer(tmp_path / "key").key, range(24)))
    assert len(keys) == 1


def test_mark_depends_on_the_key(tmp_path: Path) -> None:
    a, b = Sealer(tmp_path / "a"), Sealer(tmp_path / "b")
    assert a.mark("anna 127.0.0.1") == a.mark("anna 127.0.0.1") != b.mark("anna 127.0.0.1")
