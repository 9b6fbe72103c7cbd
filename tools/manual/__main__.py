"""Write the manual's pages anew, from the top of the repository: `python -m tools.manual`."""

from pathlib import Path

from tools.manual import PAGES

ROOT = Path(__file__).parents[2]

for name, page in PAGES.items():
    (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
    (ROOT / name).write_text(page(), encoding="utf-8", newline="\n")
