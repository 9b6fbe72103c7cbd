"""Addresses of the pages. No address holds a name, a search term or anything else of a child but the case number."""

from allauth.account import views as entrance
from django.urls import path
from django.views.i18n import set_language

from mimamori.web.views import (
    accounts,
    assessment,
    conditions,
    deliveries,
    drafts,
    finding,
    home,
    karte,
    linkage_quality,
    pairs,
    referral,
    runs,
    search,
    statistics,
    trail,
    uploads,
    worklist,
)

handler403 = "mimamori.web.views.errors.denied"
handler404 = "mimamori.web.views.errors.not_found"
handler500 = "mimamori.web.views.errors.fault"

urlpatterns = [
    path("", home.home, name="home"),
    path("start/", home.own_page, name="own_page"),
    path("away/", home.away, name="away"),
    path("work/", worklist.worklist, name="worklist"),
    path("work/assign/", worklist.assign, name="assign"),
    path("search/", search.search, name="search"),
    path("search/<str:token>/", search.found, name="found"),
    path("karte/<str:case_no>/", karte.karte, name="karte"),
    path("karte/<str:case_no>/purpose/", karte.purpose, name="purpose"),
    path("karte/<str:case_no>/readers/", karte.readers, name="readers"),
    path("findings/<int:pk>/", finding.finding, name="finding"),
    path("findings/<int:pk>/start/", finding.start, name="start"),
    path("findings/<int:pk>/step/", finding.step, name="step"),
    path("findings/<int:pk>/assess/", assessment.assess, name="assess"),
    path("findings/<int:pk>/refer/", referral.refer, name="refer"),
    path("referrals/<int:pk>/answer/", referral.answer, name="answer"),
    path("drafts/keep/", drafts.keep, name="keep_draft"),
    path("drafts/discard/", drafts.discard, name="discard_draft"),
    path("pairs/", pairs.pairs, name="pairs"),
    path("pairs/<int:pk>/", pairs.pair, name="pair"),
    path("pairs/<int:pk>/undo/", pairs.undo, name="pair_undo"),
    path("notices/<int:pk>/read/", worklist.read_notice, name="read_notice"),
    path("linkage/quality/", linkage_quality.quality, name="linkage_quality"),
    path("conditions/", conditions.conditions, name="conditions"),
    path("conditions/<int:pk>/", conditions.version, name="condition_set"),
    path("conditions/<int:pk>/copy/", conditions.copy, name="condition_copy"),
    path("conditions/<int:pk>/remark/", conditions.remark, name="condition_remark"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/upload/", uploads.upload, name="upload"),
    path("deliveries/upload/<int:pk>/", uploads.one, name="upload_one"),
    path("deliveries/upload/<int:pk>/again/", uploads.step, {"verb": "again"}, name="upload_again"),
    path("deliveries/upload/<int:pk>/confirm/", uploads.step, {"verb": "confirm"}, name="upload_confirm"),
    path("deliveries/upload/<int:pk>/withdraw/", uploads.step, {"verb": "withdraw"}, name="upload_withdraw"),
    path("deliveries/<str:source>/<str:delivery>/", deliveries.delivery, name="delivery"),
    path("deliveries/<str:source>/<str:delivery>/report/", deliveries.report, name="delivery_report"),
    path("runs/", runs.runs, name="runs"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/export/", statistics.export, name="statistics_export"),
    path("trail/", trail.trail, name="trail"),
    path("trail/verify/", trail.verify, name="verify"),
    path("people/", accounts.accounts, name="accounts"),
    path("i18n/", set_language, name="set_language"),
    # Of allauth only this, under the names it looks for: nobody signs up, has an e-mail or resets a password alone.
    path("accounts/login/", entrance.login, name="account_login"),
    path("accounts/logout/", entrance.logout, name="account_logout"),
    path("accounts/inactive/", entrance.account_inactive, name="account_inactive"),
    path("accounts/password/change/", entrance.password_change, name="account_change_password"),
]
