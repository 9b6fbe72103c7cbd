"""One short text that stands for what a run found: equal exactly where the findings are equal to the byte."""

from __future__ import annotations

from mimamori.engine import Connection, rows_of

# Each row is one JSON object of all its columns; the whole is the hash of the rows' hashes, by child and difficulty.
DIGEST = """
SELECT sha256(coalesce(string_agg(told, '' ORDER BY case_no, difficulty), '')) AS digest
FROM (SELECT case_no, difficulty, sha256(CAST(to_json(findings) AS VARCHAR)) AS told FROM findings)
"""


def findings_digest(con: Connection) -> str:
    """SHA-256 in hex over the table `findings` on the connection, whatever the order of its rows."""
    return str(rows_of(con, DIGEST)[0]["digest"])
