"""Whether anything in a training step waits for the GPU, and where.

A program that waits for the GPU in every step lets it idle until the next step's kernels have been started.  torch
warns of calls that wait (``torch.cuda.set_sync_debug_mode``); here each warning is traced back to the line of ours that
made the call.  The numbers of steps are read for the next event or checkpoint, which waits on purpose and is not told.
"""

from __future__ import annotations

import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.on_gpu.plan import Plan, Row, scratch
from benchmarks.on_gpu.steps import OurTraining
from labsteps.training.feed import Feed, Way
from labsteps.training.precision import set_mode

ROOT = Path(__file__).resolve().parents[2]
TRAININGS = ("lstm-beat-2x2", "lstm-full", "cnn-130", "ast-tiny")
WAYS: dict[Way, str] = {"whole": "frames whole on the GPU", "sent": "batches sent ahead"}
STEPS = 6  # with those before them no more than an epoch has of the fewest clips
ON_PURPOSE = ("sums.py", "collect")
MESSAGE = "called a synchronizing CUDA operation"


def measure(key: str, way: Way, plan: Plan) -> list[Row]:
    """Take steps with torch's warnings on."""
    row = plan.training(key)
    title = f"{row.title}: {WAYS[way]}"
    if plan.device == "cpu":
        return [{"title": title, "error": "a CPU has nothing to wait for"}]
    clips, _, _ = plan.clips(row.folder)
    set_mode(plan.device, exact=False)
    places: list[str] = []
    with scratch() as folder:
        training = OurTraining(row, plan, Path(folder), Feed(clips, plan.device, way))
        training.run(STEPS, partial(watched, places))
    return [{"title": title, "steps": STEPS, "waits": dict(Counter(places))}]


@contextmanager
def watched(places: list[str]) -> Iterator[None]:
    """Note the line of each call in the block that waits for the GPU; one that waits on purpose is left out."""
    before = torch.cuda.get_sync_debug_mode()
    with warnings.catch_warnings():
        told = warnings.showwarning

        def note(message: Warning | str, *rest: Any, **more: Any) -> None:
            if MESSAGE not in str(message):
                told(message, *rest, **more)
                return
            stack = traceback.extract_stack()[:-1]
            if not any((Path(frame.filename).name, frame.name) == ON_PURPOSE for frame in stack):
                places.append(place(stack))

        warnings.simplefilter("always")
        warnings.showwarning = note  # type: ignore[assignment]
        torch.cuda.set_sync_debug_mode("warn")
        try:
            yield
        finally:
            torch.cuda.set_sync_debug_mode(before)


def place(stack: Sequence[traceback.FrameSummary]) -> str:
    """Return the innermost line of the lab in a stack, or the innermost of all."""
    ours = [frame for frame in stack if Path(frame.filename).is_relative_to(ROOT / "labsteps")]
    frame = ours[-1] if ours else stack[-1]
    path = Path(frame.filename)
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return f"{name}:{frame.lineno} in {frame.name}"
