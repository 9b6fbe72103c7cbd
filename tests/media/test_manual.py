"""The manual of media: every command it shows is one the product has."""

import pytest
from tests.house.test_manual import commands, parsed

LINES = commands("docs/media.md")


def test_each_command_is_shown() -> None:
    assert {line.split()[2] for line in LINES} >= {"key", "trust", "pack", "receive", "ledger", "erase"}


@pytest.mark.parametrize("line", LINES)
def test_the_command_exists(line: str) -> None:
    assert next(parsed(line)) == "media"
