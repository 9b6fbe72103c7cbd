"""Models in the night: who is added, what is told, what a stopped or broken model does, and that scores stay in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from tests.cast import DAY, MINAMI
from tests.night.test_night import approved, kept_snapshot  # noqa: F401 - fixtures
from tests.proved import proved

from mimamori import config, governance, modelling, night
from mimamori.audit.models import Event
from mimamori.config import Config
from mimamori.governance import capacity
from mimamori.governance.models import ModelVersion, Run
from mimamori.screening.models.additive import Additive, Line
from mimamori.screening.models.model import Model
from mimamori.support import worklist as support_worklist
from mimamori.support.models import Finding, SecondOpinion

ROOM = 20
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("approved")]


@pytest.fixture
def home(kept_snapshot: Config) -> Iterator[Config]:  # noqa: F811
    settings = replace(config.load(), snapshots_kept=100)
    before = set(settings.snapshots.iterdir())
    yield settings
    for folder in set(settings.snapshots.iterdir()) - before:  # else later nights would drop the cast's own for these
        shutil.rmtree(folder)
    for project in ("night-abuse", "other"):
        if (settings.zone / project).exists():
            modelling.remove(settings, project, by=None)


def model(*names: str) -> Model:
    """Each of these columns puts a child higher, none as much as another."""
    terms = tuple(
        Line(name=name, weight=0.5 + place / 100, centre=0.0, low=0.0, high=1e5, known=0.1, unknown=0.01 * place)
        for place, name in enumerate(names)
    )
    kept, _ = proved()
    return kept.model_copy(update={"scorer": Additive(intercept=-3.0, terms=terms), "seen": ()})


def on(workers: dict[str, Any], made: Model, *, adds: int = 50) -> ModelVersion:
    """As if it had proved itself, and approved by the manager."""
    _, evaluation = proved()
    version = governance.keep_model(
        made, by=workers["analyst"], evaluation=evaluation.model_dump(mode="json"), offered=True, project="abuse",
        key_version=1,
    )  # fmt: skip
    governance.ask_model(version, by=workers["analyst"])
    return governance.approve_model(version, by=workers["manager"], adds=adds, reason="試しに")


def roomy(workers: dict[str, Any]) -> None:
    """As many places as the cast's two wards have children: equals of whom not all fit are not added."""
    for ward in ("40131", MINAMI):
        capacity.set_capacity(ward, timezone.localdate(), by=workers["coordinator"], findings=ROOM)


def columns(home: Config) -> tuple[str, ...]:
    """Those of which something is known of the cast."""
    abuse = next(one for one in governance.sets_of(governance.in_force()) if one.difficulty == "abuse")
    modelling.gather(home, {"other": abuse}, by=None, days=[DAY])
    panel = modelling.panel(home, "other", by=None)
    return tuple(
        one.name for one in panel.features if panel.table[one.name].null_count < panel.table.num_rows
    )[:12]  # fmt: skip


def test_a_model_adds_children_and_the_run_tells_it(home: Config, workers: dict[str, Any]) -> None:
    roomy(workers)
    version = on(workers, model(*columns(home)))
    night.run(home, as_of=DAY)
    added = Finding.objects.filter(by_model=version.pk)
    assert 0 < added.filter(ward=MINAMI).count() <= ROOM // 2
    assert not added.exclude(ward__in=[MINAMI, "40131"]).exists()
    assert not added.exclude(difficulties=[]).exists()
    opinions = SecondOpinion.objects.filter(finding__in=added)
    assert opinions.count() == added.count() and all(one.adds and len(one.reasons) <= 5 for one in opinions)
    run = Run.objects.order_by("-pk")[0]
    told = run.opinions["abuse"]
    assert told["number"] == version.number and told["scored"] > 0 and told["added"] == added.count()
    assert told["moved"] is None, "there was no night before"
    assert Event.objects.filter(action="zone.relink").exists()
    before = set(Finding.objects.values_list("case_no", flat=True))

    night.run(home, as_of=DAY)
    assert set(Finding.objects.values_list("case_no", flat=True)) == before
    told = Run.objects.order_by("-pk")[0].opinions["abuse"]
    assert told["added"] == 0 and set(told["moved"].values()) == {0.0} and told["far"] == []


