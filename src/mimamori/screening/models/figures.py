"""What was measured, as tables in both languages: for a card, and for a terminal. Nothing is worked out here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mimamori.screening.models.bootstrap import Estimate
from mimamori.screening.models.candidates import POINTS, Name
from mimamori.screening.models.drift import CALLED_SCORE, FAR, MOVED, SCORE, Drift
from mimamori.screening.models.evaluation import Evaluation, Proof
from mimamori.screening.models.measures import Measures
from mimamori.screening.models.worth import Worth
from mimamori.sources.item import Label

SHORT: dict[Name, Label] = {
    "points": Label(ja="抽出条件", en="conditions"),
    "single": Label(ja="一つの項目", en="one column"),
    "logistic": Label(ja="ロジスティック", en="logistic"),
    "shapes": Label(ja="加法(EBM)", en="additive (EBM)"),
    "trees": Label(ja="木(LightGBM)", en="trees (LightGBM)"),
}
ORACLE = Label(ja="隠れたリスク", en="hidden risk")  # of a synthetic city
UNTOLD = Label(ja="判定不能", en="cannot be told")
NONE = Label(ja="—", en="—")
MOST_MOVED = 10  # columns in the table of what moved

DAY = Label(ja="基準日", en="Day")
CANDIDATE = Label(ja="方法", en="Candidate")
CHILDREN = Label(ja="児童", en="Children")
EVENTS = Label(ja="出来事", en="Events")


@dataclass(frozen=True)
class Table:
    """`words`: how many columns of each row, from the left, are words; the others are figures."""

    caption: Label
    head: tuple[Label, ...]
    rows: tuple[tuple[Label, ...], ...]
    words: int = 2


def at_length_of_conditions(evaluation: Evaluation) -> Table:
    """Every candidate on every split, as long as the conditions' list: what the stop rule reads."""
    rows = []
    for proof in evaluation.splits:
        for one in proof.comparisons:
            ours = one.candidate == POINTS
            rows.append(
                (
                    _day(proof.day),
                    SHORT[one.candidate],
                    _count(one.length),
                    _number(one.found, 1),
                    NONE if ours else points(one.gain),
                    NONE if ours else _number(one.found_together, 1),
                    NONE if ours else points(one.gain_together),
                )
            )
        if proof.oracle_found is not None:
            length = proof.comparisons[0].length
            rows.append((_day(proof.day), ORACLE, _count(length), _number(proof.oracle_found, 1), NONE, NONE, NONE))
    return Table(
        Label(
            ja="いまの抽出条件と同じ人数の一覧で見つけた出来事(差は適合率の差。区間がすべて0より上なら、確かに上まわる)",
            en="Events found at the length of the conditions' list (gains are in precision; an interval all above 0 is "
            "certain)",
        ),
        (
            DAY,
            CANDIDATE,
            Label(ja="一覧", en="List"),
            Label(ja="見つけた出来事", en="Events found"),
            Label(ja="条件との差(95 %区間)", en="Gain on the conditions (95 %)"),
            Label(ja="条件と交互のとき", en="Found taking turns"),
            Label(ja="条件との差(95 %区間)", en="Gain taking turns (95 %)"),
        ),
        tuple(rows),
    )


def at_capacity(evaluation: Evaluation, candidates: Sequence[Name]) -> Table:
    """At the length that the wards work: who is on the list."""
    rows = [
        (
            _day(proof.day),
            called,
            _count(measures.children),
            _count(measures.events),
            _number(measures.listed, 0),
            share(measures.precision),
            _ties(measures),
            share(measures.recall),
            plain(measures.lift, 1),
        )
        for proof, called, measures in _each(evaluation, candidates)
    ]
    length = (
        Label(ja="区の受け持てる数まで", en="as many as the wards work")
        if evaluation.by_capacity
        else Label(ja="区の児童の100人に1人まで", en="one child of a hundred in each ward")
    )
    return Table(
        Label(ja=f"一覧の人数での正確さ({length.ja})", en=f"At the length of the list ({length.en})"),
        (
            DAY,
            CANDIDATE,
            CHILDREN,
            EVENTS,
            Label(ja="一覧", en="List"),
            Label(ja="適合率(95 %区間)", en="Precision (95 %)"),
            Label(ja="同順位の最悪・最良", en="Ties at worst, best"),
            Label(ja="再現率(95 %区間)", en="Recall (95 %)"),
            Label(ja="くじの何倍か(95 %区間)", en="Lift (95 %)"),
        ),
        tuple(rows),
    )


