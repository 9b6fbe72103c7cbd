"""Places of a ward this month: how many new findings it works, how many came in, who waits, and why places are free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.access.rights import ward_limit
from mimamori.governance import capacity
from mimamori.governance.models import Capacity
from mimamori.sources import load_registry
from mimamori.support.worklist import Intake, intakes
from mimamori.web.frame import ward_word

NOTHING = Intake(came_in=0, must=0, waiting=0, tied=0)


@dataclass(frozen=True)
class Places:
    """One ward this month. `room` None: no limit; `free`: places that are left, `over`: how many came in beyond them,
    as must-look or because a person took them up."""

    ward: str
    word: str
    month: date
    line: Capacity | None
    intake: Intake
    may_set: bool

    @property
    def room(self) -> int | None:
        return self.line.findings if self.line else None

    @property
    def free(self) -> int:
        return max(self.room - self.intake.came_in, 0) if self.room is not None else 0

    @property
    def over(self) -> int:
        return max(self.intake.came_in - self.room, 0) if self.room is not None else 0

    @property
    def full(self) -> int:
        """The length of the meter: the room, or what came in where that is more."""
        return max(self.room or 0, self.intake.came_in, 1)


def of_wards(account: Account) -> list[Places]:
    """The wards that the account sees the worklist of, in the city's order."""
    today = timezone.localdate()
    held = capacity.capacities(today)
    found = intakes(account, today=today) if may(account, Permission.SEE_WORKLIST) else {}
    limit = ward_limit(account)
    return [
        Places(
            ward=ward.code,
            word=ward_word(ward.code),
            month=capacity.month_of(today),
            line=held.get(ward.code),
            intake=found.get(ward.code, NOTHING),
            may_set=capacity.may_set(account, ward.code),
        )
        for ward in load_registry().municipality.wards
        if limit is None or ward.code == limit
    ]
