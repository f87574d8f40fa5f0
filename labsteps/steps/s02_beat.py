"""Step 2: how many time steps a spectrogram has, what they cost an LSTM, and the same tracks by beats."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Sequence

from labsteps.context import Context
from labsteps.errors import StopRequestedError
from labsteps.features.grid import MEL_BANDS
from labsteps.results import Axis, Bars, Cell, Column, Figure, Result, Series, Table, Value
from labsteps.steps.clip_measures import measure_mel, tempo
from labsteps.steps.clips_view import FRAMES_A_SECOND, Clip, genre_split, mel_image, pair
from labsteps.steps.s01_mel import SIDES, comparison, measured_values
from labsteps.steps.specshow import SIDE_BY_SIDE, SIDE_BY_SIDE_FILE, save_side_by_side

BINS = 14
OUTPUTS = 10


def time_steps(context: Context) -> Result:
    """2α: shapes, lengths, and measured seconds a training step of a small LSTM."""
    frames, beats = pair(context), pair(context, beat=True)
    lengths = {
        "frames": genre_split(context).lengths,
        "beats": genre_split(context, beat=True).lengths,
    }
    typical = {name: int(statistics.median(found)) for name, found in lengths.items()}
    seconds = {name: seconds_a_step(context, steps) for name, steps in typical.items()}
    figures: dict[str, Figure] = {
        f"lengths_{name}": length_histogram(found, f"Time steps of the training clips, by {name}")
        for name, found in lengths.items()
    }
    slower, longer = seconds["frames"] / seconds["beats"], typical["frames"] / typical["beats"]
    batch = int(context.params["batch_size"])
    epoch = {name: each * -(-len(lengths[name]) // batch) for name, each in seconds.items()}
    values = {f"seconds_per_step/{name}": Value(number) for name, number in seconds.items()}
    values |= {f"median_length/{name}": Value(number) for name, number in typical.items()}
    values["ratio"] = Value(slower)
    text = (
        f"A training step over {typical['frames']} frames takes {slower:.1f} times as long as one over "
        f"{typical['beats']} beats, for {longer:.1f} times as many time steps, on {context.device}. An epoch over "
        f"the {len(lengths['frames'])} training clips would take about {epoch['frames']:.3g} s by frames and "
        f"{epoch['beats']:.2g} s by beats."
    )
    tables = {"shapes": _shapes(frames, beats), "cost": _costs(context, typical, seconds, epoch)}
    return Result(values=values, tables=tables, figures=figures, text=text)


def _shapes(frames: tuple[Clip, Clip], beats: tuple[Clip, Clip]) -> Table:
    rows = tuple(
        (clip.name, "beats" if clip.beat else "frames", f"({MEL_BANDS}, {len(clip.frames)})", len(clip.frames))
        for clip in (*frames, *beats)
    )
    columns = (Column("track"), Column("by"), Column("mel shape"), Column("time steps", digits=0))
    note = f"A frame is 1/{FRAMES_A_SECOND:.1f} s; a beat is the median of the frames between two beats."
    return Table("Shapes of the spectrograms of step 1", columns, rows, note)


def _costs(context: Context, typical: dict[str, int], seconds: dict[str, float], epoch: dict[str, float]) -> Table:
    rows = tuple((name, typical[name], seconds[name], seconds[name] / typical[name] * 1e6, epoch[name])
                 for name in typical)  # fmt: skip
    columns = (
        Column("by"),
        Column("time steps", digits=0),
        Column("training step", "s", digits=4),
        Column("a time step", "µs", digits=0),
        Column("an epoch", "s", digits=2),
    )
    note = (
        f"One layer of {context.params['hidden_size']} units, batches of {context.params['batch_size']}, float32, "
        f"median of {context.params['repeats']} steps after one to warm up."
    )
    return Table("A training step of a small LSTM, measured here", columns, rows, note)


def seconds_a_step(context: Context, steps: int) -> float:
    """Return the median time of a training step over clips of so many time steps, in seconds."""
    import torch

    # Gradients over a thousand steps become subnormal, which is slow to compute with; a run is set up likewise.
    torch.set_flush_denormal(True)
    try:
        return statistics.median(_timed_steps(context, steps)[1:])
    finally:
        torch.set_flush_denormal(False)


def _timed_steps(context: Context, steps: int) -> list[float]:
    import torch
    from torch import nn

    from labsteps.models.lstm import LSTM

    generator = torch.Generator().manual_seed(context.seed)
    batch, hidden = int(context.params["batch_size"]), int(context.params["hidden_size"])
    backbone = LSTM(torch.zeros(MEL_BANDS), torch.ones(MEL_BANDS), hidden_size=hidden).to(context.device)
    head = nn.Linear(hidden, OUTPUTS).to(context.device)
    optimiser = torch.optim.Adam([*backbone.parameters(), *head.parameters()])
    x = torch.randn(batch, steps, MEL_BANDS, generator=generator).to(context.device)
    lengths = torch.full((batch,), steps, device=context.device)
    targets = torch.randint(OUTPUTS, (batch,), generator=generator).to(context.device)
    repeats = int(context.params["repeats"])
    times = []
    for done in range(repeats + 1):
        if context.stop_requested():
            raise StopRequestedError
        context.emit("phase", text=f"timing an LSTM over {steps} time steps", done=done * batch, total=repeats * batch)
        began = time.perf_counter()
        loss = nn.functional.cross_entropy(head(backbone(x, lengths)), targets)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        loss.item()  # waits for the device
        times.append(time.perf_counter() - began)
    return times


def length_histogram(lengths: Sequence[int], title: str) -> Bars:
    """Return how many clips have which length; each length by itself where there are few, else in equal bins."""
    low, high = min(lengths), max(lengths)
    width = max(1, -(-(high - low + 1) // BINS))
    counts = Counter((length - low) // width for length in lengths)
    bins = range((high - low) // width + 1)
    starts = [low + number * width for number in bins]
    names = tuple(str(start) if width == 1 else f"{start}–{start + width - 1}" for start in starts)
    series = Series("", tuple(map(float, bins)), tuple(float(counts[number]) for number in bins))
    return Bars(title, Axis("time steps"), Axis("clips"), names, (series,))


def beat_pictures(context: Context) -> Result:
    """2β: the tracks of step 1 from the beat folder, and what the beats keep and lose."""
    frames, beats = pair(context), pair(context, beat=True)
    measured = [measure_mel(clip) for clip in beats]
    save_side_by_side([frames, beats], context.artifact(SIDE_BY_SIDE_FILE))
    kept = {name: value for name, value in measured_values(measured).items() if not name.endswith("onsets")}
    for side, raw, beat in zip(SIDES, frames, beats, strict=True):
        kept[f"{side}/beats"] = Value(len(beat.frames))
        kept[f"{side}/tempo"] = tempo(len(beat.frames), len(raw.frames))
    return Result(
        values=kept,
        tables={"against_frames": _against(frames, beats), "comparison": comparison(beats, measured)},
        figures={"mel_first": mel_image(beats[0]), "mel_second": mel_image(beats[1])},
        text=SIDE_BY_SIDE.format("By frames above and by beats below"),
    )


def _against(frames: tuple[Clip, Clip], beats: tuple[Clip, Clip]) -> Table:
    """Return what taking the median between beats does to each of the two clips."""
    rows: list[tuple[Cell, ...]] = []
    for raw, beat in zip(frames, beats, strict=True):
        before, after = measure_mel(raw), measure_mel(beat)
        rows += [
            (raw.name, "time steps", "", len(raw.frames), len(beat.frames)),
            (raw.name, "length of a step", "s", 1 / FRAMES_A_SECOND, raw.seconds / len(beat.frames)),
            (raw.name, "spectral centroid", "Hz", before.centroid, after.centroid),
            (raw.name, "rise of level a step", "dB", before.flux, after.flux),
            (raw.name, "dynamic range", "dB", before.dynamic_range, after.dynamic_range),
            (raw.name, "values", "", raw.mel.size, beat.mel.size),
        ]
    columns = (
        Column("track"),
        Column("measure"),
        Column("unit"),
        Column("by frames", digits=2),
        Column("by beats", digits=2),
    )
    return Table("What the median between beats does", columns, tuple(rows))
