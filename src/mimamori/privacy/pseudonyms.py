"""仮名化: a project's own tokens in the place of case numbers and households, and the way home.

A token is the first half of HMAC-SHA-256 (RFC 2104) over what it stands for, under a key that each project and each
version of its key has of its own. The key stays in the key ring: in the analysis zone nobody can make a token, and so
nobody can try all the numbers there are. 128 bits: of a million children two share a token once in 10^26 cities.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping

import pyarrow as pa

from mimamori.privacy.keys import KeyRing

TOKEN_BYTES = 16
CHILD, HOUSEHOLD = "child", "household"  # the same text as a child and as a household gives two tokens
_PROJECT = re.compile(r"[a-z][a-z0-9-]{0,47}")


class Pseudonyms:
    """The tokens of one project under one version of its key; a higher version is a new key and shares no token."""

    def __init__(self, keyring: KeyRing, project: str, version: int) -> None:
        """Raises `ValueError` for a project whose name is not of lower-case letters, digits and hyphens."""
        if not is_project(project) or version < 1:
            raise ValueError(f"no name of a project, or no version of a key: {project!r}, {version}")
        self.project, self.version = project, version
        self._key = keyring.pseudonym_key(f"{project}:{version}")

    def child(self, case_no: str) -> str:
        """The token of a child."""
        return self._token(CHILD, case_no)

    def children(self, case_nos: pa.ChunkedArray) -> pa.ChunkedArray:
        """The tokens of a column of case numbers, each worked out once."""
        return self._column(CHILD, case_nos)

    def households(self, households: pa.ChunkedArray) -> pa.ChunkedArray:
        """The tokens of a column of households; null stays null."""
        return self._column(HOUSEHOLD, households)

    def relink(self, tokens: Iterable[str], case_nos: Iterable[str]) -> Mapping[str, str]:
        """Token → case number of these tokens, tried among these case numbers; who stands for none is left out.

        It stays inside the system, and whoever calls it tells the trail (`modelling.bring_home` does both).
        """
        wanted = set(tokens)
        return {token: case_no for case_no in case_nos if (token := self.child(case_no)) in wanted}

    def _column(self, kind: str, values: pa.ChunkedArray) -> pa.ChunkedArray:
        coded = values.combine_chunks().dictionary_encode()
        made = pa.array([self._token(kind, value) for value in coded.dictionary.to_pylist()], pa.string())
        return pa.chunked_array([made.take(coded.indices)])

    def _token(self, kind: str, value: str) -> str:
        return hmac.digest(self._key, f"{kind}:{value}".encode(), "sha256")[:TOKEN_BYTES].hex()


def is_project(name: str) -> bool:
    """Whether a project may be called so: it becomes the name of a folder."""
    return _PROJECT.fullmatch(name) is not None
