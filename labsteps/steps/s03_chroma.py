"""Step 3: the chroma part of the two tracks, by frames and by beats."""

from __future__ import annotations

from labsteps.context import Context
from labsteps.results import Cell, Column, Figure, Result, Table, Value
from labsteps.steps.clip_measures import MOST_ENTROPY, measure_chroma
from labsteps.steps.clips_view import Clip, chroma_image, pair, stored_form
from labsteps.steps.s01_mel import SIDES
from labsteps.steps.specshow import SIDE_BY_SIDE, SIDE_BY_SIDE_FILE, save_side_by_side

NO_ENERGY = "the clip has no chroma energy"


def chromagrams(context: Context) -> Result:
    """3: type, range, shape, pictures and measures of the chroma rows."""
    frames, beats = pair(context), pair(context, beat=True)
    save_side_by_side([frames, beats], context.artifact(SIDE_BY_SIDE_FILE), chroma=True)
    figures: dict[str, Figure] = {}
    values: dict[str, Value] = {}
    for kind, clips in (("frames", frames), ("beats", beats)):
        for side, clip in zip(SIDES, clips, strict=True):
            figures[f"chroma_{kind}_{side}"] = chroma_image(clip)
    for side, raw, beat in zip(SIDES, frames, beats, strict=True):
        for kind, clip in (("frames", raw), ("beats", beat)):
            entropy = measure_chroma(clip).entropy
            values[f"{side}/entropy_{kind}"] = Value(entropy, reason="" if entropy is not None else NO_ENERGY)
    tables = {"parts": _parts((*frames, *beats)), "measured": _measured((*frames, *beats))}
    text = SIDE_BY_SIDE.format("By frames above and by beats below")
    return Result(values=values, tables=tables, figures=figures, text=text)


def _parts(clips: tuple[Clip, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for clip in clips:
        dtype, _ = stored_form(clip.path)
        shape = f"({clip.chroma.shape[1]}, {len(clip.frames)})"
        limits = (float(clip.chroma.min()), float(clip.chroma.max()))
        rows.append((clip.name, _by(clip), dtype, shape, len(clip.frames), *limits))
    columns = (
        *(Column(name) for name in ("track", "by", "dtype", "shape")),
        Column("time steps", digits=0),
        *(Column(name, digits=2) for name in ("min", "max")),
    )
    return Table("Chroma, rows 128–139", columns, tuple(rows))


def _measured(clips: tuple[Clip, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for clip in clips:
        found = measure_chroma(clip)
        rows.append((clip.name, _by(clip), found.strongest, found.share, found.entropy, found.change))
    columns = (
        Column("track"),
        Column("by"),
        Column("strongest"),
        Column("its share", digits=2),
        Column("entropy", "bit", digits=2),
        Column("change a step", digits=3),
    )
    note = (
        f"Entropy: 0 bit for a single pitch class, {MOST_ENTROPY:.2f} for all alike. Change: 1 − cosine of neighbours."
    )
    if any(row[2] is None for row in rows):
        note += f" A dash: {NO_ENERGY}."
    return Table("Measured from the chroma rows", columns, tuple(rows), note)


def _by(clip: Clip) -> str:
    return "beats" if clip.beat else "frames"
