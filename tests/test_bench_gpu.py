"""The benchmark for a GPU, tried out on a CPU: it goes through everything, and its tables say what was measured."""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.on_gpu import table
from benchmarks.on_gpu.plan import attempt
from benchmarks.on_gpu.waits import watched
from labsteps.data.pack import MEL
from labsteps.models import transformer
from labsteps.training import feed, sums
from labsteps.training.state import TrainState

NAMES = ["LSTM, beat mel, 1 layer", "LSTM beat", "smallest", "both directions, frames whole"]


@pytest.fixture(scope="module")
def gpu() -> Iterator[ModuleType]:
    """The script; its environment is that of a worker only where it is a process of its own."""
    folder = str(Path(__file__).resolve().parents[1] / "benchmarks")
    os.environ["BENCHMARK_ENVIRONMENT"] = "a test"
    sys.path.insert(0, folder)
    try:
        import gpu

        yield gpu
    finally:
        sys.path.remove(folder)
        del os.environ["BENCHMARK_ENVIRONMENT"]
        transformer.SIZES.pop("toy", None)


@pytest.fixture(scope="module")
def measured(gpu: ModuleType, as_torch_was: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, str, Path]:
    """Return what a run wrote, what it printed, and where it wrote."""
    out = tmp_path_factory.mktemp("bench-gpu")
    with pytest.MonkeyPatch.context() as patch, (out / "stdout").open("w+", encoding="utf-8") as printed:
        patch.setenv("WORKBENCH_CACHE_DIR", str(out / "cache"))
        patch.setattr(sys, "argv", ["gpu.py", "--device", "cpu", "--quick", "--out", str(out), *NAMES])
        patch.setattr(sys, "stdout", printed)
        gpu.main()
    return json.loads((out / "gpu.json").read_text("utf-8")), (out / "stdout").read_text("utf-8"), out


def test_everything_that_a_gpu_has_is_gone_through(gpu: ModuleType, measured: tuple[Any, str, Path]) -> None:
    rows = measured[0]["rows"]
    assert {row["section"] for row in rows} == set(gpu.SECTIONS)
    assert {row["error"] for row in rows if "error" in row} == {"a CPU has nothing to wait for"}


def test_every_ratio_is_that_of_its_times(measured: tuple[Any, str, Path]) -> None:
    sides = {
        "data": ("without", "with"),
        "settings": ("without", "with"),
        "epochs": ("plain", "ours"),
        "loop": ("ours", "bare"),
    }
    for row in measured[0]["rows"]:
        if "error" not in row:
            above, below = (row[side] for side in sides[row["section"]])
            # The ratio of the sums of two rounds lies between the ratios of the rounds.
            assert 0 < row["ratio"]["low"] * (1 - 1e-9) <= above / below <= row["ratio"]["high"] * (1 + 1e-9), row


def test_every_setting_that_the_compiler_is_not_needed_for_is_among_them(gpu: ModuleType) -> None:
    named = [lever.name for lever in gpu.levers.levers_on_gpu("cpu", compiler=True, small=True)]
    for setting in (
        "TF32 products",
        "precision=bf16",
        "mode=fast over exact",
        "channels_last",
        "fused",
        "attention=sdpa over plain",
        "cuDNN's LSTM",
        "batches of like lengths",
        "accumulate",
        "batch_size=32 over 2",
        "frame_stride",
        "compile=inductor",
        "compile=graphs",
    ):
        assert any(setting in name for name in named), setting


def test_the_tables_say_what_was_measured(measured: tuple[Any, str, Path]) -> None:
    found, printed, out = measured
    page = (out / "gpu.md").read_text("utf-8")
    assert page == table.markdown(found) + "\n"
    for row in found["rows"]:
        cells = table.cells(row) if "error" not in row else [f"- {row['title']}: {row['error']}"]
        assert " | ".join(cells) in page
        assert all(cell.removeprefix("- ") in printed for cell in cells)
    (epoch,) = (row for row in found["rows"] if row["section"] == "epochs" and "1 layer" in row["title"])
    assert epoch["ours"] * epoch["clips_per_second"]["ours"] == pytest.approx(2)  # its batches have two clips
    assert f"{epoch['ratio']['median']:.1f} [" in page


