"""What families pay the schools, and what they are helped with: aid, lunch fees, other collections."""

from __future__ import annotations

import numpy as np

from mimamori.city import rates
from mimamori.city.class_tables import FIRST_MONTH, SUMMER
from mimamori.city.days import NEVER, day_of, first_of_school_year, grade, school_year_of
from mimamori.city.people import texts
from mimamori.city.printing import days, whole
from mimamori.city.school_tables import SchoolTables, months_between
from mimamori.city.tables import numbered, several
from mimamori.sources.writing import Columns

AID, FEES, COLLECTIONS = "school_expense_aid", "school_lunch_fees", "school_collections"
LUNCH = {"B1": 4_200, "C1": 5_000}  # yen a month, A
COSTS = (("1", 9_000, range(1, 10)), ("2", 24_000, (5, 6, 8, 9)), ("3", 4_800, range(1, 10)))  # yen a year, A


class FeeTables(SchoolTables):
    """就学援助, 給食費, 学校徴収金."""

    def aid(self, day: int, _: int) -> Columns:
        """Applications of this school year and the one before; a few are refused."""
        people, homes = self.people, self.homes
        made = []
        for year in range(school_year_of(day) - 1, school_year_of(day) + 1):
            years = grade(people.birth, year)
            asked, decided = int(first_of_school_year(year)) + 19, int(first_of_school_year(year)) + 49
            pupil = self.lives.school.pupil & (years >= 1) & (years <= 9) & self.city.here(self.everybody, asked)
            refused = ~self.lives.school.aid & (self.draw(f"aid refused {year}") < 0.012)
            who = np.flatnonzero(pupil & (self.lives.school.aid | refused) & (decided <= day))
            poorest = self.lives.assistance[people.household[who]]
            alone = homes.single[people.household[who]]
            level = np.where(refused[who], "3", np.where(poorest, "1", "2"))
            reason = np.where(poorest, "1", np.where(alone, "4", np.where(who % 3 == 0, "3", "6")))
            over = np.minimum(people.left[who], int(first_of_school_year(year + 1)) - 1)
            made.append(
                {
                    "pupil_no": numbered("P", who),
                    "school_year": [str(year)] * len(who),
                    "applied_on": days(AID, np.full(len(who), asked)),
                    "certification": level.tolist(),
                    "aid_reason": np.where(level == "3", "", reason).tolist(),
                    "certified_on": days(AID, np.where(level == "3", NEVER, decided)),
                    "ended_on": days(AID, np.where((level != "3") & (over <= day), over, NEVER)),
                }
            )
        return several(made)

    def fees(self, day: int, before: int) -> Columns:
        """Bills of the months since the delivery before; none in August; free from the second term of 2025 on."""
        fields = ("pupil_no", "school_year", "month", "billed", "paid", "paid_on", "unpaid", "reminder_count", "waiver")
        columns: Columns = {field: [] for field in fields}
        for first in months_between(day, before, FIRST_MONTH):
            month = day_of(first)
            if month.month == SUMMER:
                continue
            who = self.at_school(first)
            free = (month.year, month.month) >= rates.LUNCH_FREE_FROM
            helped, assisted = self.lives.school.aid[who], self.lives.assistance[self.people.household[who]]
            waiver = np.where(free, "3", np.where(assisted, "1", np.where(helped, "2", "0")))
            price = np.where(self.grades(who, first) <= 6, LUNCH["B1"], LUNCH["C1"])
            billed = np.where(waiver == "0", price, 0)
            owes = self.lives.school.lunch_arrears[who] & (billed > 0)
            columns["pupil_no"] += numbered("P", who)
            columns["school_year"] += [str(school_year_of(first))] * len(who)
            columns["month"] += [f"{month:%Y%m}"] * len(who)
            columns["billed"] += whole(billed)
            columns["paid"] += whole(np.where(owes, 0, billed))
            columns["paid_on"] += days(FEES, np.where(owes | (billed == 0), NEVER, first + 27))
            columns["unpaid"] += whole(np.where(owes, billed, 0))
            columns["reminder_count"] += whole(np.where(owes, 1 + who % 3, 0))
            columns["waiver"] += waiver.tolist()
        return columns

    def collections(self, day: int, _: int) -> Columns:
        """This school year's collections: what is unpaid grows until it is reminded of."""
        who = self.at_school(day)
        year, years = school_year_of(day), self.grades(who, day)
        april = int(first_of_school_year(year))
        passed = min(10, max(1, (day - april) // 30))  # debits tried so far, one a month
        owes = self.lives.school.arrears[who]
        codes = texts(self.codes(who, day))
        made = []
        for expense, price, of_grades in COSTS:
            here = np.isin(years, list(of_grades))
            one, owing = who[here], owes[here]
            billed = price * passed // 10
            failed = np.where(owing, np.minimum(passed, 2 + one % 6), np.where(one % 37 == 0, 1, 0))
            unpaid = np.where(owing, price * failed // 10, 0)
            reminded = owing & (failed >= 2)
            made.append(
                {
                    "pupil_no": numbered("P", one),
                    "school_year": [str(year)] * len(one),
                    "school_code": codes[here].tolist(),
                    "expense": [expense] * len(one),
                    "billed": [str(billed)] * len(one),
                    "paid": whole(billed - np.minimum(unpaid, billed)),
                    "unpaid": whole(np.minimum(unpaid, billed)),
                    "failed_debits": whole(failed),
                    "reminder_count": whole(np.where(reminded, failed - 1, 0)),
                    "last_reminder_on": days(COLLECTIONS, np.where(reminded, day - 10, NEVER)),
                }
            )
        return several(made)
