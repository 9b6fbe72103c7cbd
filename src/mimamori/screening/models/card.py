"""モデルカード・アルゴリズム記録: what anybody may ask of an algorithm.

In the manner of the UK's Algorithmic Transparency Recording Standard: who owns it, what for, by which law, on which
data, how, how good, how fair, where it ends, who decides, how to appeal.

What was measured is written by the system from the evaluation; what people decide they must say (`Facts`). No field of
a card is ever empty: where nothing can be told, it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from mimamori.refusal import Refused
from mimamori.screening.indicators import DIFFICULTY_LABELS
from mimamori.screening.models.bootstrap import Estimate
from mimamori.screening.models.candidates import LABELS, POINTS, Name
from mimamori.screening.models.evaluation import Evaluation, Proof
from mimamori.screening.models.model import Model
from mimamori.screening.models.shapes import AGE_BANDS
from mimamori.screening.outcomes import load_outcomes
from mimamori.sources.item import Label

HEADINGS: dict[str, Label] = {
    "name": Label(ja="名称", en="Name"),
    "status": Label(ja="判定", en="Status"),
    "purpose": Label(ja="目的", en="Purpose"),
    "owner": Label(ja="所管と責任者", en="Owner and who answers for it"),
    "contact": Label(ja="問い合わせ先", en="Contact"),
    "legal_basis": Label(ja="法的根拠", en="Legal basis"),
    "affected": Label(ja="影響を受ける人", en="Who is affected"),
    "use": Label(ja="業務での使われ方", en="Its place in the work"),
    "oversight": Label(ja="人による判断", en="Human oversight"),
    "data": Label(ja="使う情報", en="Data"),
    "method": Label(ja="方法", en="Method"),
    "alternatives": Label(ja="くらべたほかの方法", en="Alternatives considered"),
    "performance": Label(ja="性能", en="Performance"),
    "fairness": Label(ja="公平さ", en="Fairness"),
    "risks": Label(ja="想定するおそれと対策", en="Risks and what is done about them"),
    "limits": Label(ja="限界", en="Limits"),
    "appeals": Label(ja="異議の申出", en="Appeals"),
    "dates": Label(ja="日付", en="Dates"),
}
NOT_ANSWERED = Label(
    ja="この類型でモデルを使ったことはなく、職員の見立てとくらべた結果はまだありません。",
    en="No model has been used for this difficulty, so there is nothing yet of what people found.",
)
UNTOLD = Label(ja="判定不能", en="cannot be told")


@dataclass(frozen=True)
class Facts:
    """What people say of a model. Raises `Refused` where the review lies before the record."""

    name: Label
    owner: Label
    contact: Label
    purpose: Label
    legal_basis: tuple[Label, ...]
    affected: Label
    use: Label
    oversight: Label
    risks: Label
    appeals: Label
    recorded_on: date
    review_by: date

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) is None:
                raise _empty(field.name)
        if self.review_by <= self.recorded_on:
            raise Refused("見直しの期日は記録の日より後にしてください。", "The review must come after the record.")


@dataclass(frozen=True)
class Entry:
    """One field of a card: its key in `HEADINGS`, and what it says, a paragraph each."""

    key: str
    text: tuple[Label, ...]

    @property
    def heading(self) -> Label:
        return HEADINGS[self.key]


@dataclass(frozen=True)
class Card:
    """Every field of `HEADINGS`, in that order. Raises `Refused` where one is missing or empty."""

    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        given = {entry.key: entry for entry in self.entries}
        for key in HEADINGS:
            if key not in given or not given[key].text:
                raise _empty(key)
            for text in given[key].text:
                if not (text.ja.strip() and text.en.strip()):
                    raise _empty(key)
        if [entry.key for entry in self.entries] != list(HEADINGS):
            raise Refused("記録の項目の順番が違います。", "The fields of a card stand in their own order, once each.")

    def __getitem__(self, key: str) -> Entry:
        return next(entry for entry in self.entries if entry.key == key)


def card_of(
    evaluation: Evaluation,
    model: Model,
    facts: Facts,
    systems: Mapping[str, Label],
    columns: Mapping[str, Label] | None = None,
) -> Card:
    """`systems`: the names of the source systems; `columns`: those of the columns, where they have one. Raises
    `Refused` where the model is not the evaluated candidate, or a system has no name."""
    if (model.candidate, model.difficulty) != (evaluation.choice.candidate, evaluation.difficulty):
        raise Refused(
            "評価した候補と違うモデルです。同じ類型の、評価で選ばれた候補を渡してください。",
            "The model is not the evaluated candidate of this difficulty.",
        )
    difficulty = DIFFICULTY_LABELS[evaluation.difficulty]
    texts: dict[str, tuple[Label, ...]] = {
        "name": (facts.name, Label(ja=f"困難の類型: {difficulty.ja}", en=f"Difficulty: {difficulty.en}")),
        "status": (evaluation.choice.reason,),
        "purpose": (facts.purpose,),
        "owner": (facts.owner,),
        "contact": (facts.contact,),
        "legal_basis": facts.legal_basis,
        "affected": (facts.affected,),
        "use": (facts.use,),
        "oversight": (facts.oversight, evaluation.answered.told if evaluation.answered else NOT_ANSWERED),
        "data": _data(evaluation, model, systems),
        "method": _method(evaluation, model),
        "alternatives": _alternatives(evaluation),
        "performance": tuple(_performance(proof, evaluation.choice.candidate) for proof in evaluation.splits),
        "fairness": evaluation.fairness[evaluation.choice.candidate].told,
        "risks": (facts.risks,),
        "limits": _limits(evaluation, columns or {}),
        "appeals": (facts.appeals,),
        "dates": (
            Label(
                ja=f"記録: {facts.recorded_on}。見直しの期日: {facts.review_by}。",
                en=f"Recorded {facts.recorded_on}; to be reviewed by {facts.review_by}.",
            ),
            Label(
                ja=f"学習と較正の基準日: {'、'.join(map(str, model.days))}。",
                en=f"Fitted and calibrated on {', '.join(map(str, model.days))}.",
            ),
        ),
    }
    return Card(tuple(Entry(key, texts[key]) for key in HEADINGS))


def _data(evaluation: Evaluation, model: Model, systems: Mapping[str, Label]) -> tuple[Label, ...]:
    named = []
    for worth in evaluation.worths:
        if worth.source not in systems:
            raise Refused(f"情報源「{worth.source}」の名称がありません。", f"The source {worth.source} has no name.")
        named.append(systems[worth.source])
    used = Label(
        ja=f"仮名化した児童の{evaluation.features}項目(氏名・住所・自由記述・国籍は使いません)。"
        f"{len(evaluation.days)}つの基準日、のべ{evaluation.rows:,}行。",
        en=f"{evaluation.features} columns on pseudonymous children (no name, address, free text or nationality), on "
        f"{len(evaluation.days)} days, {evaluation.rows:,} rows of a child and day.",
    )
    if not named:
        return (used,)
    of = Label(
        ja=f"情報源: {'、'.join(each.ja for each in named)}。", en=f"Systems: {', '.join(each.en for each in named)}."
    )
    return used, of


def _method(evaluation: Evaluation, model: Model) -> tuple[Label, ...]:
    name = LABELS[model.candidate]
    months = evaluation.window_months
    event = load_outcomes()[evaluation.difficulty].label
    return (
        Label(ja=f"数える出来事: {event.ja}。", en=f"What counts as an event: {event.en}."),
        Label(
            ja=f"{name.ja}。基準日の後{months}か月の出来事を、基準日までに分かっていたことから順位づけます。"
            f"学習は{model.fitted_rows:,}行(出来事{model.fitted_events:,}件)、乱数の種は{model.seed}です。",
            en=f"The {name.en}: children are ordered by what was known on a day, for events of the {months} months "
            f"after it. Fitted on {model.fitted_rows:,} rows ({model.fitted_events:,} events), seed {model.seed}.",
        ),
        Label(
            ja="各項目の寄与の和が順位の値になり、理由として示せます。確率は相談員に示しません。",
            en="What each column adds makes up the value that orders, and is a reason told. No worker sees a chance.",
        ),
    )


def _alternatives(evaluation: Evaluation) -> tuple[Label, ...]:
    """What each candidate missed against the best of its day, and that the conditions are always one of them."""
    regret = sorted(evaluation.choice.regret.items(), key=lambda each: each[1])
    return (
        Label(
            ja="どの方法も同じ日・同じ児童・同じ人数の一覧で、いまの抽出条件とくらべました。最もよい方法に届かなかった割合"
            "(各日の平均。小さいほどよい): "
            + "、".join(f"{LABELS[name].ja} {100 * by:.1f} %" for name, by in regret)
            + "。",
            en="Each was held against the conditions in force on the same days, children and lengths of list. By how "
            "much of its places each fell short of the best, on the average of the days (less is better): "
            + "; ".join(f"{LABELS[name].en} {100 * by:.1f} %" for name, by in regret)
            + ".",
        ),
        Label(
            ja="学習したモデルのうち、この割合が最も小さいものを選びました。モデルを使わずに抽出条件だけで進めることは、"
            "いつでもできます。",
            en="Of the trained models the one that fell short least was chosen. To go on with the conditions alone and "
            "without a model is always possible.",
        ),
    )


def _performance(proof: Proof, candidate: Name) -> Label:
    measures, conditions = proof.measures[candidate], proof.measures[POINTS]
    gain = proof.of(candidate).gain
    return Label(
        ja=f"{proof.day}: 適合率 {_told(measures.precision, 'ja')}、再現率 {_told(measures.recall, 'ja')}、"
        f"AUC {_told(measures.auc, 'ja')}、較正の傾き {_told(measures.slope, 'ja')}。"
        f"いまの抽出条件の適合率 {_told(conditions.precision, 'ja')}、同じ人数での差 {_told(gain, 'ja')}。",
        en=f"{proof.day}: precision {_told(measures.precision, 'en')}, recall {_told(measures.recall, 'en')}, "
        f"AUC {_told(measures.auc, 'en')}, calibration slope {_told(measures.slope, 'en')}. Precision of the "
        f"conditions in force {_told(conditions.precision, 'en')}; gain at the same length {_told(gain, 'en')}.",
    )


def _limits(evaluation: Evaluation, columns: Mapping[str, Label]) -> tuple[Label, ...]:
    told = [
        load_outcomes()[evaluation.difficulty].note,
        Label(
            ja="出来事は役所が記録したもので、実際に起きたことではありません。順位が低いことは安全を意味しません。",
            en="An event is what an office wrote down, not what happened. A low place never means that all is well.",
        ),
    ]
    candidate = evaluation.choice.candidate
    untold = [
        band for band in AGE_BANDS if all(proof.bands[band][candidate].auc is None for proof in evaluation.splits)
    ]
    if untold:
        told.append(
            Label(
                ja=f"出来事が少なく判定できない年齢区分: {'、'.join(f'{band}歳' for band in untold)}。",
                en=f"Age bands with too few events to tell: {', '.join(untold)}.",
            )
        )
    early = [str(proof.day) for proof in evaluation.splits if not proof.later]
    if early:
        told.append(
            Label(
                ja=f"学習と同じ基準日の別の世帯で較正した検証: {'、'.join(early)}。",
                en=f"Calibrated on other families of the day of the fit, not on a later day: {', '.join(early)}.",
            )
        )
    return (*told, evaluation.drift.sentence(columns))


def _told(estimate: Estimate | None, language: str) -> str:
    if estimate is None:
        return UNTOLD.text(language)
    return f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"


def _empty(key: str) -> Refused:
    heading = HEADINGS.get(key, Label(ja=key, en=key))
    return Refused(
        f"記録の項目「{heading.ja}」が空です。書いてからもう一度作ってください。",
        f"The field {heading.en} of the card is empty; write it and make the card again.",
    )