class _Mode:
    """What torch keeps of whether calls that wait are told."""

    now = 0

    def get(self) -> int:
        return self.now

    def set(self, mode: int | str) -> None:
        self.now = {"warn": 1}.get(mode, mode)  # type: ignore[call-overload]


def test_a_call_that_waits_is_told_with_the_line_of_ours_but_not_one_that_waits_on_purpose(
    clips: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mode, places, others = _Mode(), list[str](), list[str]()
    monkeypatch.setattr(torch.cuda, "get_sync_debug_mode", mode.get)
    monkeypatch.setattr(torch.cuda, "set_sync_debug_mode", mode.set)
    real = feed.quietest

    def waits(rows: slice) -> Any:
        warnings.warn("called a synchronizing CUDA operation", stacklevel=1)
        warnings.warn("it does not yet detect all synchronizing operations", stacklevel=1)  # torch's, once
        return real(rows)

    def reads(numbers: object) -> list[float]:
        waits(MEL)
        return []

    monkeypatch.setattr(feed, "quietest", waits)
    monkeypatch.setattr(sums, "_numbers", reads)
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: others.append(str(message))
        with watched(places):
            assert mode.now == 1
            feed.Feed(clips[0], "cpu", "whole")
            sums.StepSums(TrainState(1, 0.1), at_once=False).collect()
    assert mode.now == 0
    assert [place.partition(":")[0] for place in places] == ["labsteps/training/feed.py"]
    assert places[0].endswith(" in _load_whole")
    assert set(others) == {"it does not yet detect all synchronizing operations"}


def test_what_fails_is_named_and_costs_nothing_else() -> None:
    def broken() -> list[dict[str, Any]]:
        raise RuntimeError("no kernel image\nand a long story")

    failed = attempt("settings", "a lever", broken)
    done = attempt(
        "loop", "a loop", lambda: [{"title": "it", "bare": 1e-3, "ours": 2e-3, "added": 1e-3, "ratio": None}]
    )
    assert failed == [{"section": "settings", "title": "a lever", "error": "RuntimeError: no kernel image"}]
    found = {"rows": [*failed, *done], "machine": "M", "quick": True, "seconds": 1.0}
    page = table.markdown({**found, "peaks": {"matmul": {"bf16": 8e14}, "convolution": {}, "copy": {"inside": 3e12}}})
    assert "| it | 1 ms | 2 ms | – | 1.00 |" in page
    assert "- a lever: RuntimeError: no kernel image" in page
    assert "800 in bf16" in page


def test_what_would_begin_too_late_is_not_measured(
    gpu: ModuleType, measured: tuple[Any, str, Path], as_torch_was: None
) -> None:
    plan = gpu.Plan("cpu", True, measured[2], measured[2], 48)
    *_, found = gpu.run(plan, time.monotonic(), 0.0, gpu.wanted(["settings"], ["CNN: fused"]))
    assert [row["error"] for row in found["rows"]] == ["no time was left of 0 minutes (--minutes)"]


def test_without_a_gpu_it_says_so_and_a_rehearsal_is_not_put_into_the_page(
    gpu: ModuleType, measured: tuple[Any, str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["gpu.py"])
    with pytest.raises(SystemExit, match="torch sees no GPU here"):
        gpu.main()
    monkeypatch.setattr(sys, "argv", ["gpu.py", "--page", str(measured[2] / "gpu.json")])
    with pytest.raises(SystemExit, match="rehearsal on a CPU"):
        gpu.main()


def test_the_page_has_the_tables_that_are_kept_or_says_that_there_are_none(gpu: ModuleType) -> None:
    page = gpu.PAGE.read_text(encoding="utf-8")
    kept = table.markdown(json.loads(gpu.KEPT.read_text("utf-8"))) if gpu.KEPT.exists() else table.NOT_YET
    assert f"{table.BEGIN}\n{kept}\n{table.END}" in page
