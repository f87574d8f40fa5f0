"""What the app says names its own way out, a key or the palette, where the same message in batch names a command."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from tui_helpers import screen_text, until_text

from labsteps.greek import greek as of_results
from labsteps.results import Column, Table
from workbench.grammar.verbs import find_verb
from workbench.grammar.words import Way
from workbench.speaking import said
from workbench.tui.app import WorkbenchApp
from workbench.tui.look import Look
from workbench.tui.ways import in_the_app, table_in_the_app

MakeApp = Callable[[], WorkbenchApp]
ROOT = Path(__file__).resolve().parents[2]
# What reaches a screen of the app; the commands themselves are shown as they are, in `CommandScreen`.
SHOWN = ("labsteps", "workbench/store", "workbench/runner", "workbench/tui", "workbench/config", "workbench/tracks.py")
# Modules whose words are a command's output, a document, or come before and after the app.
NOT_SHOWN = (
    *("kaggle.py", "fma.py", "download.py", "trained.py", "worker.py", "making.py", "manual.py", "in_lines.py"),
    *("keys_manual.py", "start.py", "ways.py", "launch.py", "driver.py", "slurm.py", "before.py"),
)
FLAG = re.compile(r"(?<![\w`|-])--[a-z][a-z-]+")
# Flags of other programs than the workbench.
OTHERS = re.compile(r"(?:tensorboard|pip install|systemd-run)(?: --[a-z-]+)+")
COMMAND = re.compile(r"`([a-z]+)[^`]*`|python -m workbench")


def messages() -> Iterator[str]:
    """Yield every text of the code that may be shown, with a value in the place of each hole."""
    for place in SHOWN:
        path = ROOT / place
        for module in sorted(path.rglob("*.py") if path.is_dir() else [path]):
            if module.name in NOT_SHOWN or module.name.startswith("greek"):
                continue
            source = module.read_text(encoding="utf-8")
            if not (FLAG.search(source) or COMMAND.search(source)):
                continue
            tree = ast.parse(source)
            inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
            docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.JoinedStr):
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (inner | docs):
                    yield node.value


@cache
def sentences() -> list[str]:
    # One that a function gives its arguments in is no message.
    return [text for text in messages() if " " in text.strip() and (FLAG.search(text) or COMMAND.search(text))]


def typed(text: str) -> list[str]:
    """Return the commands that a text names and the palette knows."""
    found = [match[1] or "python" for match in COMMAND.finditer(text)]
    return [name for name in found if name == "python" or find_verb([name], Way.APP)[0] is not None]


def assert_of_the_app(text: str, language: str) -> None:
    shown = in_the_app(text, language)
    assert not FLAG.search(OTHERS.sub("", shown)), shown
    if typed(shown):
        assert "python" not in typed(shown) and re.search("palette|παλέτα", shown), shown
    assert in_the_app(shown, language) == shown


def test_no_message_that_the_app_shows_has_a_flag_or_a_command_without_the_palette() -> None:
    found = sentences()
    assert len(found) > 25
    for text in found:
        for line in text.split("\n"):
            assert_of_the_app(line, "en")


def test_the_same_holds_in_greek() -> None:
    found = [(line, said(line, "el")) for text in sentences() for line in text.split("\n")]
    found += [(line, of_results(line)) for line, _ in found]
    translated = [greek for line, greek in found if greek != line]
    assert len(translated) > 20
    for greek in translated:
        assert_of_the_app(greek, "el")


@pytest.mark.parametrize(
    ("told", "en", "el"),
    [
        ("/x: cannot be read (cut off); see `data check`", "`data check` in the palette (ctrl+p)", "στην παλέτα"),
        ("/x cannot be read: y. Run its part again with --force.", "again with R.", "με R."),
        (
            "This run was given cpu; step 0 with --device NAME chooses the device of later runs.",
            "`device NAME` in the palette (ctrl+p) chooses",
            "`device ΟΝΟΜΑ` στην παλέτα (ctrl+p)",
        ),
    ],
)
def test_a_message_is_told_with_the_key_or_the_palette(told: str, en: str, el: str) -> None:
    assert en in Look().say(told)
    found = Look(language="el").say(of_results(told))
    assert el in found and found != told


def test_tables_are_told_so_and_stay_as_they_are_for_others() -> None:
    table = Table(
        "Ways", (Column("way"), Column("n")), (("python -m workbench data fetch", 1),), "`data check` lists all."
    )
    shown = table_in_the_app(table, "en")
    assert shown.rows == (("`data fetch` in the palette (ctrl+p)", 1),)
    assert shown.note == "`data check` in the palette (ctrl+p) lists all."
    assert table.rows[0][0] == "python -m workbench data fetch"


async def test_the_command_that_a_message_names_is_found_in_the_palette_and_knows_the_data(make_app: MakeApp) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        app, asked = pilot.app, []
        app.tell("/x: cannot be read (cut off); see `data check`", "error")
        await until_text(pilot, "(ctrl+p)")
        assert "see `data check` in the palette" in " ".join(screen_text(app).split())
        app.show_command = lambda line, words: asked.append((line, words))
        app.command("data check")
        assert asked[0][0] == "data check" and asked[0][1][-1] == str(app.bench.data_root)
