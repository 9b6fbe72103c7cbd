"""`mimamori`: the command line. Groups follow the path of the data; each command imports its room when it runs.

Exit codes: 0 done, 1 done but something needs a person, 2 refused (nothing changed), 3 a fault.
"""

from mimamori.cli.entry import main

__all__ = ["main"]
