from pathlib import Path

import pytest
from tests.media.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A school with a key that the city has registered."""
    made = Office(tmp_path)
    made.register()
    return made