def test_every_night_has_tokens_of_its_own(home: Config, workers: dict[str, Any]) -> None:
    on(workers, model(*columns(home)))
    night.run(home, as_of=DAY)
    first = set(modelling.panel(home, "night-abuse", by=None).table["token"].to_pylist())
    night.run(home, as_of=DAY)
    assert first and not first & set(modelling.panel(home, "night-abuse", by=None).table["token"].to_pylist())


def test_nobody_is_added_by_a_model_that_was_stopped(home: Config, workers: dict[str, Any]) -> None:
    version = on(workers, model(*columns(home)))
    governance.switch_off(version, by=workers["coordinator"])
    night.run(home, as_of=DAY)
    assert not Finding.objects.exclude(by_model=None).exists()
    assert Run.objects.order_by("-pk")[0].opinions == {}


@pytest.mark.parametrize("fault", ["a column that is not there", "other bytes", "no conditions"])
def test_a_model_that_cannot_be_run_stops_no_night(home: Config, workers: dict[str, Any], fault: str) -> None:
    names = ("no_such_column",) if fault.startswith("a column") else columns(home)
    version = on(workers, model(*names))
    with pytest.MonkeyPatch.context() as patched:
        if fault == "other bytes":
            patched.setattr(ModelVersion, "digest", property(lambda version: "0" * 64, lambda version, read: None))
        if fault == "no conditions":
            others = [one for one in governance.in_force() if one.difficulty != "abuse"]
            patched.setattr(governance, "in_force", lambda: others)
        night.run(home, as_of=DAY)
    told = Run.objects.order_by("-pk")[0].opinions
    assert Finding.objects.filter(by_model=None).exists(), "the conditions' findings stand"
    assert set(told["abuse"]) >= {"fault", "number", "seconds"} and told["abuse"]["fault"]["ja"]
    assert not Finding.objects.filter(by_model=version.pk).exists()


def test_no_score_is_kept_in_the_store_of_people(home: Config, workers: dict[str, Any]) -> None:
    roomy(workers)
    names = set(columns(home))
    on(workers, model(*names))
    night.run(home, as_of=DAY)
    said = SecondOpinion.objects.all()
    assert said and all(set(one.reasons) | set(one.unknown) <= names for one in said)
    kinds = {type(field).__name__ for field in SecondOpinion._meta.get_fields()}
    assert not kinds & {"FloatField", "DecimalField"}


def test_a_low_place_hides_nothing_and_what_is_missing_is_shown(home: Config, workers: dict[str, Any]) -> None:
    """Trial 21: the must-look child stands on top, wherever a model puts it."""
    names = columns(home)
    made = model(*names)
    assert isinstance(made.scorer, Additive)
    turned = tuple(
        term.model_copy(update={"weight": -term.weight}) for term in made.scorer.terms if term.kind == "line"
    )
    on(workers, made.model_copy(update={"scorer": Additive(intercept=0.0, terms=turned)}))
    roomy(workers)
    night.run(home, as_of=DAY)
    must = {finding.case_no for finding in Finding.objects.filter(must=True)}
    found = support_worklist.worklist(workers["supervisor"], view="unassigned")
    listed = [finding for group in found.groups for finding in group.findings]
    assert must and {one.case_no for one in listed[: sum(one.must for one in listed)]} <= must
    assert not any(one.waiting for one in listed if one.must)
    with_gaps = [one for one in SecondOpinion.objects.all() if one.unknown]
    assert with_gaps and all(set(one.unknown) <= set(names) for one in with_gaps)
