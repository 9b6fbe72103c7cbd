"""Python's reader of ZIP containers, with one answer to bytes that are no sound one: it has no class for them all."""

from __future__ import annotations

import errno
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager


class BadContainer(Exception):
    """Bytes that are no sound container, or one of a kind that the reader does not know."""


@contextmanager
def reading() -> Iterator[None]:
    """Around calls of the reader and nothing of our own: raises `BadContainer` for whatever it raises over such bytes.

    RuntimeError: a member that is locked, or (NotImplementedError) of an unknown version or method. ValueError: a name
    that is not the UTF-8 it says it is; in memory, a place before the first byte. OSError: such a place in a file
    (EINVAL), and what bzip2 says of damage (no number); any other is the disk's and goes on.
    """
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError) as error:
        raise BadContainer(str(error)) from None
    except OSError as error:
        if error.errno not in {None, errno.EINVAL}:
            raise
        raise BadContainer(str(error)) from None
