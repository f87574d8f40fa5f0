"""Step 1: two tracks of different genres, their mel spectrograms, and what sets them apart in numbers."""

from __future__ import annotations

import numpy as np

from labsteps.context import Context
from labsteps.features.grid import N_FFT, SAMPLE_RATE
from labsteps.results import Axis, Cell, Column, Curve, Result, Series, Table, Value, numbers
from labsteps.steps.clip_measures import (
    BAND_GROUPS,
    CONSTANT,
    FEWEST_FRAMES,
    ONE_FRAME,
    TOO_SHORT,
    Loudness,
    measure_mel,
)
from labsteps.steps.clips_view import Clip, band_edges, hz_to_mel, mel_image, pair, stored_form
from labsteps.steps.specshow import SIDE_BY_SIDE, SIDE_BY_SIDE_FILE, save_side_by_side

SIDES = ("first", "second")
BANDS_DRAWN = 12


def two_tracks(context: Context) -> Result:
    """1α: two rows of the train index with different genres."""
    clips = pair(context)
    rows = tuple((c.line, f"{c.id}", c.label, f"{c.path.relative_to(context.data_root)}") for c in clips)
    columns = (Column("line of the index", digits=0), Column("id"), Column("genre"), Column("file"))
    draw = int(context.params["draw"])
    text = (
        f"{clips[0].name} and {clips[1].name}: draw {draw} with seed {context.seed}. "
        f"The same draw gives the same two; --set draw={draw + 1} gives two others."
    )
    return Result(tables={"rows": Table("Two rows with different labels", columns, rows)}, text=text)


def mel_part(context: Context) -> Result:
    """1β: both files read, their mel part taken; type, range and shape."""
    clips = pair(context)
    values: dict[str, Value] = {}
    rows: list[tuple[Cell, ...]] = []
    for side, clip in zip(SIDES, clips, strict=True):
        values |= {
            f"{side}/frames": Value(len(clip.frames)),
            f"{side}/seconds": Value(clip.seconds),
            f"{side}/min": Value(float(clip.mel.min())),
            f"{side}/max": Value(float(clip.mel.max())),
        }
        rows += _part_rows(clip)
    columns = (
        Column("track"),
        Column("part"),
        Column("dtype"),
        Column("shape"),
        *(Column(name, digits=2) for name in ("min", "max", "mean")),
    )
    note = (
        "As stored, rows first. Mel rows are in dB below the loudest cell of the clip (0 is loudest), chroma rows in "
        "0…1. In memory a clip is single precision and frames first: (T, 140)."
    )
    return Result(values=values, tables={"parts": Table("The two arrays", columns, tuple(rows), note)})


def _part_rows(clip: Clip) -> list[tuple[Cell, ...]]:
    dtype, shape = stored_form(clip.path)
    parts = (("whole file", clip.frames, shape[0]), ("mel, rows 0–127", clip.mel, clip.mel.shape[1]))
    rows: list[tuple[Cell, ...]] = []
    for name, part, height in parts:
        limits = (float(part.min()), float(part.max()), float(part.mean()))
        rows.append((clip.name, name, dtype, f"({height}, {len(part)})", *limits))
    return rows


def mel_pictures(context: Context) -> Result:
    """1γ: both mel spectrograms, and a comparison that is measured."""
    first, second = clips = pair(context)
    measured = [measure_mel(clip) for clip in clips]
    save_side_by_side([clips], context.artifact(SIDE_BY_SIDE_FILE))
    return Result(
        values=measured_values(measured),
        tables={"comparison": comparison(clips, measured)},
        figures={"mel_first": mel_image(first), "mel_second": mel_image(second)},
        text=SIDE_BY_SIDE.format("Both beside each other"),
    )


def measured_values(measured: list[Loudness]) -> dict[str, Value]:
    """Return what was measured of both clips, by name; what is undefined says why."""
    values: dict[str, Value] = {}
    for side, one in zip(SIDES, measured, strict=True):
        reason = CONSTANT if one.centroid is None else ONE_FRAME if one.dynamic_range is None else TOO_SHORT
        found = {"centroid": one.centroid, "onsets": one.onsets, "dynamic_range": one.dynamic_range}
        values |= {f"{side}/{name}": Value(number, reason="" if number is not None else reason)
                   for name, number in found.items()}  # fmt: skip
    return values


