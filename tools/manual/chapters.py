"""`docs/manual/`: a chapter for each kind of user, written from the tasks that the browser tests walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from tools.manual.markdown import NOTE, anchor, page
from tools.manual.tasks import CHAPTERS
from tools.manual.tasks.steps import Chapter, Task, picture_name

FOLDER = "docs/manual"
PICTURES = "pictures"
INTRODUCTION = """\
# 操作の手引き

こどもの見守りシステムの使い方を、役割ごとに説明します。どの役割の方も、はじめに「はじめに(すべての職員)」を読んでください。
画面の例に出ている児童・家族・職員は、すべて架空の人物です。
"""
RULES = """\
## すべての画面に共通すること

- システムは何も決めません。一覧に載るのは、人が確かめるきっかけです。判断し、支えるのは職員です。
- 児童の情報を見たことは、だれが、いつ、何のためにを含めて、すべて記録されます。仕事に必要のない児童は開きません。
- 「不明」「未受領」「古い」は、わからないという意味です。「問題がない」という意味ではありません。
- 「支援措置」の印がある児童では、居所がわかることを、だれにも伝えません。
- 書いている文は、下書きとして自動で保存されます。見られるのは書いた本人だけです。
- 日付の欄の見えかたと、ファイルをえらぶボタンのことばは、端末の設定によってちがいます。
- 困ったときは、まず係長に、画面やアカウントのことは情報システム課に相談してください。
"""


def chapter_pages() -> dict[str, Callable[[], str]]:
    """The pages by their names, and what writes each."""
    chapters = {f"{FOLDER}/{one.name}.md": partial(chapter_page, one) for one in CHAPTERS}
    return {f"{FOLDER}/README.md": contents_page, **chapters}


def contents_page() -> str:
    return page([NOTE.format(room="tools/manual/tasks"), *_contents()])


def chapter_page(chapter: Chapter) -> str:
    return page([NOTE.format(room="tools/manual/tasks"), *_chapter(chapter)])


def _contents() -> Iterator[str]:
    yield from INTRODUCTION.splitlines()
    yield from ("", "## 役割ごとの手引き", "")
    for chapter in CHAPTERS:
        yield f"- [{chapter.title}]({chapter.name}.md) — {chapter.about}"
        for task in chapter.tasks:
            yield f"  - [{task.title}]({chapter.name}.md#{anchor(task.title)})"
    yield ""
    yield "児童の対応がどの状態からどの状態に進むか、だれができるかは、[抽出された児童の状態](states.md)にあります。"
    yield ""
    yield from RULES.splitlines()


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield from (f"# {chapter.title}", "", chapter.about, "", "[操作の手引き](README.md)にもどる", "")
    for task in chapter.tasks:
        yield f"- [{task.title}](#{anchor(task.title)})"
    for task in chapter.tasks:
        yield from _task(chapter, task)


def _task(chapter: Chapter, task: Task) -> Iterator[str]:
    yield from ("", f"## {task.title}", "", task.purpose, "")
    if task.before:
        yield from ("**はじめる前に**", "", *(f"- {one}" for one in task.before), "")
    yield from ("**手順**", "")
    for number, step in enumerate(task.steps, 1):
        yield f"{number}. {step.say}"
        if step.picture:
            yield from ("", f"   ![{step.picture.shows}]({PICTURES}/{picture_name(chapter, task, number)})", "")
    yield from ("", "**うまくいかないとき**", "")
    for trouble in task.troubles:
        yield f"- **{trouble.when}**: {trouble.then}"
