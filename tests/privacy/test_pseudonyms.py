"""Tokens of a project: the same child the same, another project another, and no number of an office leads to one."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from mimamori.privacy.keys import KeyRing
from mimamori.privacy.pseudonyms import Pseudonyms

CASES = ["C-3F7K2M", "C-91QX0A", "C-3F7K2M"]


@pytest.fixture
def keyring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def column(values: Sequence[str | None]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, pa.string())])


def test_a_child_has_one_token_in_a_project_and_another_in_the_next(keyring: KeyRing) -> None:
    one, other = Pseudonyms(keyring, "abuse-2026", 1), Pseudonyms(keyring, "absence-2026", 1)
    tokens = one.children(column(CASES)).to_pylist()
    assert tokens[0] == tokens[2] == one.child(CASES[0])
    assert not set(tokens) & set(other.children(column(CASES)).to_pylist())


def test_a_key_of_a_higher_version_shares_no_token(keyring: KeyRing) -> None:
    old, new = Pseudonyms(keyring, "abuse-2026", 1), Pseudonyms(keyring, "abuse-2026", 2)
    assert not set(old.children(column(CASES)).to_pylist()) & set(new.children(column(CASES)).to_pylist())


def test_versions_and_names_do_not_run_into_each_other(keyring: KeyRing) -> None:
    assert Pseudonyms(keyring, "a-1", 11).child("x") != Pseudonyms(keyring, "a-11", 1).child("x")


def test_a_household_is_no_child_and_none_stays_none(keyring: KeyRing) -> None:
    tokens = Pseudonyms(keyring, "abuse-2026", 1)
    found = tokens.households(column(["C-3F7K2M", None])).to_pylist()
    assert found[1] is None
    assert found[0] != tokens.child("C-3F7K2M")


def test_home_again_among_the_numbers_that_stand_now(keyring: KeyRing) -> None:
    tokens = Pseudonyms(keyring, "abuse-2026", 1)
    sent = [tokens.child("C-91QX0A"), "0" * 32]
    assert tokens.relink(sent, ["C-3F7K2M", "C-91QX0A"]) == {sent[0]: "C-91QX0A"}


@pytest.mark.parametrize("name", ["", "../keys", "Abuse", "虐待", "a" * 49])
def test_a_name_that_is_no_folder_is_no_project(keyring: KeyRing, name: str) -> None:
    with pytest.raises(ValueError, match="project"):
        Pseudonyms(keyring, name, 1)


@pytest.mark.parametrize("guess", ["plain", "sha256", "hmac with an empty key", "hmac with a key of one's own"])
def test_hashing_every_number_there_is_finds_no_child(keyring: KeyRing, guess: str) -> None:
    """Trial 25, in small: every number of a space is tried, and the child's is among them."""
    tokens = Pseudonyms(keyring, "abuse-2026", 1)
    numbers = [f"{number:08d}" for number in range(20_000)]
    in_zone = set(tokens.children(column(numbers[4_000:4_100])).to_pylist())
    own = os.urandom(32)
    ways: dict[str, Callable[[str], str]] = {
        "plain": lambda text: text.encode().hex(),
        "sha256": lambda text: hashlib.sha256(text.encode()).hexdigest(),
        "hmac with an empty key": lambda text: hmac.digest(b"", text.encode(), "sha256").hex(),
        "hmac with a key of one's own": lambda text: hmac.digest(own, text.encode(), "sha256").hex(),
    }
    tried = ways[guess]
    texts = [f"{kind}{number}" for number in numbers for kind in ("", "child:")]
    assert not {tried(text)[:32] for text in texts} & in_zone
    assert in_zone == {tokens.child(number) for number in numbers[4_000:4_100]}  # with the key each is found
