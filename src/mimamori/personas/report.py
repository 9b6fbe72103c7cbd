"""What came of a trial: one outcome per child and difficulty, and in words what differed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mimamori.personas.schema import EXPECTATION_LABELS, Expectation, Persona, who_label
from mimamori.screening.indicators import DIFFICULTY_LABELS, Difficulty
from mimamori.sources.item import Label

Found = Literal["must", "listed", "not"]
MEETS: dict[Expectation, tuple[Found, ...]] = {
    "must": ("must",),
    "listed": ("must", "listed"),
    "not": ("not",),
    "any": ("must", "listed", "not"),
}

MET, UNKNOWN = Label(ja="当たる条件", en="Met"), Label(ja="わからない条件", en="Not known")


@dataclass(frozen=True)
class Outcome:
    """One child of a persona in one difficulty.

    `points` (0–100, None: not screened at this age) beside the `least` that is listed; `met` and `unknown` are the
    sentences of the conditions that are met, and of those that cover the child and of which it is not known.
    """

    persona: str
    who: str
    difficulty: Difficulty
    expected: Expectation
    found: Found | None  # None: the child did not come through intake and linkage as one person
    points: float | None
    least: float
    met: tuple[Label, ...]
    unknown: tuple[Label, ...]

    @property
    def passed(self) -> bool:
        return self.found in MEETS[self.expected]

    @property
    def differed(self) -> Label | None:
        """What was expected, what was found and why; None where they agree."""
        if self.passed:
            return None
        who = who_label(self.who)
        difficulty, expected = DIFFICULTY_LABELS[self.difficulty], EXPECTATION_LABELS[self.expected]
        if self.found is None:
            return Label(
                ja=f"{difficulty.ja}({who.ja}): 1人の人として届いていないので、確かめられません。",
                en=f"{difficulty.en} ({who.en}): did not come through as one person.",
            )
        found = EXPECTATION_LABELS[self.found]
        screened = self.points is not None
        points = f"{self.points:.1f} / {self.least:g}" if screened else ""
        ja = [f"点数 {points}。" if screened else "年齢から対象になっていません。"]
        en = [f"Points {points}." if screened else "Not screened at this age."]
        for said_ja, said_en, labels in (
            ("当たる条件", "Met", self.met),
            ("わからない条件", "Not known", self.unknown),
        ):
            if labels:
                ja.append(f"{said_ja}: {'、'.join(label.ja for label in labels)}。")
                en.append(f"{said_en}: {', '.join(label.en for label in labels)}.")
        return Label(
            ja=f"{difficulty.ja}({who.ja}): 「{expected.ja}」はずが「{found.ja}」。{''.join(ja)}",
            en=f"{difficulty.en} ({who.en}): expected {expected.en}, found {found.en}. {' '.join(en)}",
        )


@dataclass(frozen=True)
class Report:
    """How condition sets stood: every outcome; and `arrived`, what of a persona did not come through as it should.

    What did not arrive speaks of intake, linkage or indicators, not of a condition; but nothing is proved by it.
    """

    personas: tuple[Persona, ...]
    outcomes: tuple[Outcome, ...]
    arrived: Mapping[str, tuple[Label, ...]]  # persona → what differed; only those of which something did

    @property
    def passed(self) -> bool:
        return not self.failed()

    def failed(self) -> tuple[str, ...]:
        """The personas of which anything differs, in their order."""
        wrong = {outcome.persona for outcome in self.outcomes if not outcome.passed} | set(self.arrived)
        return tuple(persona.id for persona in self.personas if persona.id in wrong)

    def told(self) -> Label:
        """How it went, in a sentence."""
        count, right = len(self.personas), len(self.personas) - len(self.failed())
        return Label(
            ja=f"ペルソナ {count} のうち {right} が想定どおりでした。",
            en=f"{right} of {count} personas came out as expected.",
        )

    def differences(self) -> Iterator[Label]:
        """A sentence for all that differs, with the persona's name."""
        labels = {persona.id: persona.label for persona in self.personas}
        told = [(persona, label) for persona, said in self.arrived.items() for label in said]
        told += [(outcome.persona, label) for outcome in self.outcomes if (label := outcome.differed)]
        for persona, label in told:
            yield Label(ja=f"{labels[persona].ja} — {label.ja}", en=f"{labels[persona].en} — {label.en}")

    def summary(self) -> dict[str, Any]:
        """What is kept as a version's proof, as JSON: `told` and each of `failed` in both languages, every outcome."""
        return {
            "told": self.told().model_dump(),
            "failed": [label.model_dump() for label in self.differences()],
            "personas": len(self.personas),
            "outcomes": [
                {
                    "persona": outcome.persona,
                    "who": outcome.who,
                    "difficulty": outcome.difficulty,
                    "expected": outcome.expected,
                    "found": outcome.found,
                    "passed": outcome.passed,
                }
                for outcome in self.outcomes
            ],
        }
