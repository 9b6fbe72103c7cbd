"""What a task is made of: sentences of the manual, each with what a browser does for it and what is seen after it.

`docs/manual/` is written from it (`tools.manual.chapters`) and browser tests walk it (`tests/browser/test_tasks.py`):
the manual tells nothing that does not happen. What is typed or looked for may hold {names} of the tests' stage; a
sentence of the manual holds none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Go:
    """Open an address of the product."""

    path: str


@dataclass(frozen=True)
class Follow:
    """Press a link; without a name the first one of `within` (CSS)."""

    name: str = ""
    within: str = "main"


@dataclass(frozen=True)
class Menu:
    """Press an entry of the menu at the top."""

    name: str


@dataclass(frozen=True)
class Press:
    """Press a button."""

    name: str
    within: str = "main"


@dataclass(frozen=True)
class Save:
    """Press a button or a link that gives a file; `ends` is how the file's name ends."""

    name: str
    ends: str


@dataclass(frozen=True)
class Fill:
    """Write into the field of this label."""

    label: str
    text: str
    within: str = "main"


@dataclass(frozen=True)
class Pick:
    """Choose from the list of this label what begins so."""

    label: str
    option: str
    within: str = "main"


@dataclass(frozen=True)
class Tick:
    """Choose by a box or a button of a group; without a label the first one of `within`."""

    label: str = ""
    within: str = "main"


@dataclass(frozen=True)
class Hand:
    """Choose a file of the stage for the field of this label."""

    label: str
    file: str
    within: str = "main"


@dataclass(frozen=True)
class Key:
    """Press a key."""

    key: str


@dataclass(frozen=True)
class Unfold:
    """Open what is folded away under these words."""

    name: str


Act = Go | Follow | Menu | Press | Save | Fill | Pick | Tick | Hand | Key | Unfold


@dataclass(frozen=True)
class Seen:
    """What the page must say after a step: words in `within` (CSS)."""

    text: str
    within: str = "main"


@dataclass(frozen=True)
class Typed:
    """What a field must hold after a step."""

    label: str
    text: str


@dataclass(frozen=True)
class Picture:
    """A picture after a step: what it shows, of which part of the page (CSS; else what is in the window), how high at
    most (px), and what is framed in red."""

    shows: str
    of: str = ""
    mark: str = ""
    high: int = 640


@dataclass(frozen=True)
class Step:
    """One numbered sentence of a task."""

    say: str
    do: tuple[Act, ...]
    seen: tuple[Seen | Typed, ...]
    picture: Picture | None = None


@dataclass(frozen=True)
class Trouble:
    """What may go wrong, and what to do then."""

    when: str
    then: str


@dataclass(frozen=True)
class Task:
    """One piece of work: why it is done, what must be at hand, its steps, and what to do when it goes wrong."""

    name: str  # in the names of its pictures
    title: str
    purpose: str
    before: tuple[str, ...]
    steps: tuple[Step, ...]
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True)
class Chapter:
    """The work of one kind of user; `username` is the account of the demo that walks it."""

    name: str
    title: str
    username: str
    role: str  # of roles.toml
    about: str
    tasks: tuple[Task, ...]
    begins_outside: bool = False  # before signing in

    def pictures(self) -> list[str]:
        """The names of its pictures, in their order."""
        return [
            picture_name(self, task, number)
            for task in self.tasks
            for number, step in enumerate(task.steps, 1)
            if step.picture
        ]


def picture_name(chapter: Chapter, task: Task, number: int) -> str:
    """The file of the picture after a task's step, in docs/manual/pictures."""
    return f"{chapter.name}-{task.name}-{number}.png"
