"""`mimamori models`: statistical models from the analysis zone to being switched off, and what became of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.models_train import compare_command, evaluate_command, train_command
from mimamori.cli.models_zone import gather_command, remove_command, zone_command
from mimamori.cli.options import JSON, check_new
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.refusal import Refused

if TYPE_CHECKING:  # models exist only once Django is set up
    from mimamori.governance.models import ModelVersion

BY = click.option("--by", required=True, help="だれがするか(利用者名)/ user name")
REASON = click.option("--reason", default="", help="理由 / why")


@click.group()
def command() -> None:
    """リスク判定のモデル: 仮名データ・学習・検証・承認・停止 / statistical models that prove themselves or stay off."""


for one in (gather_command, zone_command, remove_command, evaluate_command, train_command, compare_command):
    command.add_command(one)


@command.command("list")
@click.option("--difficulty", default="", help="類型 / of one difficulty only")
@JSON
def list_models(difficulty: str, as_json: bool) -> None:
    """登録したモデルの一覧 / the models kept, and which are on."""
    open_store()
    from mimamori.governance.models import ModelVersion

    found = ModelVersion.objects.select_related("made_by", "approved_by").defer("content")
    told = [_told(one) for one in (found.filter(difficulty=difficulty) if difficulty else found)]
    if as_json:
        put_json(told)
        return
    for one in told:
        mark = "*" if one["state"] == "on" else " "
        tell(f"{one['id']:>5} {mark} {one['difficulty']:<12}{one['number']:>3}  {one['state_label']}  {one['reason']}")
    if not told:
        say("まだモデルはありません。models gather と models train で作ります。", "No model yet: gather, then train.")
    say("* が使用中のモデルです。", "* marks the models that are on.")


@command.command()
@click.argument("model", type=int)
@JSON
def show(model: int, as_json: bool) -> None:
    """1つのモデルの検証の結果と記録 / one model: its proof, its record, what people answered (its id)."""
    open_store()
    from mimamori.support import answers_to

    version = model_numbered(model)
    answers = answers_to(version.pk)
    told = _told(version) | {
        "digest": version.digest,
        "code": version.code,
        "project": version.project,
        "evaluation": version.evaluation,
        "record": [
            {"at": step.at, "by": step.by.username if step.by else None, "act": step.act, "to": step.to_state,
             "reason": step.reason}
            for step in version.steps.select_related("by").order_by("pk")
        ],
        "answers": {"added": answers.added, "judged": answers.judged, "agreed": answers.agreed,
                    "by": {str(outcome): count for outcome, count in answers.by.items()}},
    }  # fmt: skip
    if as_json:
        put_json(told)
        return
    tell(f"{told['difficulty']} {told['number']}  {told['state_label']}  {version.candidate}  {version.digest}")
    tell(told["reason"])
    for step in told["record"]:
        tell(f"  {step['at']:%Y-%m-%d %H:%M}  {step['by'] or '—'}  {step['act']} → {step['to']}  {step['reason']}")
    say(
        f"加えた児童 {answers.added}人、見立てた {answers.judged}人、支援か見守りが必要 {answers.agreed}人",
        f"added {answers.added}, looked at {answers.judged}, support or watching {answers.agreed}",
    )


@command.command()
@click.argument("model", type=int)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="書き出すファイル(.html か .pdf)/ the file")
@click.option("--language", type=click.Choice(["ja", "en"]), help="ことば(既定は設定のもの)/ language")
def card(model: int, out: Path, language: Literal["ja", "en"] | None) -> None:
    """モデルカード・アルゴリズム記録を書き出す / write the model card as HTML or PDF (its id)."""
    open_store()
    from mimamori import audit
    from mimamori.web.model_card import card_html, card_pdf

    version = model_numbered(model)
    if out.suffix not in {".html", ".pdf"}:
        raise Refused("--out: .html か .pdf で終わる名前にしてください。", "--out: a name that ends in .html or .pdf.")
    check_new(out)
    chosen = language or config().language
    content = card_pdf(version, chosen) if out.suffix == ".pdf" else card_html(version, chosen).encode()
    out.write_bytes(content)
    audit.record("model.print", by=None, detail={"difficulty": version.difficulty, "number": version.number})
    say(f"{out.name} を書き出しました。", f"Wrote {out.name}.")


@command.command()
@click.argument("model", type=int)
@BY
@REASON
@click.option("--adds", type=int, required=True, help="加えてよい児童(区の受け持てる数の何%)/ children it may add, %")
def approve(model: int, by: str, reason: str, adds: int) -> None:
    """作った人でない課長が承認し、次の夜から使う / approve somebody else's model: on from the next night (its id)."""
    open_store()
    from mimamori import governance

    account = account_named(by)
    with denials_told(account, "models approve"):
        governance.approve_model(model, by=account, adds=adds, reason=reason)
    say("承認しました。次の夜間処理から使います。", "Approved: on from the next night.")


def _step(name: str, verb: str, ja: str, en: str) -> None:
    """A command for an act that is asked for nothing but who and why."""

    @command.command(name, help=f"{ja} / {en} (its id).")
    @click.argument("model", type=int)
    @BY
    @REASON
    def act(model: int, by: str, reason: str) -> None:
        open_store()
        from mimamori import governance

        account = account_named(by)
        given = {} if verb == "ask_model" else {"reason": reason}
        with denials_told(account, f"models {name}"):
            moved = getattr(governance, verb)(model, by=account, **given)
        say(f"第{moved.number}版: {ja}。", f"Version {moved.number}: {en}.")


_step("ask", "ask_model", "承認を依頼する", "ask for approval")
_step("return", "send_model_back", "承認せずに差し戻す", "send back")
_step("withdraw", "withdraw_model", "承認の前に取り下げる", "withdraw before approval")
_step("off", "switch_off", "すぐに止める", "switch off at once")


def model_numbered(pk: int) -> ModelVersion:
    """The model of this id; raises `Refused` where there is none."""
    from mimamori.governance.models import ModelVersion

    found = ModelVersion.objects.select_related("made_by", "approved_by").filter(pk=pk).first()
    if found is None:
        raise Refused("このモデルはありません。", "There is no such model.")
    return found


def _told(one: ModelVersion) -> dict[str, Any]:
    from mimamori.governance.model_life import MODEL_STATE_LABELS, ModelState

    english = config().language == "en"
    return {
        "id": one.pk,
        "difficulty": one.difficulty,
        "number": one.number,
        "candidate": one.candidate,
        "state": one.state,
        "state_label": MODEL_STATE_LABELS[ModelState(one.state)][english],
        "offered": one.offered,
        "reason": one.evaluation["choice"]["reason"]["en" if english else "ja"],
        "adds": one.adds,
        "made_at": one.made_at,
        "made_by": one.made_by.username if one.made_by else None,
        "approved_by": one.approved_by.username if one.approved_by else None,
    }