def of_all_lengths(evaluation: Evaluation, candidates: Sequence[Name]) -> Table:
    """Over all lengths, and of the chance."""
    rows = [
        (
            _day(proof.day),
            called,
            plain(measures.auc),
            plain(measures.average_precision),
            plain(measures.brier, 4),
            plain(measures.slope, 2),
            plain(measures.ece, 4),
        )
        for proof, called, measures in _each(evaluation, candidates)
    ]
    return Table(
        Label(
            ja="すべての人数を通した順位のよさと、確率の正しさ(傾き1・ECE 0が正しい)",
            en="Order over all lengths, and of the chance (slope 1 and ECE 0 are right)",
        ),
        (
            DAY,
            CANDIDATE,
            Label(ja="AUC(95 %区間)", en="AUC (95 %)"),
            Label(ja="平均適合率(95 %区間)", en="Average precision (95 %)"),
            Label(ja="Brier(95 %区間)", en="Brier (95 %)"),
            Label(ja="較正の傾き(95 %区間)", en="Slope (95 %)"),
            Label(ja="ECE(95 %区間)", en="ECE (95 %)"),
        ),
        tuple(rows),
    )


def by_system(worths: Iterable[Worth], systems: Mapping[str, Label]) -> Table:
    """What each source system is worth; `systems`: their names."""
    rows = [
        (
            systems.get(worth.source, same(worth.source)),
            _count(worth.columns),
            points(worth.lost),
            plain(worth.without_auc),
            plain(worth.alone_auc),
            plain(worth.without_average_precision),
            plain(worth.alone_average_precision),
        )
        for worth in worths
    ]
    return Table(
        Label(
            ja="情報源ごとの価値(木のモデル、最後の検証日。除いたときに適合率が下がる分と、それだけのとき)",
            en="What each system is worth (trees, latest split): what precision loses without it, and what it tells "
            "alone",
        ),
        (
            Label(ja="情報源", en="System"),
            Label(ja="項目", en="Columns"),
            Label(ja="除くと下がる適合率(95 %区間)", en="Precision lost without (95 %)"),
            Label(ja="除いたAUC(95 %区間)", en="AUC without (95 %)"),
            Label(ja="それだけのAUC(95 %区間)", en="AUC alone (95 %)"),
            Label(ja="除いた平均適合率(95 %区間)", en="AP without (95 %)"),
            Label(ja="それだけの平均適合率(95 %区間)", en="AP alone (95 %)"),
        ),
        tuple(rows),
        words=1,
    )


def moved(drift: Drift, days: tuple[date, date], columns: Mapping[str, Label]) -> Table:
    """What moved most from the last day but one to the last; `columns`: their names."""
    called = {SCORE: CALLED_SCORE, **columns}
    most = sorted(drift.moved.items(), key=lambda each: (each[0] != SCORE, -each[1]))[:MOST_MOVED]
    state = {
        True: Label(ja="大きく変わった", en="far"),
        False: Label(ja="変わりつつある", en="moving"),
        None: Label(ja="目立たない", en="hardly"),
    }
    rows = [
        (
            called.get(name, same(name)),
            state[True if index >= FAR else False if index >= MOVED else None],
            _number(index, 3),
        )
        for name, index in most
    ]
    return Table(
        Label(
            ja=f"分布の変化(PSI、{days[0]}から{days[1]}まで。{FAR}以上は大きい)",
            en=f"How far columns moved (PSI, {days[0]} to {days[1]}; far from {FAR})",
        ),
        (Label(ja="項目", en="Column"), Label(ja="変化", en="Moved"), Label(ja="PSI", en="PSI")),
        tuple(rows),
    )


def same(text: str) -> Label:
    """A text that is the same in both languages."""
    return Label(ja=text, en=text)


def share(estimate: Estimate | None) -> Label:
    """12.3 % (10.0–15.2)."""
    if estimate is None:
        return UNTOLD
    value, low, high = (100 * each for each in (estimate.value, estimate.low, estimate.high))
    return same(f"{value:.1f} % ({low:.1f}–{high:.1f})")


def points(estimate: Estimate | None) -> Label:
    """A difference of shares: +1.2 pt (−0.3 – +2.7)."""
    if estimate is None:
        return UNTOLD
    value, low, high = (
        f"{100 * each:+.1f}".replace("-", "−") for each in (estimate.value, estimate.low, estimate.high)
    )
    return same(f"{value} pt ({low} – {high})")


def plain(estimate: Estimate | None, digits: int = 3) -> Label:
    """0.812 (0.790–0.833)."""
    if estimate is None:
        return UNTOLD
    value, low, high = (f"{each:.{digits}f}" for each in (estimate.value, estimate.low, estimate.high))
    return same(f"{value} ({low}–{high})".replace("-", "−"))


def _each(evaluation: Evaluation, candidates: Sequence[Name]) -> list[tuple[Proof, Label, Measures]]:
    found = []
    for proof in evaluation.splits:
        found += [(proof, SHORT[name], proof.measures[name]) for name in candidates]
        if proof.oracle is not None:
            found.append((proof, ORACLE, proof.oracle))
    return found


def _ties(measures: Measures) -> Label:
    worst, best = measures.precision_worst, measures.precision_best
    if worst is None or best is None:
        return UNTOLD
    if not measures.tied:
        return NONE
    return same(f"{100 * worst.value:.1f}–{100 * best.value:.1f} %")


def _day(day: date) -> Label:
    return same(day.isoformat())


def _count(count: float) -> Label:
    return same(f"{count:,.0f}")


def _number(value: float, digits: int) -> Label:
    return same(f"{value:,.{digits}f}")