def comparison(clips: tuple[Clip, Clip], measured: list[Loudness]) -> Table:
    """Return the measures of two clips as a table, with units and differences."""
    rows: list[tuple[Cell, ...]] = []
    groups = zip(BAND_GROUPS, *(one.groups for one in measured), strict=True)
    rows += [_row(f"share {name}", "dB", a, b) for (name, _, _), a, b in groups]
    first, second = measured
    rows.append(_row("spectral centroid", "Hz", first.centroid, second.centroid))
    if not clips[0].beat:
        rows.append(_row("onset density", "1/s", first.onsets, second.onsets))
    unit = "dB/beat" if clips[0].beat else "dB/frame"
    rows.append(_row("mean rise of level", unit, first.flux, second.flux))
    rows.append(_row("dynamic range (10–95 %)", "dB", first.dynamic_range, second.dynamic_range))
    columns = (
        Column("measure"),
        Column("unit"),
        *(Column(clip.name, digits=2) for clip in clips),
        Column("difference", digits=2),
    )
    notes = ["Shares are of the clip's whole energy; the range is that of the frames' levels."]
    if any(one.centroid is None for one in measured):
        notes.append(f"A dash: undefined, because {CONSTANT}.")
    if any(len(clip.frames) == 1 for clip in clips):
        notes.append(f"A dash: undefined, because {ONE_FRAME}.")
    if any(1 < len(clip.frames) < FEWEST_FRAMES and not clip.beat for clip in clips):
        notes.append(f"A dash: {TOO_SHORT}.")
    return Table("Measured from the two clips", columns, tuple(rows), " ".join(notes))


def _row(name: str, unit: str, first: float | None, second: float | None) -> tuple[Cell, ...]:
    difference = None if first is None or second is None else second - first
    return (name, unit, first, second, difference)


def mel_scale() -> Result:
    """1δ, evidence: the scale as a curve, and the filters that make the bands."""
    hz = np.linspace(0.0, SAMPLE_RATE / 2, 221)
    formula = 2595.0 * np.log10(1.0 + hz / 700.0)
    slaney = hz_to_mel(hz) * (1000.0 / float(hz_to_mel(1000.0)))  # scaled so that 1000 Hz is 1000 mel
    lines = (Series("2595·log10(1 + f/700)", numbers(hz), numbers(formula)),
             Series("Slaney, as in the data", numbers(hz), numbers(slaney)))  # fmt: skip
    scale = Curve("From Hz to mel, both 1000 at 1000 Hz", Axis("frequency", "Hz"), Axis("pitch", "mel"), lines)
    return Result(figures={"mel_scale": scale, "filter_bank": _filter_bank()}, tables={"bands": _band_table()})


def _filter_bank() -> Curve:
    """Return a bank of a few filters of equal area; the 128 of the data would not be told apart."""
    edges = band_edges(BANDS_DRAWN)
    heights = 2000.0 / (edges[2:] - edges[:-2])  # area 1 over kHz
    lines = []
    for first, name in enumerate(("bands 0, 2, 4 …", "bands 1, 3, 5 …")):
        corners = numbers(edges[first : first + BANDS_DRAWN + 1])
        # Every second filter begins where the one before it in the line ends.
        peaks = tuple(float(heights[first + place - 1]) if place % 2 else 0.0 for place in range(len(corners)))
        lines.append(Series(name, corners, peaks))
    title = f"A mel filter bank of {BANDS_DRAWN} triangles of equal area (the data have 128)"
    return Curve(title, Axis("frequency", "Hz"), Axis("weight", "1/kHz"), tuple(lines))


def _band_table() -> Table:
    edges = band_edges()
    bin_width = SAMPLE_RATE / N_FFT
    rows = tuple(
        (
            band,
            float(edges[band + 1]),
            float(edges[band + 2] - edges[band]),
            float(edges[band + 2] - edges[band]) / bin_width,
        )
        for band in (0, 15, 31, 47, 63, 79, 95, 111, 127)
    )
    columns = (
        Column("row", digits=0),
        Column("centre", "Hz", digits=0),
        Column("width", "Hz", digits=0),
        Column("width", "FFT bins", digits=1),
    )
    return Table("Bands of the data's mel spectrograms", columns, rows)
