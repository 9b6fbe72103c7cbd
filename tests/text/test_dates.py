from datetime import date

import pytest

from mimamori.text.dates import parse_date, parse_month

DIGITS = {"1": "明治", "2": "大正", "3": "昭和", "4": "平成", "5": "令和"}
DAY = date(2022, 2, 25)


@pytest.mark.parametrize(
    "raw",
    [
        "20220225",
        "2022/2/25",
        "2022/02/25",
        "2022-02-25",
        "2022.2.25",
        "２０２２／２／２５",
        "2022年2月25日",
        "西暦2022年2月25日",
        "2022/2/25 0:30",
        "2022-02-25 00:30:00",
        "2022-02-25T00:30:00+09:00",
        "2022-02-24T15:30:00Z",
        "20220225003000",
        "令和4年2月25日",
        "令和４年２月２５日",
        "令和 4年 2月25日",
        "令和04年02月25日",
        "令和四年二月二十五日",
        "令4.2.25",
        "㋿4年2月25日",
        "R4.2.25",
        "r4.2.25",
        "Ｒ４．２．２５",
        "R04/02/25",
        "R4-2-25",
        "R 4. 2.25",
        "R040225",
        "令和040225",
        "令和4年2月25日(金)",
        "令和4年2月25日生",
        " 2022-02-25 ",
        "2022-02-25\x00\x00",
        "2022‐02‐25",
        "2022－02－25",
        "44617",
        "44617.0",
        "44617.5",
    ],
)
def test_one_day_in_many_forms(raw: str) -> None:
    assert parse_date(raw, era_digits={}) == (DAY, "exact", DAY, DAY)


@pytest.mark.parametrize("raw", ["5040225", "５０４０２２５", "5-04-02-25", "5.4.2.25", "504.02.25", "504/2/25"])
def test_era_digits_only_where_the_source_declares_them(raw: str) -> None:
    assert parse_date(raw, era_digits=DIGITS).day == DAY
    assert parse_date(raw, era_digits={}).status == "invalid"
    assert parse_date(raw, era_digits={"4": "平成"}).status == "invalid"


