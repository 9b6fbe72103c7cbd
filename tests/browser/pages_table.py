"""Every page of the product, and who looks at it where: a view of the urlconf without a row fails a test.

A path may hold {names} of the stage. What answers with no page of its own is listed with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """One look at a page: by whom ("" is nobody: signed out), where, and with which status it answers.

    `term`: what is searched for there first; `press`: the button that is pressed there with nothing filled in.
    """

    who: str
    path: str
    status: int = 200
    term: str = ""
    press: str = ""


PAGES: dict[str, tuple[Look, ...]] = {
    "own_page": (Look("manager", "/start/"),),
    "worklist": (
        Look("minami-worker", "/work/?view=all"),
        Look("minami-worker", "/work/?view=closed&difficulty=bullying"),  # empty
        Look("minami-supervisor", "/work/?view=unassigned"),
        Look("coordinator", "/work/?view=waiting&ward=40134"),
    ),
    "filters": (Look("minami-worker", "/filters/"), Look("coordinator", "/filters/")),
    "search": (Look("minami-worker", "/search/"),),
    "found": (
        Look("minami-worker", "/search/none/"),  # a result that is gone
        Look("minami-worker", "/search/", term="さ*"),
        Look("minami-worker", "/search/", term="鳳凰院"),  # nobody
    ),
    "karte": (Look("minami-worker", "/karte/{page.case_no}/"), Look("coordinator", "/karte/{draft.case_no}/")),
    "readers": (Look("minami-worker", "/karte/{page.case_no}/readers/"),),
    "print_karte": (
        Look("minami-worker", "/karte/{page.case_no}/print/"),
        Look("minami-supervisor", "/karte/{page.case_no}/print/"),
    ),
    "finding": (
        Look("minami-worker", "/findings/{page.looking}/"),
        Look("minami-worker", "/findings/{page.referred}/"),
        Look("minami-supervisor", "/findings/{page.closing}/"),
    ),
    "assess": (
        Look("minami-worker", "/findings/{page.looking}/assess/"),
        Look("minami-worker", "/findings/{page.looking}/assess/", press="所見を記録する"),
    ),
    "refer": (
        Look("minami-worker", "/findings/{page.referred}/refer/"),
        Look("minami-worker", "/findings/{page.referred}/refer/", press="つなぎを記録する"),
    ),
    "make_plan": (
        Look("minami-worker", "/findings/{page.needed}/plan/"),
        Look("minami-worker", "/findings/{page.needed}/plan/", press="支援計画を記録する"),
    ),
    "plan": (
        Look("minami-worker", "/plans/{page.plan}/"),
        Look("minami-supervisor", "/plans/{page.done_plan}/"),
    ),
    "conferences": (Look("minami-worker", "/conferences/"), Look("coordinator", "/conferences/")),
    "conference": (
        Look("minami-supervisor", "/conferences/{page.conference}/"),
        Look("minami-worker", "/conferences/{page.coming}/"),  # nothing on its agenda
    ),
    "put_on": (
        Look("minami-worker", "/findings/{page.looking}/conference/"),
        Look("minami-worker", "/findings/{page.looking}/conference/", press="議題に入れる"),
    ),
    "decide": (
        Look("minami-supervisor", "/agenda/{page.item}/"),
        Look("minami-supervisor", "/agenda/{page.item}/", press="決定を記録する"),
    ),
    "records": (
        Look("minami-worker", "/findings/{page.looking}/records/"),
        Look("minami-worker", "/findings/{page.noted}/records/"),
        Look("coordinator", "/findings/{page.noted}/records/"),
    ),
    "correct_note": (Look("minami-worker", "/notes/{page.note}/correct/"),),
    "answer": (
        Look("minami-worker", "/referrals/{page.referral}/answer/"),
        Look("minami-worker", "/referrals/{page.referral}/answer/", press="返事を記録する"),
    ),
    "pairs": (Look("coordinator", "/pairs/"),),
    "pair": (Look("coordinator", "/pairs/{pair}/"),),
    "linkage_quality": (Look("coordinator", "/linkage/quality/"),),
    "conditions": (Look("coordinator", "/conditions/"), Look("manager", "/conditions/?difficulty=bullying")),
    "personas": (
        Look("coordinator", "/conditions/personas/"),
        Look("manager", "/conditions/personas/?difficulty=carer"),
    ),
    "condition_set": (
        Look("coordinator", "/conditions/{page.draft}/"),
        Look("manager", "/conditions/{page.asked}/"),
        Look("coordinator", "/conditions/{page.asked}/", press="この版を取り下げる"),
        Look("analyst", "/conditions/{page.used}/"),
    ),
    "condition_edit": (
        Look("coordinator", "/conditions/{page.draft}/edit/"),
        Look("coordinator", "/conditions/{page.draft}/edit/", press="条件を加える"),
    ),
    "condition_backtest": (
        Look("coordinator", "/conditions/{page.used}/backtest/"),
        Look("manager", "/conditions/{page.draft}/backtest/"),  # not run
    ),
    "models": (
        Look("analyst", "/models/?difficulty=abuse"),
        Look("manager", "/models/?difficulty=carer"),  # none
    ),
    "model": (
        Look("analyst", "/models/{page.model}/"),
        Look("manager", "/models/{page.asked_model}/"),
        Look("manager", "/models/{page.asked_model}/", press="このモデルを承認する"),
    ),
    "capacity": (Look("minami-supervisor", "/capacity/"), Look("coordinator", "/capacity/?ward=40131")),
    "deliveries": (Look("data-officer", "/deliveries/"),),
    "upload": (Look("coordinator", "/deliveries/upload/"),),
    "upload_one": (Look("coordinator", "/deliveries/upload/{upload}/"),),
    "delivery": (
        Look("data-officer", "/deliveries/resident_register/2026-10-31.1/"),
        Look("coordinator", "/deliveries/resident_register/2026-10-31.1/"),
    ),
    "runs": (Look("coordinator", "/runs/"),),
    "statistics": (Look("analyst", "/statistics/"),),
    "trail": (Look("auditor", "/trail/"), Look("auditor", "/trail/?action=export&actor=analyst")),
    "accounts": (Look("administrator", "/people/"), Look("administrator", "/people/", press="アカウントを作る")),
    "account_login": (Look("", "/accounts/login/"), Look("", "/accounts/login/", press="サインインする")),
    "account_logout": (Look("auditor", "/accounts/logout/"),),
    "account_inactive": (Look("", "/accounts/inactive/"),),
    "account_change_password": (Look("auditor", "/accounts/password/change/"),),
    # Refusals are pages too.
    "errors.denied": (Look("minami-worker", "/people/", 403),),
    "errors.not_found": (Look("minami-worker", "/karte/K-0000-0000-0/", 404), Look("auditor", "/nowhere/", 404)),
}
NO_PAGES = {
    "letter": "a file to save",
    "effect": "leads back to the finding",
    "model_card": "a file to save",
    "home": "leads on to the first page of the menu",
    "away": "sign-out at once: leads to the entrance",
    "assign": "leads back to the worklist",
    "purpose": "leads on to the karte",
    "start": "leads on to the assessment",
    "step": "leads back to the finding",
    "print_conference": "a file to save",
    "end_plan": "leads back to the plan",
    "print_plan": "a file to save",
    "attach": "leads back to the records",
    "withdraw_note": "leads back to the records",
    "withdraw_attachment": "leads back to the records",
    "attachment": "a file to save",
    "keep_draft": "a note beside the form",
    "discard_draft": "leads back to the form",
    "pair_undo": "leads back to the pair",
    "read_notice": "leads back to the worklist",
    "condition_copy": "leads on to the copy",
    "condition_what_if": "a part of the editor",
    "condition_personas": "leads back to the version",
    "condition_try_backtest": "leads on to the figures",
    "condition_remark": "leads back to the version",
    "upload_again": "leads back to the upload",
    "upload_confirm": "leads back to the upload",
    "upload_withdraw": "leads back to the uploads",
    "delivery_report": "a file to save",
    "statistics_export": "a file to save",
    "verify": "leads back to the trail",
    "set_language": "leads back to the page",
}
