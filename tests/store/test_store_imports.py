"""The store stands on the standard library alone, and on little of it at the start."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import workbench.store

FOLDER = Path(workbench.store.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


def imported(path: Path) -> set[str]:
    """Names of all modules imported anywhere in a file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module))
    return names


def test_the_store_imports_nothing_but_itself_and_the_standard_library() -> None:
    for module in MODULES:
        for name in imported(FOLDER / f"{module}.py"):
            ours = name == "workbench.store" or name.startswith("workbench.store.")
            assert ours or name.partition(".")[0] in sys.stdlib_module_names, f"{module} imports {name}"


def test_what_every_start_imports_leaves_out_the_slow_modules() -> None:
    needed = ["sessions", "session", "run", "places", "folder_cache"]
    code = ";".join(f"import workbench.store.{name}" for name in needed) + ";import sys;print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER.parents[1]
    )
    loaded = set(done.stdout.split())
    slow = {"dataclasses", "inspect", "tarfile", "gzip", "shutil", "hashlib", "tempfile", "subprocess", "difflib"}
    slow |= {"socket", "random", "datetime", "logging", "asyncio", "numpy", "torch"}
    assert loaded & slow == set()
    assert not any(name.startswith(("labsteps", "workbench.runner", "workbench.tui")) for name in loaded)
