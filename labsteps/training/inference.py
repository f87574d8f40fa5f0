"""Outputs of a model for a whole set of clips, in evaluation mode, kept half-way when it takes long."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from labsteps.context import Context
from labsteps.errors import StopRequestedError
from labsteps.profile import EVALUATION
from labsteps.training.feed import Examples
from labsteps.training.precision import Arithmetic

SAVE_SECONDS = 30.0
TELL_SECONDS = 1.0


def evaluate(
    model: nn.Module,
    clips: Examples,
    arithmetic: Arithmetic,
    context: Context,
    *,
    batch_size: int = 32,
    name: str = "",
    doing: str = "",
    obey: Callable[[], None] | None = None,
) -> np.ndarray:
    """Return the outputs of `model` for every clip, whole clips, without gradients.

    Parameters
    ----------
    name
        What is evaluated.  With a name, progress is told, what is done is kept every 30 s and when a stop is asked
        for, and a resumed run goes on from there; the same name must always mean the same model and clips.
    doing
        What is told of it while it goes on; its name when empty.
    obey
        Called before each batch in place of asking for a stop: does what the user asks of the run, and raises
        `StopRequestedError` itself when its state is saved.

    Returns
    -------
    np.ndarray [shape=(N, outputs), dtype=float32]
        In the order of `clips`.
    """
    with context.profile.span(EVALUATION):
        return _evaluate(model, clips, arithmetic, context, batch_size, name, doing or name, obey)


def _evaluate(
    model: nn.Module,
    clips: Examples,
    arithmetic: Arithmetic,
    context: Context,
    batch_size: int,
    name: str,
    doing: str,
    obey: Callable[[], None] | None,
) -> np.ndarray:
    model.eval()
    feed = clips.feed(context.device)
    plan = feed.plan_in_order_of_length(batch_size)
    rows = _load(context, name, [len(batch.positions) for batch in plan])
    done = len(rows)
    saved_at = told_at = time.monotonic()
    with torch.no_grad():
        for x, lengths, _ in feed.batches(plan[done:]):
            if obey is not None:
                obey()
            elif context.stop_requested():
                _save(context, name, rows)
                raise StopRequestedError
            with arithmetic.autocast(context.device):
                rows.append(model(x, lengths).float().cpu().numpy())
            now = time.monotonic()
            if name and now - told_at >= TELL_SECONDS:
                told_at = now
                context.emit("phase", text=doing, done=sum(map(len, rows)), total=len(clips))
            if now - saved_at >= SAVE_SECONDS:
                saved_at = now
                _save(context, name, rows)
    outputs = np.empty((len(clips), rows[0].shape[1]), dtype=np.float32)
    for batch, row in zip(plan, rows, strict=True):
        outputs[batch.positions] = row
    return outputs


def _file(name: str) -> str:
    return f"partial/{name.replace(' ', '_')}.npy"


def _save(context: Context, name: str, rows: list[np.ndarray]) -> None:
    """Keep the batches that are done."""
    if name and rows:
        buffer = io.BytesIO()
        np.save(buffer, np.concatenate(rows), allow_pickle=False)
        context.write_artifact(_file(name), buffer.getvalue())


def _load(context: Context, name: str, sizes: list[int]) -> list[np.ndarray]:
    """Return the batches that were kept, none where what lies there does not end with a whole batch."""
    path = context.artifact(_file(name)) if name else None
    if path is None or not path.exists():
        return []
    try:
        kept = np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError):
        context.emit("warning", text=f"{path} is damaged; the evaluation begins again.")
        return []
    ends = np.cumsum(sizes)
    if kept.ndim != 2 or len(kept) not in ends:
        context.emit("warning", text=f"{path} does not fit the data; the evaluation begins again.")
        return []
    whole = int(np.searchsorted(ends, len(kept))) + 1
    return list(np.split(kept, ends[: whole - 1]))
