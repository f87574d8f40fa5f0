"""A few steps of a training as torch's own profiler sees them: a trace for a viewer, and what took longest.

The file is Chrome's trace format, which Perfetto (ui.perfetto.dev) and ``chrome://tracing`` open.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch._C._autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from labsteps.context import Context
from labsteps.errors import UsageError
from labsteps.profile import FIRST_TRACED, TRACE, Operator

TRACE_FILE = "profile/trace.json"
STEPS = 3
MOST_OPERATORS = 8


class Tracer:
    """Traces `STEPS` steps of a training that is profiled, over as many epochs as they take; nothing for another.

    Parameters
    ----------
    context
        Whose profile it is, and where the file goes.

    Raises
    ------
    UsageError
        If the training is profiled in a context that keeps no files.
    """

    def __init__(self, context: Context) -> None:
        if context.profile.on and not hasattr(context, "write_artifact"):
            raise UsageError(
                f"{type(context).__name__} has no write_artifact, so a trace has nowhere to go: give it one, or "
                "Profile(on=False)."
            )
        self._context, self._profile = context, context.profile
        self._torch: profile | None = None
        self._steps = 0  # of this process, whose first ones warm up, whatever an earlier one has done
        self._collects = False
        gpu = [ProfilerActivity.CUDA] if context.device.startswith("cuda") else []
        self._activities = [ProfilerActivity.CPU, *gpu]

    @contextmanager
    def steps_only(self) -> Iterator[None]:
        """Trace nothing any more when the block ends, until the next step comes: no evaluation, no checkpoint."""
        try:
            yield
        finally:
            self._hold()

    def before_step(self) -> None:
        """Begin the trace when its first step comes, or go on with it in another epoch."""
        ours = self._profile
        if not ours.on or ours.trace or self._collects or self._steps < FIRST_TRACED:
            return
        ours.enter(TRACE)
        self._collects = True
        if self._torch is None:
            self._torch = profile(activities=self._activities)
            self._torch.start()
        else:
            self._torch.toggle_collection_dynamic(True, self._activities)

    def after_step(self) -> None:
        """End the trace after its last step."""
        self._steps += 1
        if self._collects:
            self._profile.traced += 1
            if self._profile.traced == STEPS:
                self.close()

    def close(self) -> None:
        """End the trace, whatever it has, and write it."""
        # Before anything can fail: torch dies of a trace that is stopped or written a second time.
        traced, self._torch = self._torch, None
        self._hold()
        if traced is None:
            return
        with self._profile.span(TRACE):
            traced.stop()
            self._profile.operators = self._longest(traced)
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "trace.json"
                traced.export_chrome_trace(str(file))
                self._context.write_artifact(TRACE_FILE, file.read_bytes())
            self._profile.trace = TRACE_FILE

    def _hold(self) -> None:
        if not self._collects:
            return
        self._profile.settle()
        if self._torch is not None:
            self._torch.toggle_collection_dynamic(False, self._activities)
        self._collects = False
        self._profile.leave()

    def _longest(self, traced: profile) -> tuple[Operator, ...]:
        on_gpu = self._context.device.startswith("cuda")
        # A GPU's kernels are listed once more by themselves; their time is in the operators that started them.
        found = [
            Operator(
                str(event.key),
                int(event.count),
                1e-6 * float(event.self_device_time_total if on_gpu else event.self_cpu_time_total),
            )
            for event in traced.key_averages()
            if event.device_type == DeviceType.CPU
        ]
        return tuple(sorted(found, key=lambda one: one.seconds, reverse=True)[:MOST_OPERATORS])


def settle_on(device: str) -> None:
    """Wait until a device has done what it was given."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(torch.device(device))
