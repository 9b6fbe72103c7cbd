"""`python -m mimamori.upload NUMBER`: the process that receives one upload; started by the server, not by people."""

import os
import signal
import sys
from typing import Any


def _stop(number: int, frame: Any) -> None:
    raise SystemExit(1)  # what was unpacked is removed on the way out; the upload is then seen to be stopped


def main() -> None:
    signal.signal(signal.SIGTERM, _stop)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mimamori.web.settings")
    import django  # noqa: PLC0415 - its settings are named first

    django.setup()
    from mimamori.upload.work import run  # noqa: PLC0415

    run(int(sys.argv[1]))


if __name__ == "__main__":
    main()
