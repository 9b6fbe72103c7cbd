"""Files of a case: sealed on the disk, opened by who may meet the case and nobody else, each time logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cast import HIGASHI
from tests.support.files import pdf, picture

from mimamori import audit
from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.config import Config
from mimamori.refusal import Refused
from mimamori.support import attachments
from mimamori.support.attachments import attach, may_reach, open_attachment, plain_name, withdraw
from mimamori.support.models import Attachment, Finding
from mimamori.support.steps import FindingNotFound

pytestmark = pytest.mark.django_db
CONTENT = pdf(b"% \xe6\xaf\x8d\xe3\x81\xa8\xe9\x9d\xa2\xe8\xab\x87\n")


@pytest.fixture
def finding(findings: dict[str, Finding], cast: dict[str, str]) -> Finding:
    return findings[cast["poverty"]]


@pytest.fixture
def protected(finding: Finding, findings: dict[str, Finding], cast: dict[str, str]) -> Finding:
    """A finding of the protected child, who is not extracted otherwise."""
    return Finding.objects.create(
        case_no=cast["protected"], ward=finding.ward, first_as_of=finding.as_of, as_of=finding.as_of
    )


def attached(finding: Finding, by: Account, name: str = "診断書.pdf", content: bytes = CONTENT) -> Attachment:
    return attach(finding, by=by, name=name, content=content, about="主治医の診断書")


def on_disk(config: Config) -> list[Path]:
    return sorted(config.attachments.iterdir()) if config.attachments.exists() else []


def test_a_file_is_sealed_and_comes_back(finding: Finding, workers: dict[str, Account], cast_home: Config) -> None:
    before = set(on_disk(cast_home))
    made = attached(finding, workers["worker"])
    [path] = set(on_disk(cast_home)) - before
    lying = path.read_bytes()
    assert path.name == made.token and made.name not in str(path)
    assert b"%PDF" not in lying and CONTENT[20:60] not in lying
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    found, kind, content = open_attachment(made.pk, by=workers["supervisor"])
    assert (found.name, kind.name, content) == ("診断書.pdf", "pdf", CONTENT)
    told = [(one.action, one.actor, one.case_no) for one in Event.objects.filter(action__startswith="attachment")]
    assert told == [("attachment.add", "worker", finding.case_no), ("attachment.open", "supervisor", finding.case_no)]
    assert "診断書" not in str(list(Event.objects.values_list("detail", flat=True)))
    assert audit.verify().ok


def test_one_file_cannot_stand_in_for_another(finding: Finding, workers: dict[str, Account], cast_home: Config) -> None:
    one, other = (attached(finding, workers["worker"]) for _ in range(2))
    (cast_home.attachments / one.token).write_bytes((cast_home.attachments / other.token).read_bytes())
    with pytest.raises(Refused, match="damaged"):
        open_attachment(one.pk, by=workers["worker"])
    (cast_home.attachments / one.token).unlink()
    with pytest.raises(Refused, match="missing"):
        open_attachment(one.pk, by=workers["worker"])


@pytest.mark.parametrize(
    ("name", "opens"),
    [
        ("worker", None), ("supervisor", None), ("centre_worker", None), ("centre_supervisor", None),
        ("coordinator", None), ("outsider", FindingNotFound), ("manager", Denied), ("data_officer", Denied),
        ("analyst", Denied), ("auditor", Denied), ("administrator", Denied),
    ],
)  # fmt: skip
def test_who_opens_a_file(
    name: str, opens: type[Exception] | None, finding: Finding, workers: dict[str, Account]
) -> None:
    made = attached(finding, workers["worker"])
    if opens is None:
        assert open_attachment(made.pk, by=workers[name])[2] == CONTENT
        assert may_reach(workers[name], finding)
    else:
        with pytest.raises(opens):
            open_attachment(made.pk, by=workers[name])


@pytest.mark.parametrize(
    ("name", "opens"), [("worker", True), ("supervisor", True), ("centre_worker", True), ("coordinator", False)]
)
def test_a_protected_childs_file_stays_with_ward_and_centre(
    name: str, opens: bool, protected: Finding, workers: dict[str, Account]
) -> None:
    made = attached(protected, workers["worker"])
    assert may_reach(workers[name], protected) is opens
    if opens:
        open_attachment(made.pk, by=workers[name])
    else:
        with pytest.raises(Denied):
            open_attachment(made.pk, by=workers[name])


def test_who_is_out_of_scope_hears_what_nobody_would(finding: Finding, workers: dict[str, Account]) -> None:
    made = attached(finding, workers["worker"])
    said = []
    for pk in (made.pk, made.pk + 1000):
        with pytest.raises(FindingNotFound) as refused:
            open_attachment(pk, by=workers["outsider"])
        said.append((refused.value.ja, refused.value.en))
    assert said[0] == said[1]


def test_the_old_ward_loses_a_child_that_moved(finding: Finding, workers: dict[str, Account]) -> None:
    """The finding may be late: where the child lives now, by the snapshot, counts as well."""
    made = attached(finding, workers["worker"])
    Finding.objects.filter(pk=finding.pk).update(ward=HIGASHI)
    moved = Account.objects.create(username="higashi", role="ward_worker", ward=HIGASHI, display_name="東")
    for account in (workers["worker"], moved):
        with pytest.raises(FindingNotFound):
            open_attachment(made.pk, by=account)
    assert not may_reach(moved, Finding.objects.get(pk=finding.pk))


def test_a_case_that_nobody_knows_any_more_is_guarded(finding: Finding, workers: dict[str, Account]) -> None:
    made = attached(finding, workers["worker"])
    Finding.objects.filter(pk=finding.pk).update(case_no="K-0000-0000-0")
    open_attachment(made.pk, by=workers["worker"])
    with pytest.raises(Denied):
        open_attachment(made.pk, by=workers["coordinator"])


def test_a_picture_of_a_protected_child_tells_no_place(protected: Finding, workers: dict[str, Account]) -> None:
    with pytest.raises(Refused, match="place"):
        attached(protected, workers["worker"], "家.jpg", picture(place=True))
    attached(protected, workers["worker"], "家.jpg", picture())


def test_withdrawn_is_opened_by_nobody_and_destroys_nothing(
    finding: Finding, workers: dict[str, Account], cast_home: Config
) -> None:
    made = attached(finding, workers["worker"])
    with pytest.raises(Refused, match="Write why"):
        withdraw(made.pk, by=workers["worker"], reason=" ")
    withdraw(made.pk, by=workers["worker"], reason="別の子の書類だった")
    for name in ("worker", "supervisor"):
        with pytest.raises(Refused, match="withdrawn"):
            open_attachment(made.pk, by=workers[name])
    with pytest.raises(Refused, match="withdrawn"):
        withdraw(made.pk, by=workers["supervisor"], reason="もう一度")
    assert (cast_home.attachments / made.token).exists()
    assert Event.objects.filter(action="attachment.withdraw").count() == 1


def test_anothers_file_is_withdrawn_by_a_supervisor_only(finding: Finding, workers: dict[str, Account]) -> None:
    made = attached(finding, workers["supervisor"])
    with pytest.raises(Denied):
        withdraw(made.pk, by=workers["worker"], reason="まちがい")
    theirs = attached(finding, workers["worker"])
    withdraw(theirs.pk, by=workers["supervisor"], reason="まちがい")


def test_what_is_refused_leaves_no_file(
    finding: Finding, workers: dict[str, Account], cast_home: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = on_disk(cast_home)
    with pytest.raises(Refused):
        attached(finding, workers["worker"], "写真.jpg")
    with pytest.raises(Denied):
        attached(finding, workers["coordinator"])
    monkeypatch.setattr(attachments, "MOST_FILES", 0)
    with pytest.raises(Refused):
        attached(finding, workers["worker"])
    monkeypatch.setattr(attachments, "MOST_FILES", 9)

    def broken(*given: Any, **named: Any) -> int:
        raise RuntimeError("the trail is away")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        attached(finding, workers["worker"])
    assert on_disk(cast_home) == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("診断書.pdf", "診断書.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\田島\\写真.jpg", "写真.jpg"),
        ("報告\u202efdp.exe", "報告fdp.exe"),
        ('a"b\r\n<c>.txt', "a_b_c_.txt"),
        ("葛\U000e0100城.pdf", "葛\U000e0100城.pdf"),
        ("あ" * 300 + ".pdf", "あ" * 196 + ".pdf"),
    ],
)
def test_names_are_plain(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_a_file_whose_row_cannot_be_kept_is_not_kept(
    finding: Finding, workers: dict[str, Account], cast_home: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = on_disk(cast_home)
    with monkeypatch.context() as patched:
        patched.setattr("mimamori.support.attachments.audit.record", _dies)
        with pytest.raises(KeyboardInterrupt):
            attached(finding, workers["worker"])
    assert on_disk(cast_home) == before
    assert not Attachment.objects.exists()


def _dies(*_given: Any, **_named: Any) -> None:
    raise KeyboardInterrupt
