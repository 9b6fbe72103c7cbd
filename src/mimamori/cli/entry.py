"""The entry of `mimamori`: which command lives where, and how refusals and faults end."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from mimamori.config import Config, load
from mimamori.refusal import Refused

# Group headings and the commands under them, in the order data walks; each command is `mimamori.cli.<module>:command`.
COMMANDS: dict[str, tuple[str, ...]] = {
    "はじめに / Start": ("demo", "serve"),
    "入力 / Input": ("sources", "city", "receive", "deliveries", "media"),
    "夜間処理 / The night": ("night", "notify", "quality", "explain"),
    "抽出 / Screening": ("screen", "models"),
    "人と記録 / People and the trail": ("accounts", "disclose", "audit"),
}


class Commands(click.Group):
    """Loads a command's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in COMMANDS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"mimamori.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, names in COMMANDS.items():
            rows = [(name, self._short_help(ctx, name)) for name in names]
            with formatter.section(heading):
                formatter.write_dl(rows)

    def _short_help(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return command.get_short_help_str(90) if command else ""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mimamori", prog_name="mimamori")
def mimamori() -> None:
    """こどもの見守りシステム Mimamori / a city's child watch-over system."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `mimamori` and leave with the promised exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


def run(arguments: list[str]) -> int:
    """Run one command; returns its exit code (commands return 1 where something needs a person)."""
    english = os.environ.get("MIMAMORI_LANGUAGE", "ja").startswith("en")
    try:
        code = mimamori.main(args=arguments, prog_name="mimamori", standalone_mode=False)
    except Refused as refused:
        tell(refused.text("en" if english else "ja"))
        return 2
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "mimamori"
        tell(error.format_message() if english else f"指定に誤りがあります: {error.format_message()}")
        tell(f"See `{where} --help`." if english else f"使い方は `{where} --help` で確かめてください。")
        return 2
    except (click.Abort, KeyboardInterrupt):
        tell("Stopped." if english else "中止しました。")
        return 3
    return code if isinstance(code, int) else 0


def config() -> Config:
    """The settings of this call."""
    return load()


def setup_django() -> None:
    """Make Django's models usable; commands that touch people's store call it first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mimamori.web.settings")
    import django

    django.setup()


def tell(message: str) -> None:
    """A message for a person: to standard error."""
    click.echo(message, err=True)


def put_json(document: Any) -> None:
    """The one JSON document of `--json`, to standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def say(ja: str, en: str) -> None:
    """A message in the user's language, to standard error."""
    tell(en if config().language == "en" else ja)
