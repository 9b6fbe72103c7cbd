"""A pytest plugin, loaded before Django's settings: every test process gets a MIMAMORI_HOME of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own loop runs beside the live server's threads
home = Path(tempfile.mkdtemp(prefix="mimamori-test-"))
for name in [name for name in os.environ if name.startswith("MIMAMORI_")]:
    del os.environ[name]
os.environ["MIMAMORI_HOME"] = str(home)
atexit.register(shutil.rmtree, home, ignore_errors=True)
