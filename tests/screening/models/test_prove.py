"""The whole proof on small panels: chance stays off, a signal is offered, biased records are said to be so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from tests.screening.models.panels import DAYS, WARDS, panel, with_key

from mimamori.refusal import Refused
from mimamori.screening.models.bootstrap import Draws, Estimate
from mimamori.screening.models.candidates import NAMES, POINTS, TRAINED, Name
from mimamori.screening.models.card import HEADINGS, Card, Entry, Facts, card_of
from mimamori.screening.models.choice import Comparison, choose
from mimamori.screening.models.drift import drift, stability
from mimamori.screening.models.evaluation import Evaluation
from mimamori.screening.models.fairness import Audited, Fairness, audit
from mimamori.screening.models.prove import prove
from mimamori.screening.models.training import train
from mimamori.sources.item import Label

ROOMS = dict.fromkeys(WARDS, 60)
SIGNAL = panel(1, children=2500)
TOLD: list[tuple[str, float]] = []
PROVED = prove(
    SIGNAL,
    ROOMS,
    1,
    lambda what, share: TOLD.append((what.en, share)),
    risk=SIGNAL.table["event"].fill_null(False).to_numpy().astype(float),
)
SYSTEMS = {name: Label(ja=f"{name}の台帳", en=name) for name in ("health", "school", "tax", "welfare")}
FACTS = Facts(
    name=Label(ja="見守りモデル", en="Watch-over model"),
    owner=Label(ja="こども見守り支援課長", en="Head of the division"),
    contact=Label(ja="窓口", en="The desk"),
    purpose=Label(ja="人が見る児童の順番を決める助けにする", en="Helps to order whom a person looks at"),
    legal_basis=(Label(ja="児童福祉法第10条", en="Child Welfare Act, article 10"),),
    use=Label(ja="条件の一覧に加える", en="Adds to the list of the conditions"),
    affected=Label(ja="市内の18歳までの児童", en="Children of the city up to 18"),
    oversight=Label(ja="相談員が見て決める", en="A worker looks and decides"),
    risks=Label(ja="記録の多い家庭", en="Families of whom more is recorded"),
    appeals=Label(ja="開示・訂正・利用停止を請求できる", en="Disclosure, correction, suspension of use"),
    recorded_on=date(2026, 11, 26),
    review_by=date(2027, 11, 26),
)


def told(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=value, low=low, high=high)


def comparison(candidate: Name, day: int, regret: float, gain: Estimate | None) -> Comparison:
    return Comparison(
        candidate=candidate,
        day=DAYS[day],
        length=100,
        found=10,
        regret=regret,
        gain=gain,
        found_together=10,
        gain_together=None,
    )


def test_a_signal_is_offered() -> None:
    assert PROVED.choice.offered, PROVED.choice.reason.en
    assert PROVED.chosen == PROVED.choice.candidate in TRAINED
    assert "may be offered for approval" in PROVED.choice.reason.en and "承認の候補" in PROVED.choice.reason.ja


def test_every_split_tells_every_candidate_whole_and_by_band() -> None:
    assert [proof.day for proof in PROVED.splits] == list(DAYS[4:])
    for proof in PROVED.splits:
        assert list(proof.measures) == list(NAMES)
        assert all(measures.events == proof.events for measures in proof.measures.values())
        for name in NAMES:
            assert sum(band[name].events for band in proof.bands.values()) == proof.events
            assert sum(band[name].listed for band in proof.bands.values()) == pytest.approx(proof.measures[name].listed)
        # Precision at the wards' length: 60 places in each of four wards, must-look or not.
        assert proof.measures["logistic"].listed == pytest.approx(240)
        assert {each.length for each in proof.comparisons} == {proof.comparisons[0].length}
        assert min(each.regret for each in proof.comparisons) == 0
        assert proof.of(POINTS).gain == Estimate(value=0, low=0, high=0)


def test_an_evaluation_is_json_both_ways() -> None:
    assert Evaluation.model_validate_json(PROVED.model_dump_json()) == PROVED


def test_progress_is_told_from_the_start_to_the_end() -> None:
    shares = [share for _, share in TOLD]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1
    assert len({what for what, _ in TOLD}) >= 7 and len(shares) > 60


def test_the_systems_that_tell_are_told_from_those_that_do_not() -> None:
    worth = {each.source: each for each in PROVED.worths}
    assert list(worth) == sorted(SYSTEMS)
    assert worth["school"].columns == worth["tax"].columns == 2
    full = PROVED.splits[-1].measures["trees"].auc
    assert full is not None
    for source, lower in (("school", True), ("health", True), ("welfare", False)):
        without = worth[source].without_auc
        assert without is not None and (without.value < full.value - 0.02) == lower, source
    alone = {source: each.alone_auc.value for source, each in worth.items() if each.alone_auc is not None}
    assert alone["health"] > 0.55 > alone["welfare"] and alone["tax"] < 0.55


def by_chance(seed: int) -> Evaluation:
    return prove(panel(seed, children=600, chance=True, base=-2.6), dict.fromkeys(WARDS, 20), seed)


def test_pure_chance_keeps_every_model_off_and_the_same_seed_proves_the_same_to_the_byte() -> None:
    """docs/models.md says how often it would not, of many seeds."""
    first, again, other = by_chance(1), by_chance(1), by_chance(2)
    for proved in (first, other):
        assert not proved.choice.offered and proved.chosen == POINTS
        assert "No model is used" in proved.choice.reason.en and "モデルは使わず" in proved.choice.reason.ja
    assert first.model_dump_json() == again.model_dump_json()


def test_records_that_are_biased_by_ward_are_said_to_be_so() -> None:
    proved = prove(panel(4, children=1000, recorded_more="103"), ROOMS, 1)
    for fairness in proved.fairness.values():
        assert fairness.biased
        assert fairness.told[0].en.startswith("In ward 103 events are recorded more often")
        assert fairness.told[0].ja.startswith("区「103」では、同じ年齢のほかの児童より出来事が多く記録されています")


def test_no_ward_is_named_where_wards_are_alike() -> None:
    for fairness in PROVED.fairness.values():
        assert not [each.en for each in fairness.told if "ward" in each.en]


def audited(event: np.ndarray, listed: np.ndarray, sex: np.ndarray, known: np.ndarray | None = None) -> Fairness:
    rows = len(event)
    return audit(
        Audited(
            listed=listed.astype(float),
            chance=np.full(rows, 0.1),
            event=event,
            family=np.arange(rows),
            band=np.zeros(rows, dtype=np.int64),
            known=np.full(rows, 10.0) if known is None else known,
            dimensions={"sex": (sex, ("1", "2"))},
        ),
        Draws(rows, 1),
    )


def test_who_is_listed_more_than_their_events_is_named() -> None:
    random = np.random.default_rng(1)
    sex, event = random.integers(0, 2, 6000), random.random(6000) < 0.1
    fairness = audited(event, random.random(6000) < np.where(sex == 1, 0.2, 0.05), sex)
    assert fairness.biased
    assert "sex 2 is listed more often than its recorded events say." in [each.en for each in fairness.told]
    assert "sex 1 is listed less often than its recorded events say." in [each.en for each in fairness.told]
    second = fairness.groups[1]
    assert second.selected is not None and second.selected.value == pytest.approx(0.2, abs=0.02)
    assert second.listed_for_events is not None and second.listed_for_events.value == pytest.approx(1.6, abs=0.15)


def test_of_whom_less_is_known_is_named() -> None:
    random = np.random.default_rng(2)
    sex, event = random.integers(0, 2, 3000), random.random(3000) < 0.1
    fairness = audited(event, event, sex, known=np.where(sex == 0, 4.0, 12.0))
    assert "Of sex 1 less is known than of children of the same ages elsewhere: the records are biased." in [
        each.en for each in fairness.told
    ]


def test_small_groups_cannot_be_told() -> None:
    event = np.arange(300) < 9
    fairness = audited(event, event, np.arange(300) % 2)
    assert fairness.biased is None and "cannot be told" in fairness.told[0].en
    assert all(value is None for group in fairness.groups for value in (*group.compared, group.recall, group.selected))


def test_the_least_regret_is_chosen_and_of_equals_the_more_readable() -> None:
    won = told(0.2, 0.1, 0.3)
    every = [comparison(name, 4, 0.1, won) for name in NAMES]
    assert choose(every).candidate == "logistic"
    assert choose([*every, comparison("trees", 5, 0.0, won), comparison("logistic", 5, 0.3, won)]).candidate == "trees"


@pytest.mark.parametrize(
    ("gains", "offered", "words"),
    [
        ([0.01, 0.01, 0.01, -0.01], True, "on 3 of 4 splits"),
        ([0.01, 0.01, -0.01, -0.01], False, "on only 2 of 4"),
        ([0.01, 0.01, 0.0, 0.0], False, "on only 2 of 4"),  # touching zero is not clear of it
        ([0.01, 0.01, None, None], False, "2 of 4 splits have too few"),
        ([None, None, None, None], False, "4 of 4 splits have too few"),
    ],
)
def test_most_splits_must_be_won_for_certain(gains: list[float | None], offered: bool, words: str) -> None:
    found = choose(
        [
            comparison("logistic", day, 0.0, None if low is None else told(0.2, low, 0.4))
            for day, low in enumerate(gains)
        ]
    )
    assert found.offered == offered and words in found.reason.en


def test_too_few_events_are_refused() -> None:
    with pytest.raises(Refused, match="Fewer than 10 events"):
        prove(panel(1, children=120, base=-6.0), ROOMS, 1)


def test_a_column_of_the_answer_is_refused() -> None:
    answer = SIGNAL.table["event"].fill_null(False).cast(pa.float64())
    with pytest.raises(Refused, match="copy the answer: noise"):
        prove(with_key(SIGNAL, "noise", answer), ROOMS, 1)


def test_a_hidden_risk_is_the_best_that_can_be_had() -> None:
    for proof in PROVED.splits:  # here it is the event itself
        assert proof.oracle is not None and proof.oracle.auc is not None and proof.oracle.auc.value == 1
        found = max(max(each.found, each.found_together) for each in proof.comparisons)
        assert proof.oracle_found is not None and found < proof.oracle_found < proof.comparisons[0].length + 1e-9


def test_a_day_that_looks_alike_has_not_moved_and_one_that_does_not_has() -> None:
    random = np.random.default_rng(1)
    before = np.where(random.random(5000) < 0.2, np.nan, random.poisson(1.0, 5000))
    again = np.where(random.random(5000) < 0.2, np.nan, random.poisson(1.0, 5000))
    assert stability(before, before) == 0
    assert stability(before, again) < 0.02
    assert stability(before, again + 1) > 0.25
    assert stability(before, np.where(random.random(5000) < 0.7, np.nan, again)) > 0.25  # more is unknown
    assert stability(np.zeros(100), np.r_[np.zeros(90), np.ones(10)]) > 0.1  # a value that was not there


def test_what_moved_is_named() -> None:
    earlier, later = (SIGNAL.table.slice(7 * 2500, 2500) for _ in range(2))
    later = later.set_column(later.column_names.index("visit"), "visit", pa.array(np.full(2500, 5.0)))
    moved = drift(earlier, later, ["visit", "absent"], train(SIGNAL, 1, "logistic"))
    assert moved.far[0] == "visit" and moved.moved["absent"] == 0 and moved.moved["score"] > 0
    assert "visit" in moved.sentence().en and "visit" in moved.sentence().ja
    assert "No column moved" in drift(earlier, earlier, ["visit"]).sentence().en


def test_a_card_fills_every_field_in_both_languages() -> None:
    model = train(SIGNAL, 1, PROVED.choice.candidate)
    card = card_of(PROVED, model, FACTS, SYSTEMS)
    assert [entry.key for entry in card.entries] == list(HEADINGS)
    assert all(text.ja and text.en for entry in card.entries for text in entry.text)
    assert "schoolの台帳" in card["data"].text[1].ja
    assert len(card["performance"].text) == 4 and "precision 0." in card["performance"].text[0].en
    assert card["status"].text == (PROVED.choice.reason,)
    assert "2025-03-31" in card["limits"].text[2].en  # the split that is calibrated on the day of the fit


def test_no_field_of_a_card_is_empty() -> None:
    said = Label(ja="あ", en="a")
    full = [Entry(key, (said,)) for key in HEADINGS]
    Card(tuple(full))
    for place, key in enumerate(HEADINGS):
        for wrong in ([], [Entry(key, ())], [Entry(key, (Label.model_construct(ja=" ", en="a"),))]):
            with pytest.raises(Refused, match=f"field {HEADINGS[key].en} of the card is empty"):
                Card((*full[:place], *wrong, *full[place + 1 :]))
    with pytest.raises(Refused, match="their own order"):
        Card(tuple(reversed(full)))


def test_a_card_is_of_the_evaluated_candidate() -> None:
    other = next(name for name in TRAINED if name != PROVED.choice.candidate)
    with pytest.raises(Refused, match="not the evaluated candidate"):
        card_of(PROVED, train(SIGNAL, 1, other), FACTS, SYSTEMS)
    with pytest.raises(Refused, match="source tax has no name"):
        card_of(
            PROVED,
            train(SIGNAL, 1, PROVED.choice.candidate),
            FACTS,
            {name: label for name, label in SYSTEMS.items() if name != "tax"},
        )


def test_a_review_comes_after_the_record() -> None:
    with pytest.raises(Refused, match="must come after"):
        replace(FACTS, review_by=FACTS.recorded_on)
