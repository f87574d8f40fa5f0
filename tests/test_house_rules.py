"""The rules of the house that no linter knows: how long a file may be, and that an excuse says why."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 500
EXCUSE = re.compile(r"(# noqa: \w+|# type: ignore\[[\w-]+\])(.*)$", re.MULTILINE)


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders or ("labsteps", "workbench") for path in (ROOT / folder).rglob("*.py")]
    assert found
    return found


def test_no_file_is_longer_than_a_reader_keeps_in_mind() -> None:
    paths = modules("labsteps", "workbench", "tests", "benchmarks", "docs")
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_every_excuse_from_a_check_says_why_at_its_first_place_in_a_file() -> None:
    for path in modules():
        explained = set()
        for excuse, reason in EXCUSE.findall(path.read_text(encoding="utf-8")):
            if re.search(r"[a-z]{2}", reason):
                explained.add(excuse)
            assert excuse in explained, f"{path.relative_to(ROOT)}: {excuse} gives no reason"
