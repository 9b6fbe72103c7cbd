"""What is sealed opens only as it was, at its place, with its key."""

import pytest

from mimamori.privacy.sealed import MARK, NONCE, seal, unseal
from mimamori.refusal import Refused

KEY, OTHER = b"k" * 32, b"o" * 32
CONTENT = "診断書".encode()


def test_sealed_and_opened() -> None:
    sealed = seal(CONTENT, KEY, place="a")
    assert unseal(sealed, KEY, place="a") == CONTENT
    assert CONTENT not in sealed
    assert seal(CONTENT, KEY, place="a") != sealed, "two of the same do not look the same"


@pytest.mark.parametrize("at", [0, len(MARK), len(MARK) + NONCE, -1])
def test_one_changed_byte_is_refused(at: int) -> None:
    sealed = bytearray(seal(CONTENT, KEY, place="a"))
    sealed[at] ^= 1
    with pytest.raises(Refused):
        unseal(bytes(sealed), KEY, place="a")


@pytest.mark.parametrize(("key", "place"), [(OTHER, "a"), (KEY, "b")])
def test_another_key_or_another_place_is_refused(key: bytes, place: str) -> None:
    with pytest.raises(Refused):
        unseal(seal(CONTENT, KEY, place="a"), key, place=place)


@pytest.mark.parametrize("cut", [b"", MARK, MARK + b"n" * 5])
def test_a_stump_is_refused(cut: bytes) -> None:
    with pytest.raises(Refused):
        unseal(cut, KEY, place="a")
