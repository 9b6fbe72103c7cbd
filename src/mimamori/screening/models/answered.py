"""What people found of the children whom the model in use before had added: their judgement stands by the figures."""

from __future__ import annotations

from mimamori.privacy.small_cells import CLOSED, close_line
from mimamori.sources.item import Declared, Label


class Answered(Declared):
    """`number`: of the version; `added` children, of whom people had `judged` so many when this was measured, and
    `agreed` that so many of those need support or are to be watched."""

    number: int
    added: int
    judged: int
    agreed: int

    @property
    def told(self) -> Label:
        """Small counts are closed: a card may be published."""
        agreed, others, judged = close_line([self.agreed, self.judged - self.agreed])
        if judged is CLOSED or agreed is CLOSED or others is CLOSED:
            return Label(
                ja=f"前に使った第{self.number}版が加えた児童のうち、職員が見立てた人数はまだ少なく、割合は出しません。",
                en=f"Too few of the children whom version {self.number} added have been looked at to tell a share.",
            )
        return Label(
            ja=f"前に使った第{self.number}版が加えた児童のうち、職員が見立てた{judged:,}人では、{agreed:,}人に支援か見守りが"
            f"必要で、{others:,}人には必要ありませんでした。",
            en=f"Of the children whom version {self.number} added people have looked at {judged:,}: {agreed:,} need "
            f"support or are watched, {others:,} are not.",
        )
