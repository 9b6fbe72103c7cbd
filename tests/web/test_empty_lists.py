"""Every list that a page makes of what there is says something where there is nothing; told from the templates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from django.template.base import NodeList, TextNode
from django.template.defaulttags import ForNode, IfNode

import mimamori.web

TEMPLATES = Path(mimamori.web.__file__).parent / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
ITEMS = ("<li", "<tr", "<article", "<option", "<figure")
# Lists with nothing to say where they are empty: the reason for each.
FULL = "never empty: "
PART = "a part that is only there where it says something: "
REASONS: dict[tuple[str, str], str] = {
    ("worklist/page.html", "ages"): "the age bands are always five",
    ("support/finding.html", "effects"): "the panel stands where there are some, or the form to record one is below",
    ("print/referral.html", "answers"): "only agencies with a form of their own have them",
    ("print/referral.html", "items"): "a referral has one item at least; of which nothing is known, it says so",
    ("accounts.html", "rows"): FULL + "whoever looks has an account",
    ("conditions/backtest.html", "table.lines"): FULL + "a table is made of groups",
    ("conditions/capacity.html", "places"): FULL + "the wards of the municipality",
    ("conditions/persona_lines.html", "lines"): FULL + "it is included where there are lines",
    ("conditions/editor.html", "offered"): FULL + "an area of the choices is made of indicators",
    ("conditions/editor.html", "places"): FULL + "the must-look and the domains, to choose from",
    ("conditions/editor.html", "sheet.tiers"): FULL + "a set has a tier",
    ("conditions/editor_row.html", "one.places"): FULL + "the must-look and the domains, to choose from",
    ("conditions/editor_what_if.html", "table.ages"): FULL + "the ages",
    ("conditions/editor_what_if.html", "table.difficulties"): FULL + "the difficulties",
    ("conditions/editor_what_if.html", "table.wards"): FULL + "the wards of the municipality",
    ("conditions/set.html", "domain.rows"): FULL + "a domain is made of conditions",
    ("conditions/set.html", "shown.musts"): PART + "a set has must-look conditions, points, or both",
    ("conditions/version.html", "one.failed"): PART + "what did not pass",
    ("conditions/version.html", "proofs"): FULL + "the kinds of proof",
    ("conditions/version.html", "record"): FULL + "a version begins with a line",
    ("conditions/version.html", "stages"): FULL + "the stages of a life",
    ("deliveries/list.html", "rows"): FULL + "the sources",
    ("deliveries/one.html", "history"): FULL + "the delivery itself is one",
    ("deliveries/table.html", "table.items"): FULL + "the items of a layout",
    ("deliveries/table.html", "table.keys"): PART + "keys nobody knows",
    ("filters/group.html", "group.joins"): FULL + "all, any, none, to choose from",
    ("filters/group.html", "offered"): FULL + "a heading of the choices is made of choices",
    ("filters/page.html", "line.reasons"): PART + "who is filtered need not be extracted, which is said above it",
    ("karte/changed.html", "change.causes"): PART + "what changed the finding, condition by condition",
    ("karte/family.html", "karte.household"): PART + "who moved; the family itself is above it",
    ("karte/family.html", "kin_told"): PART + "who the family are to each other; of one parent alone there is nothing",
    ("karte/quiet.html", "quiet"): PART + "sources without a record; the cells above tell all of them",
    ("karte/reasons.html", "outside"): PART + "conditions for other ages",
    ("karte/reasons.html", "unknown"): PART + "conditions without an answer",
    ("karte/reasons.html", "view.failed"): PART + "conditions that do not hold",
    ("karte/reasons.html", "view.met"): FULL + "what was extracted has a reason",
    ("karte/side.html", "checks"): PART + "what to ask next",
    ("karte/side.html", "case.referrals"): PART + "where the case was referred to; its own page says that it was not",
    ("print/plan.html", "actions"): FULL + "a plan without something to do is refused",
    ("support/finding.html", "agenda"): PART + "conferences; the button above leads to the first one",
    ("support/plan.html", "actions"): FULL + "a plan without something to do is refused",
    ("support/finding.html", "plans"): PART + "plans; the button above leads to the first one",
    ("karte/support.html", "case.assessments"): PART + "what is written of a case; where nothing is, that is said",
    ("karte/support.html", "case.attachments"): PART + "as above",
    ("karte/support.html", 'case.notes|slice:":5"'): PART + "as above",
    ("karte/support.html", "case.referrals"): PART + "as above",
    ("karte/support.html", "reasons"): PART + "conditions that cannot be read any more are counted below them",
    ("karte/table_behind.html", "picture.rows"): FULL + "a picture is drawn from rows",
    ("karte/timeline.html", "changes"): PART + "what became of the case number",
    ("karte/timeline.html", "year.lines"): FULL + "a year is made of lines",
    ("linkage/quality.html", "one.lines"): FULL + "an agreement is counted for somebody",
    ("models/entries.html", "table.rows"): FULL + "a proof is made of days and candidates",
    ("models/entries.html", "told.columns"): FULL + "a model reads something",
    ("models/one.html", "curves.rows"): FULL + "the lengths of a curve",
    ("models/one.html", "told.steps"): FULL + "a model's record begins with its proof",
    ("print/model_card_body.html", "told.steps"): FULL + "as above",
    ("pairs/pair.html", "steps"): PART + "evidence that was weighed",
    ("pairs/pair.html", "words"): PART + "what others said of the pair",
    ("pairs/table.html", "rows"): FULL + "it is included where there are pairs",
    ("pieces/stages.html", "table.lines"): FULL + "the difficulties, or the wards",
    ("print/karte.html", "karte.known"): FULL + "the sources",
    ("print/family.html", "karte.household"): PART + "who moved; the family itself is above it",
    ("print/family.html", "kin_told"): PART + "who the family are to each other; of one parent alone there is nothing",
    ("print/karte.html", "checks"): PART + "what to ask next",
    ("print/karte.html", "files"): PART + "files of the case",
    ("print/karte.html", "year.lines"): FULL + "a year is made of lines",
    ("print/support.html", "case.referrals"): PART + "where the case was referred to; that it was not is said",
    ("print/support.html", "reasons"): PART + "conditions that cannot be read any more are counted below them",
    ("support/assessment.html", "form.checks"): FULL + "every difficulty has questions",
    ("trail.html", "actions"): FULL + "all kinds of act, to choose from",
    ("trail.html", "actors"): FULL + "all accounts, to choose from",
    ("uploads/state.html", "others"): PART + "files that wait",
    ("uploads/state.html", "strangers"): PART + "files nobody can place",
    ("worklist/page.html", "workers"): FULL + "a supervisor has workers; sending without one is refused in words",
    ("worklist/row.html", "row.reasons"): FULL + "a child is there for a reason, or drawn at random, which is said",
    ("worklist/side.html", "notices"): PART + "what happened to the own cases",
    ("worklist/side.html", "team"): PART + "the load of a team, for its supervisor",
}


def loops(nodes: NodeList, *, said: bool = False) -> Iterator[tuple[ForNode, bool]]:
    """Every loop of a template, and whether something is said where its list is empty."""
    for node in nodes:
        if isinstance(node, ForNode):
            empty = bool(node.nodelist_empty) or said
            yield node, empty
            for name in node.child_nodelists:
                yield from loops(getattr(node, name))
        elif isinstance(node, IfNode):
            has_else = any(condition is None for condition, _ in node.conditions_nodelists)
            for _, branch in node.conditions_nodelists:
                yield from loops(branch, said=has_else)
        else:
            for name in node.child_nodelists:
                yield from loops(getattr(node, name, None) or NodeList(), said=said)


def is_list(loop: ForNode) -> bool:
    first = loop.nodelist_loop[0] if loop.nodelist_loop else None
    return isinstance(first, TextNode) and first.s.lstrip().startswith(ITEMS)


def unsaid(name: str) -> list[tuple[str, str]]:
    template = engines["django"].get_template(name).template  # type: ignore[attr-defined]
    return [(name, str(loop.sequence)) for loop, said in loops(template.nodelist) if is_list(loop) and not said]


def test_every_list_has_words_for_being_empty() -> None:
    silent = {one for name in NAMES for one in unsaid(name)}
    assert silent == set(REASONS), "write what the page says where the list is empty, or why that cannot be"


@pytest.mark.parametrize(
    ("written", "silent"),
    [
        ("{% for one in rows %}<li>{{ one }}</li>{% endfor %}", True),
        ("{% for one in rows %}<li>{{ one }}</li>{% empty %}<li>none</li>{% endfor %}", False),
        ("{% if rows %}{% for one in rows %}<li>{{ one }}</li>{% endfor %}{% else %}none{% endif %}", False),
        ("{% if rows %}{% for one in rows %}<li>{{ one }}</li>{% endfor %}{% endif %}", True),
        ("{% for one in rows %}{{ one }}, {% endfor %}", False),
    ],
)
def test_a_silent_list_is_noticed(written: str, silent: bool) -> None:
    nodes = engines["django"].from_string(written).template.nodelist  # type: ignore[attr-defined]
    assert any(is_list(loop) and not said for loop, said in loops(nodes)) is silent
