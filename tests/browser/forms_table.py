"""Every form into which somebody types, and where it is: a form without a row fails a test.

A form's name is that of its class, or template:field where a template writes the field itself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Typing:
    """Who types where: the page, the form on it (CSS), the field, and the button that sends it."""

    who: str
    path: str
    form: str
    field: str
    button: str


ASSESSMENT = "/findings/{draft.looking}/assess/"
CLOSING, NEEDED = "/findings/{draft.closing}/", "/findings/{draft.needed}/"
VERSION = "/conditions/{draft.draft}/"
RECORDS = "/findings/{draft.noted}/records/"
FORMS: dict[str, tuple[Typing, ...]] = {
    "AssessmentForm": (
        Typing("minami-worker", ASSESSMENT, "form[data-draft]", "text", "所見を記録する"),
        Typing("minami-worker", "/findings/{draft.noted}/assess/", "form[data-draft]", "checked", "下書きを保存"),
    ),
    "ReferralForm": (
        Typing("minami-worker", "/findings/{draft.referred}/refer/", "form[data-draft]", "text", "つなぎを記録する"),
    ),
    "CallForm": (Typing("minami-worker", "/conferences/", "form[data-draft]", "title", "会議を開く"),),
    "PutOnForm": (
        Typing("minami-worker", "/findings/{draft.looking}/conference/", "form[data-draft]", "why", "議題に入れる"),
    ),
    "MinutesForm": (
        Typing(
            "minami-supervisor",
            "/conferences/{draft.conference}/",
            "form[data-draft]",
            "minutes",
            "会議の記録を保存する",
        ),
    ),
    "DecisionForm": (
        Typing("minami-supervisor", "/agenda/{draft.item}/", "form:has([name=decision])", "reason", "決定を記録する"),
    ),
    "TakeOffForm": (
        Typing("minami-supervisor", "/agenda/{draft.item}/", "form:has([name=take_off])", "reason", "議題からはずす"),
    ),
    "PlanForm": (
        Typing("minami-worker", "/findings/{draft.needed}/plan/", "form[data-draft]", "goals", "支援計画を記録する"),
        Typing("minami-worker", "/plans/{draft.plan}/", "form:has([name=goals])", "strengths", "直した計画を記録する"),
    ),
    "AnswerForm": (
        Typing("minami-worker", "/referrals/{draft.referral}/answer/", "form[data-draft]", "text", "返事を記録する"),
    ),
    "EffectForm": (Typing("minami-worker", NEEDED, "form[action$='/effect/']", "text", "支援の結果を記録する"),),
    "StepForm": (
        Typing("minami-supervisor", CLOSING, "form:has([value=close])", "reason", "終結を承認する"),
        Typing("minami-supervisor", CLOSING, "form:has([value=return])", "reason", "理由をつけて差し戻す"),
        Typing("minami-worker", NEEDED, "form:has([value=look_again])", "reason", "確認中にもどす"),
        Typing("minami-worker", "/plans/{draft.done_plan}/", "form[action$='/end/']", "reason", "支援計画を終える"),
    ),
    "NoteForm": (
        Typing("minami-worker", RECORDS, "form[action$='/records/']", "text", "記録する"),
        Typing("minami-worker", "/notes/{draft.note}/correct/", "form[data-draft]", "text", "直した文を記録する"),
    ),
    "AttachForm": (Typing("minami-worker", RECORDS, "form[action$='/attach/']", "about", "添付する"),),
    "support/records.html:reason": (
        Typing("minami-worker", RECORDS, "form[action^='/notes/']", "reason", "取り下げる"),
        Typing("minami-worker", RECORDS, "form[action^='/attachments/']", "reason", "取り下げる"),
    ),
    "pairs/pair.html:reason": (Typing("coordinator", "/pairs/{pair}/", "form.decide", "reason", "ちがう人"),),
    "ActForm": (
        Typing("coordinator", VERSION, "form:has([value=withdraw])", "reason", "この版を取り下げる"),
        Typing("manager", "/conditions/{draft.asked}/", "form:has([value=return])", "reason", "検証に差し戻す"),
    ),
    "RemarkForm": (Typing("coordinator", VERSION, "form[action$='/remark/']", "text", "意見を記録する"),),
    "filters/page.html:name": (
        Typing("minami-worker", "/filters/", "form[data-draft]", "name", "この組み合わせを保存する"),
    ),
    "conditions/editor.html:note_ja": (
        Typing("coordinator", f"{VERSION}edit/", "form[data-draft]", "note_ja", "下書きを保存する"),
    ),
    "ModelActForm": (
        Typing("analyst", "/models/{draft.model}/", "form:has([value=withdraw])", "reason", "このモデルを取り下げる"),
        Typing("manager", "/models/{draft.asked_model}/", "form:has([value=return])", "reason", "差し戻す"),
    ),
    "CapacityForm": (Typing("minami-supervisor", "/capacity/", "form[data-draft]", "note", "この数を記録する"),),
    "AccountForm": (Typing("administrator", "/people/", "form[data-draft]", "display_name", "アカウントを作る"),),
}
# Fields of a form that is in the table by another of its fields: all of them are kept and shown again together.
TOGETHER = {
    **dict.fromkeys(
        (
            *(f"conditions/editor.html:{name}" for name in ("tier", "ages_from", "ages_to", "note_en")),
            *(f"conditions/editor.html:domain_{name}" for name in ("ja", "en", "weight")),
            *(f"conditions/editor_row.html:{name}" for name in ("low", "high", "listed", "points", "ja", "en")),
            *(f"conditions/editor_row.html:{name}" for name in ("age_from", "age_to", "basis_ja", "basis_en")),
        ),
        "conditions/editor.html:note_ja",
    ),
}
# What is typed and not kept, each with the reason.
NOT_KEPT = {
    "worklist/page.html:school": "what a list is narrowed by; it stays in the address",
    **dict.fromkeys(
        (
            "filters/clause.html:low",
            "filters/clause.html:high",
            "filters/clause.html:since",
            "filters/clause.html:until",
        ),
        "one number or day; the filter itself is kept with every press of a button",
    ),
    **dict.fromkeys(
        ("conditions/editor.html:new_group_ja", "conditions/editor.html:new_group_en"),
        "the name of a domain to add; the domain itself is kept with the press of its button",
    ),
    "account/login.html:login": "the way in itself",
    "account/login.html:password": "a secret",
    "account/password_change.html:oldpassword": "a secret",
    "account/password_change.html:password1": "a secret",
    "account/password_change.html:password2": "a secret",
    "base.html:term": "a child's name that was looked for is written nowhere",
    "search.html:term": "a child's name that was looked for is written nowhere",
}
