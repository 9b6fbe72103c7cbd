from pathlib import Path

import pyrage
import pytest

from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused


def test_keys_are_made_once_and_only_for_this_account(tmp_path: Path) -> None:
    first, again = KeyRing(tmp_path / "keys"), KeyRing(tmp_path / "keys")
    assert first.data_key == again.data_key and len(first.data_key) == 32
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    first.age_identity()
    assert {path.name for path in (tmp_path / "keys").iterdir()} == {"data.key", "age.key"}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "keys").iterdir())


def test_age_opens_what_was_closed(tmp_path: Path) -> None:
    closed = pyrage.encrypt("髙﨑".encode(), [KeyRing(tmp_path).age_recipient()])
    assert pyrage.decrypt(closed, [KeyRing(tmp_path).age_identity()]).decode() == "髙﨑"


def test_derived_secrets_differ_by_purpose_and_by_installation(tmp_path: Path) -> None:
    ring, other = KeyRing(tmp_path / "a"), KeyRing(tmp_path / "b")
    secrets = [ring.pseudonym_key("a"), ring.pseudonym_key("b"), ring.data_key, bytes.fromhex(ring.django_secret())]
    assert len(set(secrets)) == 4
    assert ring.pseudonym_key("a") == KeyRing(tmp_path / "a").pseudonym_key("a") != other.pseudonym_key("a")


@pytest.mark.parametrize("name", ["data.key", "age.key"])
@pytest.mark.parametrize("content", [b"short", b"", b"\xff\x00"])
def test_a_broken_key_is_refused_and_never_replaced(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match="broken"):
        _ = KeyRing(tmp_path).data_key if name == "data.key" else KeyRing(tmp_path).age_identity()
    assert (tmp_path / name).read_bytes() == content
