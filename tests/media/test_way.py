"""The way of a package that is as it should be: from the school's files to the city's deliveries and ledger."""

from __future__ import annotations

import hashlib
import json

import pytest
from tests.media.office import DAY, SCHOOL, Office

from mimamori import intake
from mimamori.media.container import BLOCK
from mimamori.media.erasure import erase, open_erasures
from mimamori.media.ledger import Ledger
from mimamori.refusal import Refused


def test_a_package_becomes_a_delivery(office: Office) -> None:
    made = office.packed(medium="USB-03", by="送り")
    file = office.extract()
    [entry] = made.manifest.files
    assert (entry.name, entry.source, entry.table, entry.as_of, entry.rows) == (
        "school_affairs.attendance_yearly.20261031.tsv", "school_affairs", "attendance_yearly", DAY, 3,
    )  # fmt: skip
    assert (entry.size, entry.sha256) == (file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest())
    found = office.receive(office.folder / "package.mmp", by="受け")
    assert (found.outcome, found.package, list(found.missing)) == ("received", made.manifest.id, [])
    assert [(one.source, one.as_of, one.state, one.stored) for one in found.receipts] == [
        ("school_affairs", DAY, "stored", 3)
    ]
    [delivery] = intake.deliveries(office.city)
    assert delivery.tables["attendance_yearly"].sha256 == entry.sha256
    assert not list((office.city.home / "media").glob(".opened-*"))


def test_the_ledgers_of_both_ends_tell_of_it(office: Office) -> None:
    made = office.packed(medium="USB-03", by="送り").manifest
    office.receive(office.folder / "package.mmp", by="受け")
    [sent], [came] = Ledger(office.school).entries(), office.entries()
    for line, action, by in ((sent, "pack", "送り"), (came, "receive", "受け")):
        assert (line.action, line.by, line.medium, line.sender) == (action, by, "USB-03", SCHOOL)
        assert (line.package, line.sequence, line.files, line.rows, line.number) == (made.id, 1, 1, 3, 1)
    assert (came.stored, came.quarantined, came.digest) == (3, 0, sent.digest)


def test_nothing_of_a_package_can_be_read_on_the_way(office: Office) -> None:
    data = office.pack().read_bytes()
    for plain in ("P00001", "school_affairs", SCHOOL, "P00001".encode("utf-16-le")):
        assert (plain.encode() if isinstance(plain, str) else plain) not in data
    assert (office.folder / "package.mmp").stat().st_mode & 0o777 == 0o600


def test_several_files_and_one_without_a_row(office: Office) -> None:
    files = [office.extract(), office.extract(0, table="checkups"), office.extract(0, table="health_room")]
    files[2].write_bytes(b"")
    files[2].with_name(files[2].name + ".manifest.json").unlink()
    package = office.packed(*files).manifest
    assert [file.rows for file in package.files] == [3, 0, 0]
    assert package.files[2].beside is None
    office.receive(office.folder / "package.mmp")


def test_a_file_larger_than_a_block(office: Office) -> None:
    pupils = BLOCK // 20
    found = office.receive(office.pack(office.extract(pupils)))
    assert found.receipts[0].received == pupils


def test_numbers_count_by_sender_and_city(office: Office) -> None:
    office.register("市立きた小学校")
    made = [
        office.packed(out="1.mmp"),
        office.packed(out="2.mmp"),
        office.packed(out="3.mmp", sender="市立きた小学校"),
        office.packed(out="4.mmp", recipient=office.city_key(office.school).model_copy(update={"name": "別の市"})),
    ]
    assert [one.manifest.sequence for one in made] == [1, 2, 1, 1]
    assert len({one.manifest.id for one in made}) == 3  # the id tells sender and number


def test_erasure_is_asked_for_and_closed(office: Office) -> None:
    found = office.receive(office.pack(medium="USB-03"))
    assert found.erasure is not None
    text = found.erasure.read_text(encoding="utf-8")
    for told in (found.package, "USB-03", SCHOOL, "school_affairs.attendance_yearly.20261031.tsv", "3 件"):
        assert told in text
    assert [(one.package, one.medium) for one in open_erasures(office.entries())] == [(found.package, "USB-03")]
    with pytest.raises(Refused, match="No erasure"):
        erase("00000000-0001", by="受け", config=office.city)
    entry = erase(found.package, by="消し", how="物理破壊", config=office.city)
    assert (entry.action, entry.by, entry.reason, entry.medium) == ("erase", "消し", "物理破壊", "USB-03")
    assert open_erasures(office.entries()) == []
    with pytest.raises(Refused, match="No erasure"):
        erase(found.package, by="消し", config=office.city)


def test_what_waits_for_a_person_may_come_again(office: Office) -> None:
    """A count that fell is told; the same package is then taken with a confirmation, and asks for its erasure."""
    for number, pupils in ((1, 90), (2, 10)):
        office.pack(office.extract(pupils, day=DAY.replace(day=number)), out=f"{number}.mmp")
    assert office.receive(office.folder / "1.mmp").outcome == "received"
    waits = office.receive(office.folder / "2.mmp")
    assert (waits.outcome, waits.erasure) == ("waiting", None)
    taken = office.receive(office.folder / "2.mmp", confirm=True, reason="学級閉鎖のため")
    assert (taken.outcome, taken.entry.reason) == ("received", "学級閉鎖のため")
    assert [line.outcome for line in office.entries()] == ["received", "waiting", "received"]


def test_a_gap_is_confirmed_first_and_a_doubt_after(office: Office) -> None:
    for number, pupils in ((1, 90), (2, 90), (3, 10)):
        office.pack(office.extract(pupils, day=DAY.replace(day=number)), out=f"{number}.mmp")
    office.receive(office.folder / "1.mmp")
    assert office.receive(office.folder / "3.mmp", confirm=True).outcome == "waiting"
    assert office.receive(office.folder / "3.mmp", confirm=True).outcome == "received"


def test_the_json_of_a_receipt(office: Office) -> None:
    told = json.loads(json.dumps(office.receive(office.pack()).as_json()))
    assert (told["outcome"], told["sequence"], told["missing"]) == ("received", 1, [])
    assert told["receipts"][0]["state"] == "stored"
