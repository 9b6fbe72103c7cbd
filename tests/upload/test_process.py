"""The true path once: a server's page starts a process, which receives in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SERVER = """
import json, sys, time
from pathlib import Path
from mimamori.cli.entry import setup_django
setup_django()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from mimamori.access.models import Account
from mimamori.upload.models import Upload
from mimamori.upload.states import UNDER_WAY, state_of
from mimamori.web.database import prepare
prepare()
account = Account.objects.create(username="coordinator", role="coordinator", display_name="x")
client = Client(headers={"host": "localhost"})
client.force_login(account)
files = [SimpleUploadedFile(Path(path).name, Path(path).read_bytes()) for path in sys.argv[1:]]
status = client.post("/deliveries/upload/", {"files": files}).status_code
until = time.monotonic() + 60
while state_of(Upload.objects.get()) in UNDER_WAY and time.monotonic() < until:
    time.sleep(0.1)
found = Upload.objects.get()
print(json.dumps({"status": status, "state": found.phase, "deliveries": found.deliveries, "attempts": found.attempts}))
"""


def test_a_process_of_its_own_receives(tmp_path: Path) -> None:
    from datetime import date

    from tests.extracts import write_extract
    from tests.plain import plain_rows

    from mimamori.sources import load_registry

    layout = load_registry().get("pupil_register")
    table = layout.tables[0]
    path = write_extract(tmp_path, layout, table, date(2026, 10, 31), rows=plain_rows(layout, table, 40))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MIMAMORI_", "COV_"))}
    done = subprocess.run(
        [sys.executable, "-c", SERVER, str(path), f"{path}.manifest.json"],
        env=kept | {"MIMAMORI_HOME": str(tmp_path / "home")}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["status"], told["state"], told["attempts"]) == (302, "done", 1)
    assert told["deliveries"][0]["receipts"][0]["stored"] == 40
    assert (tmp_path / "home/deliveries/pupil_register/2026-10-31.1/delivery.json").exists()
    assert [one.name for one in (tmp_path / "home/uploads").iterdir()] == ["arriving"]
