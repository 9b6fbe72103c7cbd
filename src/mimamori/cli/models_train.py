"""`mimamori models evaluate | train | compare`: every candidate held against the conditions in force."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.models_zone import BY, account_or_none
from mimamori.cli.options import JSON
from mimamori.cli.people import denials_told, open_store
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.screening.models.evaluation import Evaluation
    from mimamori.screening.models.figures import Table
    from mimamori.sources.item import Label

SEED = click.option("--seed", type=int, default=1, show_default=True, help="乱数の種 / seed: the same one, same bytes")
EVERY = 0.05  # of the work done, between two lines of progress


@click.command("evaluate")
@click.argument("project")
@SEED
@BY
@JSON
def evaluate_command(project: str, seed: int, by: str, as_json: bool) -> int:
    """どの方法が抽出条件を上まわるかを確かめる。何も登録しない / measure every candidate; nothing is kept.
    Ends with 1 where none may be offered."""
    settings = config()
    open_store()
    from mimamori import modelling

    account = account_or_none(by)
    with denials_told(account, "models evaluate"):
        found = modelling.evaluate(settings, project, by=account, seed=seed, tell=_Progress())
    if as_json:
        put_json(found.model_dump(mode="json"))
    _tell(found)
    return 0 if found.choice.offered else 1


@click.command("train")
@click.argument("project")
@SEED
@BY
@JSON
def train_command(project: str, seed: int, by: str, as_json: bool) -> int:
    """検証し、最もよい方法を学習して、証明とともに登録する / evaluate, train the best and keep it with its proof.
    Ends with 1 where it may not be offered."""
    settings = config()
    open_store()
    from mimamori import modelling
    from mimamori.screening.models.evaluation import Evaluation

    account = account_or_none(by)
    with denials_told(account, "models train"):
        version = modelling.train(settings, project, by=account, seed=seed, tell=_Progress())
    if as_json:
        put_json({"id": version.pk, "difficulty": version.difficulty, "number": version.number,
                  "candidate": version.candidate, "digest": version.digest, "offered": version.offered})  # fmt: skip
    _tell(Evaluation.model_validate(version.evaluation))
    say(
        f"{version.difficulty} 第{version.number}版として登録しました(番号 {version.pk})。",
        f"Kept as {version.difficulty} version {version.number} (id {version.pk}).",
    )
    return 0 if version.offered else 1


@click.command("compare")
@click.argument("models", type=int, nargs=-1, required=True)
@JSON
def compare_command(models: tuple[int, ...], as_json: bool) -> None:
    """登録したモデルを、検証した日ごとに、条件やほかの方法とならべる / kept models and conditions, by split (ids)."""
    open_store()
    from mimamori.governance.models import ModelVersion
    from mimamori.screening.models.evaluation import Evaluation
    from mimamori.screening.models.figures import at_length_of_conditions

    found = {one.pk: one for one in ModelVersion.objects.filter(pk__in=models)}
    if missing := [pk for pk in models if pk not in found]:
        numbers = ", ".join(map(str, missing))
        raise Refused(f"このモデルはありません: {numbers}", f"There is no such model: {numbers}")
    if len({found[pk].difficulty for pk in models}) > 1:
        raise Refused("くらべるモデルは、同じ類型のものにしてください。", "Compare models of one difficulty.")
    evaluations = {pk: Evaluation.model_validate(found[pk].evaluation) for pk in models}
    if as_json:
        put_json([
            {"id": pk, "number": found[pk].number, "candidate": found[pk].candidate, "offered": found[pk].offered,
             "splits": [{"day": proof.day, "events": proof.events,
                         "comparisons": [each.model_dump(mode="json") for each in proof.comparisons]}
                        for proof in evaluations[pk].splits]}
            for pk in models
        ])  # fmt: skip
        return
    for pk in models:
        say(f"■ 第{found[pk].number}版({found[pk].candidate})", f"■ version {found[pk].number} ({found[pk].candidate})")
        _tell_table(at_length_of_conditions(evaluations[pk]))
        tell(_text(evaluations[pk].choice.reason))


class _Progress:
    """A line where a step begins, and now and then within it."""

    def __init__(self) -> None:
        self._told, self._what = -1.0, ""

    def __call__(self, what: Label, share: float) -> None:
        words = _text(what)
        if words != self._what or share >= self._told + EVERY or share >= 1.0 > self._told:
            tell(f"  {100 * share:>3.0f} %  {words}")
            self._told, self._what = share, words


def _tell(found: Evaluation) -> None:
    from mimamori.screening.models.figures import at_capacity, at_length_of_conditions

    _tell_table(at_length_of_conditions(found))
    _tell_table(at_capacity(found, ("points", found.choice.candidate)))
    for name, audited in found.fairness.items():
        for sentence in audited.told:
            tell(f"  {name}: {_text(sentence)}")
    tell(_text(found.drift.sentence()))
    tell(_text(found.choice.reason))


def _tell_table(table: Table) -> None:
    """Columns as wide as their widest cell; a Japanese letter takes two places."""
    rows = [[_text(cell) for cell in row] for row in (table.head, *table.rows)]
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    tell(_text(table.caption))
    for row in rows:
        cells = [
            cell + " " * (width - _width(cell)) if place < table.words else " " * (width - _width(cell)) + cell
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        tell("  " + "  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _text(label: Label) -> str:
    return label.text(config().language)
