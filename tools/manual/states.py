"""`docs/manual/states.md`: every state of a finding, what leads on from it, who may and who is told; with a picture."""

from __future__ import annotations

from collections.abc import Iterator

from tools.manual.markdown import NOTE, page, table

from mimamori.access import load_roles
from mimamori.audit import ACTIONS
from mimamori.support.deadlines import DAYS, LOOK_BY_TIER, LOOK_MUST
from mimamori.support.states import STATE_LABELS, TABLE, Deadline, Event, State, Transition

UNTIL: dict[Deadline, str] = {
    Deadline.KEEP: "そのまま",
    Deadline.LOOK: f"必ず見る: {LOOK_MUST}開庁日。ほかは順位により{'・'.join(map(str, LOOK_BY_TIER.values()))}開庁日",
    Deadline.PLAN: f"{DAYS[Deadline.PLAN]}開庁日",
    Deadline.WATCH: "見守る日",
    Deadline.CONFERENCE: "会議の日",
    Deadline.REVIEW: "計画を見直す日",
    Deadline.ANSWER: "返事の期限",
    Deadline.SUPPORT: f"{DAYS[Deadline.SUPPORT]}開庁日",
    Deadline.CONFIRM: f"{DAYS[Deadline.CONFIRM]}開庁日",
    Deadline.NONE: "なし",
}
TOLD = {"owner": "担当", "supervisor": "係長", "nobody": "—"}
MERMAID = ("```mermaid", "stateDiagram-v2")


def states_page() -> str:
    """The whole page, from the table of states."""
    return page(_lines())


def _lines() -> Iterator[str]:
    yield NOTE.format(room="src/mimamori/support/states.py")
    yield "# 抽出された児童の状態"
    yield ""
    yield "抽出から終結まで。画面のボタン、期限、お知らせ、監査記録は、すべてこの1つの表によります。担当を決めること"
    yield "(割り当て)は、終わりを待つ状態のほかではいつでもでき、図では省きました。"
    yield ""
    yield from MERMAID
    yield f"  [*] --> {State.PROPOSED}"
    for state in State:
        yield f"  {state}: {STATE_LABELS[state][0]}"
    for row in TABLE:
        if row.state is not row.to and row.event is not Event.ASSIGN:
            yield f"  {row.state} --> {row.to}: {ACTIONS[row.action][0]}"
    yield f"  {State.CLOSED} --> [*]"
    yield "```"
    for state in State:
        rows = [row for row in TABLE if row.state is state]
        yield ""
        yield f"## {STATE_LABELS[state][0]}"
        yield ""
        if not rows:
            yield "ここから先はありません。もう一度抽出されると、新しい対応として始まります。"
            continue
        yield from table(
            ("すること", "つぎの状態", "できる役割", "期限", "お知らせ"),
            (
                (_word(row), STATE_LABELS[row.to][0], "、".join(_roles(row)), UNTIL[row.deadline], _told(row))
                for row in rows
            ),
        )


def _word(row: Transition) -> str:
    """What is done, in the trail's words; what it comes to where one act has several ends."""
    word = ACTIONS[row.action][0]
    several = {other.to for other in TABLE if (other.state, other.action) == (row.state, row.action)}
    return f"{word}({row.notice_ja})" if len(several) > 1 else word


def _roles(row: Transition) -> Iterator[str]:
    for role in load_roles().roles.values():
        if row.permission in role.permissions:
            yield role.label.ja


def _told(row: Transition) -> str:
    return TOLD[row.told] if row.told == "nobody" else f"{TOLD[row.told]}に「{row.notice_ja}」"
