"""Settings: from the environment, else from `$MIMAMORI_HOME/mimamori.toml`, else the default; unknown ones are refused.

| setting | environment | default | meaning |
| --- | --- | --- | --- |
| – | `MIMAMORI_HOME` | `./var` | the one folder that holds all state |
| `database_url` | `DATABASE_URL` | SQLite in the home | `postgresql://user:password@host:port/name` in production |
| `port` | `MIMAMORI_PORT` | 8000 | port of `mimamori serve` and `demo` |
| `bind` | `MIMAMORI_BIND` | 127.0.0.1 | address of `mimamori serve` and `demo` |
| `allowed_hosts` | `MIMAMORI_ALLOWED_HOSTS` | localhost,127.0.0.1 | host names the web answers to, comma-separated |
| `https` | `MIMAMORI_HTTPS` | false | true behind a TLS proxy: cookies are then sent over TLS only |
| `threads` | `MIMAMORI_THREADS` | 2 | threads of DuckDB and of the web server |
| `memory_gib` | `MIMAMORI_MEMORY_GIB` | 6 | memory DuckDB may take; a city of 1.6 million fits |
| `language` | `MIMAMORI_LANGUAGE` | ja | language of the command line: ja or en |
| `snapshots_kept` | `MIMAMORI_SNAPSHOTS_KEPT` | 7 | how many snapshots stay on the disk |
| `mail_host` | `MIMAMORI_MAIL_HOST` | none | the office's mail server, for `mimamori notify` |
| `mail_port` | `MIMAMORI_MAIL_PORT` | 25 | its port |
| `mail_from` | `MIMAMORI_MAIL_FROM` | mimamori@localhost | the sender of its mails |
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mimamori.refusal import Refused

ENVIRONMENT = {
    "database_url": "DATABASE_URL",
    "port": "MIMAMORI_PORT",
    "bind": "MIMAMORI_BIND",
    "allowed_hosts": "MIMAMORI_ALLOWED_HOSTS",
    "https": "MIMAMORI_HTTPS",
    "threads": "MIMAMORI_THREADS",
    "memory_gib": "MIMAMORI_MEMORY_GIB",
    "language": "MIMAMORI_LANGUAGE",
    "snapshots_kept": "MIMAMORI_SNAPSHOTS_KEPT",
    "mail_host": "MIMAMORI_MAIL_HOST",
    "mail_port": "MIMAMORI_MAIL_PORT",
    "mail_from": "MIMAMORI_MAIL_FROM",
}


@dataclass(frozen=True)
class Config:
    """One installation's settings (see the table above)."""

    home: Path
    database_url: str = ""
    port: int = 8000
    bind: str = "127.0.0.1"
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    https: bool = False
    threads: int = 2
    memory_gib: int = 6
    language: str = "ja"
    snapshots_kept: int = 7
    mail_host: str = ""
    mail_port: int = 25
    mail_from: str = "mimamori@localhost"

    @property
    def deliveries(self) -> Path:
        return self.home / "deliveries"

    @property
    def snapshots(self) -> Path:
        return self.home / "snapshots"

    @property
    def zone(self) -> Path:
        return self.home / "zone"

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def attachments(self) -> Path:
        return self.home / "attachments"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def database(self) -> Path:
        return self.home / "db.sqlite3"


def home_of(environment: Mapping[str, str] = os.environ) -> Path:
    """The one folder that holds all state."""
    return Path(environment.get("MIMAMORI_HOME", "") or "var").absolute()


def load(environment: Mapping[str, str] = os.environ) -> Config:
    """Read the settings; raises `Refused` for an unknown name or a value of the wrong kind."""
    home = home_of(environment)
    known_environment = {*ENVIRONMENT.values(), "MIMAMORI_HOME"}
    for name in environment:
        if name.startswith("MIMAMORI_") and name not in known_environment:
            raise Refused(
                f"設定 {name} はありません。環境変数の名前を確かめてください。", f"There is no setting {name}."
            )
    found = _from_file(home / "mimamori.toml")
    for field, variable in ENVIRONMENT.items():
        if value := environment.get(variable, ""):
            found[field] = value
    return Config(home=home, **{name: _typed(name, value) for name, value in found.items()})


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(
            "mimamori.toml が読めません(TOML の書式誤り)。", f"mimamori.toml cannot be read: {error}"
        ) from error
    for name in found:
        if name not in ENVIRONMENT:
            raise Refused(f"mimamori.toml の設定 {name} はありません。", f"mimamori.toml: there is no setting {name}.")
    return found


def _typed(name: str, value: Any) -> Any:
    default = next(field.default for field in fields(Config) if field.name == name)
    wrong = Refused(f"設定 {name} の値が正しくありません。", f"The value of the setting {name} is not valid.")
    if isinstance(default, bool):
        if str(value).lower() not in {"true", "false"}:
            raise wrong
        return str(value).lower() == "true"
    if isinstance(default, int):
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise wrong from None
        if not 0 < number < 65536:
            raise wrong
        return number
    if isinstance(default, tuple):
        parts = value if isinstance(value, list) else str(value).split(",")
        return tuple(str(part).strip() for part in parts if str(part).strip())
    if name == "language" and value not in {"ja", "en"}:
        raise wrong
    return str(value)
