"""What is imported when: arrows run one way, and no screen pays for what only a worker needs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("torch", "librosa", "sklearn", "scipy", "numba", "matplotlib")


def loaded_by(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import labsteps.catalogue as c; c.catalogue()",
        "import labsteps.results",
        "import workbench.cli as c; c.build_parser().format_help()",
        "import workbench.tui.app",
        "import workbench.runner.worker, workbench.runner.context, workbench.runner.follow, workbench.runner.launch",
        "import workbench.plots.terminal",
        "import workbench.store.sessions",
        "import workbench.commands.steps, workbench.commands.sessions, workbench.commands.control",
        "import workbench.commands.batch, workbench.commands.output, workbench.commands.narrate",
        "import workbench.commands.marks, workbench.commands.figures, workbench.commands.compare",
        "import workbench.repl.terminal",
    ],
)
def test_importing_it_loads_nothing_heavy(code: str) -> None:
    assert not loaded_by(code) & set(HEAVY)


@pytest.mark.parametrize("module", ["labsteps.catalogue", "workbench.cli", "workbench.store.sessions"])
def test_the_first_things_imported_do_not_load_numpy_or_textual(module: str) -> None:
    assert not loaded_by(f"import {module}") & {"numpy", "textual", "plotext", "rich"}


def imports_of(path: Path) -> set[str]:
    """Return the dotted names that a module imports anywhere, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def offenders(folder: str, *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in imports_of(path)
        if any(name == start or name.startswith(f"{start}.") for start in forbidden)
    ]


def test_the_lab_does_not_know_the_workbench() -> None:
    assert offenders("labsteps", "workbench") == []


def test_the_store_imports_nothing_of_the_rest() -> None:
    other = [f"workbench.{name.name}" for name in (ROOT / "workbench").iterdir() if name.name != "store"]
    assert offenders("workbench/store", "labsteps", *(name.removesuffix(".py") for name in other)) == []


@pytest.mark.parametrize(
    ("folder", "above"),
    [
        ("labsteps/data", ("steps", "training", "evaluation", "models", "features")),
        ("labsteps/features", ("steps", "training", "evaluation", "models", "data")),
        ("labsteps/models", ("steps", "training", "evaluation")),
        ("labsteps/evaluation", ("steps", "training", "models", "data")),
        ("labsteps/training", ("steps",)),
    ],
)
def test_arrows_inside_the_lab_run_one_way(folder: str, above: tuple[str, ...]) -> None:
    allowed = {"labsteps/data": {"labsteps.features"}}.get(folder, set())
    found = offenders(folder, *(f"labsteps.{name}" for name in above))
    assert [line for line in found if not any(name in line for name in allowed)] == []


def test_the_screens_do_not_know_torch_or_the_labs_maths() -> None:
    maths = ("labsteps.training", "labsteps.models", "labsteps.evaluation", "labsteps.features", "labsteps.steps")
    of_digits = ("labsteps.digits.network",)
    assert offenders("workbench/tui", *HEAVY, *maths, *of_digits) == []


@pytest.mark.parametrize("folder", ["workbench/tui/screens", "workbench/tui/widgets"])
def test_screens_and_widgets_reckon_nothing_and_write_nothing_into_the_store(folder: str) -> None:
    writers = (
        "workbench.store.atomic",
        "workbench.store.records",
        "workbench.store.folders",
        "workbench.store.control",
    )
    assert offenders(folder, "numpy", "statistics", *writers) == []
    marks = {"write_note", "write_notes", "change_tags", "pin", "remove_run", "restore_run"}
    assert [str(path) for path in modules_of(folder) if marks & names_from(path, "workbench.store.marks")] == []


@pytest.mark.parametrize("folder", ["workbench/tui/screens", "workbench/tui/widgets"])
def test_no_widget_touches_anothers_insides(folder: str) -> None:
    of_textual = {"_driver", "_exit", "_screen_stacks"}
    queries = {"query", "query_one", "query_exactly_one", "query_children"}
    touched = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"
        for path in modules_of(folder)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and not is_own(node.value)
        if node.attr in queries or (node.attr.startswith("_") and node.attr not in of_textual)
    ]
    assert touched == []


def is_own(node: ast.expr) -> bool:
    """Tell whether an expression is an object's own self, as it is or as its class's bases know it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id == "super"
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def modules_of(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def names_from(path: Path, module: str) -> set[str]:
    """Return the names that a file takes from a module."""
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }


def test_nothing_unpickles() -> None:
    for folder in ("labsteps", "workbench"):
        assert offenders(folder, "pickle", "shelve", "joblib.load") == []
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "allow_pickle=True" not in text
            assert "torch.load(" not in text or "weights_only=True" in text
