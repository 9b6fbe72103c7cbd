"""Settings: from the environment, then the file, then the default; unknown and mistyped ones are refused."""

from pathlib import Path

import pytest

from mimamori import config
from mimamori.refusal import Refused


def test_defaults(tmp_path: Path) -> None:
    found = config.load({"MIMAMORI_HOME": str(tmp_path)})
    assert (found.home, found.port, found.database_url, found.https) == (tmp_path, 8000, "", False)
    assert found.database == tmp_path / "db.sqlite3"


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "mimamori.toml").write_text('port = 9000\nallowed_hosts = ["a.example", "b.example"]\nhttps = true\n')
    found = config.load({"MIMAMORI_HOME": str(tmp_path), "MIMAMORI_PORT": "9100"})
    assert (found.port, found.allowed_hosts, found.https) == (9100, ("a.example", "b.example"), True)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"MIMAMORI_PROT": "8000"}, "MIMAMORI_PROT"),
        ({"MIMAMORI_PORT": "eight"}, "port"),
        ({"MIMAMORI_PORT": "0"}, "port"),
        ({"MIMAMORI_PORT": "65536"}, "port"),
        ({"MIMAMORI_HTTPS": "yes"}, "https"),
        ({"MIMAMORI_LANGUAGE": "fr"}, "language"),
    ],
)
def test_bad_environment_is_refused(tmp_path: Path, environment: dict[str, str], named: str) -> None:
    with pytest.raises(Refused) as refused:
        config.load({"MIMAMORI_HOME": str(tmp_path), **environment})
    assert named in refused.value.ja
    assert named in refused.value.en


@pytest.mark.parametrize("text", ["prot = 1\n", "port = \n", 'port = "x"\n'])
def test_bad_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "mimamori.toml").write_text(text)
    with pytest.raises(Refused):
        config.load({"MIMAMORI_HOME": str(tmp_path)})


def test_every_setting_is_documented() -> None:
    documented = config.__doc__ or ""
    for field, variable in config.ENVIRONMENT.items():
        assert f"| `{field}` | `{variable}` |" in documented
