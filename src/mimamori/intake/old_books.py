"""Books of the old kind (XLS, BIFF), read in a process of their own: a damaged one can end its reader's process.

As a program: the book comes on standard input, its sheets go to standard output as JSON; it ends with `NO_BOOK` where
the bytes are none that can be read.
"""

from __future__ import annotations

import json
import subprocess
import sys

from mimamori.intake.grids import Cells, Unreadable, cells_of

LONGEST = 300  # seconds
NO_BOOK = 65  # EX_DATAERR


def old_cells_of(data: bytes) -> list[Cells]:
    """Every sheet, in the book's order; numbers stay numbers, anything else is its text. Raises `Unreadable`.

    A process that was killed, or that is still at it after `LONGEST`, the book has ended; any other end is our fault.
    """
    try:
        done = subprocess.run(  # noqa: S603 no part of the command comes from outside
            [sys.executable, "-m", __name__], input=data, capture_output=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("it takes too long") from None
    if done.returncode == NO_BOOK or done.returncode < 0:
        raise Unreadable("not a book that can be read")
    done.check_returncode()
    return [
        Cells(hidden, grid, [((top, left), (bottom, right)) for (top, left), (bottom, right) in merged])
        for hidden, grid, merged in json.loads(done.stdout)
    ]


def main() -> None:
    from mimamori.intake.spreadsheet import text_of  # noqa: PLC0415 the program's alone: that module needs this one

    try:
        sheets = cells_of(sys.stdin.buffer.read())
    except Unreadable:
        sys.exit(NO_BOOK)
    sys.stdout.write(json.dumps(sheets, default=text_of))


if __name__ == "__main__":
    main()