def test_an_era_digit_means_what_its_source_says() -> None:
    assert parse_date("4010203", era_digits={"4": "平成"}).day == date(1989, 2, 3)
    assert parse_date("4010203", era_digits={"4": "令和"}).status == "invalid"  # 令和 began in May
    assert parse_date("4020203", era_digits={"4": "令和"}).day == date(2020, 2, 3)
    assert parse_date("05040225", era_digits={"05": "令和"}).day == DAY
    assert parse_date("05040225", era_digits=DIGITS).status == "invalid"


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("明治45年7月29日", date(1912, 7, 29)),
        ("M45.7.29", date(1912, 7, 29)),
        ("大正1年7月30日", date(1912, 7, 30)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("T15.12.24", date(1926, 12, 24)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("㍼64年1月7日", date(1989, 1, 7)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S640107", date(1989, 1, 7)),
        ("昭50.4.1", date(1975, 4, 1)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("H元.1.8", date(1989, 1, 8)),
        ("㍻31年4月30日", date(2019, 4, 30)),
        ("平31.4.30", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R1.5.1", date(2019, 5, 1)),
        ("R010501", date(2019, 5, 1)),
        ("昭和四十年十月一日", date(1965, 10, 1)),
        ("昭和３１年２月２９日", date(1956, 2, 29)),
        ("20240229", date(2024, 2, 29)),
        ("20080401", date(2008, 4, 1)),
    ],
)
def test_eras_and_their_first_and_last_days(raw: str, day: date) -> None:
    assert parse_date(raw, era_digits={}) == (day, "exact", day, day)


@pytest.mark.parametrize(
    ("raw", "day", "first", "last"),
    [
        ("平成31年5月1日", date(2019, 5, 1), date(2019, 5, 1), date(2019, 5, 1)),
        ("H310501", date(2019, 5, 1), date(2019, 5, 1), date(2019, 5, 1)),
        ("平成31年5月", None, date(2019, 5, 1), date(2019, 5, 31)),
        ("平成35年3月31日", date(2023, 3, 31), date(2023, 3, 31), date(2023, 3, 31)),
    ],
)
def test_heisei_runs_on_and_is_marked(raw: str, day: date | None, first: date, last: date) -> None:
    assert parse_date(raw, era_digits={}) == (day, "overrun", first, last)


@pytest.mark.parametrize(
    ("raw", "status", "first", "last"),
    [
        ("2022", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022年", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("20220000", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("20229999", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-00-25", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("令和4年頃", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("令和4年月日不詳", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("令和4年不詳月不詳日", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("R04", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("R040000", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("昭和64年", "year", date(1989, 1, 1), date(1989, 1, 7)),
        ("令和元年", "year", date(2019, 5, 1), date(2019, 12, 31)),
        ("令和4年春", "year", date(2022, 3, 1), date(2022, 5, 31)),
        ("令和4年春頃", "year", date(2022, 3, 1), date(2022, 5, 31)),
        ("令和4年冬", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("20220200", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("20220299", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("2022/2", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("2022年2月", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("令和4年2月頃", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("推定令和4年2月", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("推定令和4年2月25日", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("令和4年2月25日頃", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("令和4年2月日不詳", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("令和4年2月不詳", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("令和4年2月不詳日", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("令和4年2月上旬", "month", date(2022, 2, 1), date(2022, 2, 10)),
        ("令和4年2月中旬頃", "month", date(2022, 2, 11), date(2022, 2, 20)),
        ("令和4年2月下旬", "month", date(2022, 2, 21), date(2022, 2, 28)),
        ("令和元年5月", "month", date(2019, 5, 1), date(2019, 5, 31)),
        ("R0402", "month", date(2022, 2, 1), date(2022, 2, 28)),
        ("令和4年2月1日から10日までの間", "month", date(2022, 2, 1), date(2022, 2, 10)),
        ("推定令和4年2月1日から同年", "invalid", None, None),
        ("令和4年2月1日から令和4年2月10日までの間", "month", date(2022, 2, 1), date(2022, 2, 10)),
        ("令和4年2月20日から3月10日までの間", "year", date(2022, 2, 20), date(2022, 3, 10)),
        ("令和4年12月20日から令和5年1月10日までの間", "unknown", date(2022, 12, 20), date(2023, 1, 10)),
        ("令和4年2月10日から1日までの間", "invalid", None, None),
    ],
)
def test_what_is_known_of_a_part_is_kept(raw: str, status: str, first: date | None, last: date | None) -> None:
    assert parse_date(raw, era_digits={}) == (None, status, first, last)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "　",
        "\x00",
        "-",
        "－",
        "／／",
        " / / ",
        "年 月 日",
        "0",
        "00000000",
        "99999999",
        "0000/00/00",
        "9999-99-99",
        "9999-12-31",
        "00010101",
        "不詳",
        "不明",
        "年月日不詳",
        "生年月日不詳",
        "不詳年2月3日",
        "0000-02-25",
        "なし",
        "未定",
        "N/A",
        "NULL",
        "＊＊＊",
        "未記入",
        "(不明)",
        "1900-01-01",  # an empty cell of a spreadsheet or a database
        "1900/1/1 0:00",
        "1899-12-30",
        "18991231",
    ],
)
def test_nothing_known(raw: str) -> None:
    assert parse_date(raw, era_digits={}) == (None, "unknown", None, None)


def test_a_day_that_an_era_names_is_no_filler() -> None:
    assert parse_date("明治33年1月1日", era_digits={}).day == date(1900, 1, 1)
    assert parse_date("1900-01-02", era_digits={}).day == date(1900, 1, 2)


def test_only_the_era_is_known() -> None:
    assert parse_date("昭和00年00月00日", era_digits={}) == (None, "unknown", date(1926, 12, 25), date(1989, 1, 7))
    assert parse_date("3999999", era_digits=DIGITS).status == "unknown"


@pytest.mark.parametrize(
    ("raw", "day", "first", "last"),
    [
        ("令和5年2月29日", None, date(2023, 2, 28), date(2023, 3, 1)),
        ("20230229", None, date(2023, 2, 28), date(2023, 3, 1)),
        ("明治45年7月30日", date(1912, 7, 30), date(1912, 7, 30), date(1912, 7, 30)),
        ("大正15年12月25日", date(1926, 12, 25), date(1926, 12, 25), date(1926, 12, 25)),
        ("明治3年10月5日", None, date(1870, 1, 1), date(1870, 12, 31)),
    ],
)
def test_legal_entries_off_the_calendar_are_kept_and_marked(
    raw: str, day: date | None, first: date, last: date
) -> None:
    assert parse_date(raw, era_digits={}) == (day, "noncalendar", first, last)


@pytest.mark.parametrize(
    "raw",
    [
        "令和4年2月30日",
        "20220230",
        "2022/4/31",
        "2022-13-01",
        "R4.13.1",
        "220225",
        "040225",
        "22/2/25",
        "4.2.25",
        "5040225",
        "64年1月8日",
        "昭和64年1月8日",
        "昭和65年4月1日",
        "明治45年7月31日",
        "大正15年12月26日",
        "平成元年1月7日",
        "令和元年4月30日",
        "令和元年4月",
        "R40225",
        "X4.2.25",
        "山田太郎",
        "2022-02-25-01",
        "1",
        "123",
        "18670101",
        "21010101",
        "09:00",
        "令和4年春上旬",
        "令和4年2月25日上旬",
        "2022-02-25T25:00Z",
        "20220225x",
    ],
)
def test_no_date(raw: str) -> None:
    assert parse_date(raw, era_digits={}).status == "invalid"


@pytest.mark.parametrize(
    ("raw", "day", "status"),
    [
        ("202204", date(2022, 4, 1), "month"),
        ("2022-04", date(2022, 4, 1), "month"),
        ("2022年4月", date(2022, 4, 1), "month"),
        ("２０２２／４", date(2022, 4, 1), "month"),
        ("R4.4", date(2022, 4, 1), "month"),
        ("R0404", date(2022, 4, 1), "month"),
        ("令和4年4月分", None, "invalid"),
        ("平成31年5月", date(2019, 5, 1), "overrun"),
        ("令和元年5月", date(2019, 5, 1), "month"),
        ("20220430", date(2022, 4, 1), "exact"),
        ("2022", None, "invalid"),
        ("202213", None, "invalid"),
        ("220401", None, "invalid"),
        ("", None, "unknown"),
    ],
)
def test_months(raw: str, day: date | None, status: str) -> None:
    parsed = parse_month(raw, era_digits={})
    assert (parsed.day, parsed.status) == (day, status)
