"""Step 4: what the data set gives for one item, and which genres become which classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from labsteps.context import Context
from labsteps.data.batches import collate
from labsteps.data.classes import DROPPED, ClassScheme
from labsteps.data.clip_files import CHROMA, MEL, QUIETEST_DB, Frames, read_clip
from labsteps.data.layout import Split
from labsteps.data.pack import Pack
from labsteps.errors import DataError
from labsteps.features.grid import HOP, SAMPLE_RATE
from labsteps.results import Axis, Bars, Cell, Column, Figure, Image, Result, Series, Table, Value
from labsteps.steps.clips_view import SHOWN_HZ, band_row, draw_position, genre_split, stored_form

BANDS = MEL.stop - MEL.start
NO_PADDING = "All clips are of one length, so none is padded."


def one_item(context: Context) -> Result:
    """4α: one item as a model gets it, and every operation that made it."""
    split = genre_split(context)
    scheme = ClassScheme()
    classes = scheme.classes(split.labels)
    kept = np.flatnonzero(scheme.encode(split.labels, classes) != DROPPED)
    if not len(kept):
        raise DataError(f"{split.root / split.folder}: the merge table drops every genre of the index; see 4β.")
    longest = max(split.lengths[position] for position in kept)
    shorter = [position for position in kept.tolist() if split.lengths[position] < longest]
    position = draw_position(split, shorter or kept.tolist(), context.seed, int(context.params["draw"]))
    clip = _read(split, position)
    x, lengths = collate(_pack_of(split, position, clip), [0], MEL, pad_to=longest)
    item, length = x[0], int(lengths[0])  # (T_max, 128)
    label = scheme.merge(split.labels[position])
    assert label is not None
    code = classes.index(label)
    return Result(
        values={
            "clips": Value(len(kept)),
            "length": Value(length),
            "padded_length": Value(longest),
            "padding": Value(longest - length),
            "label": Value(code),
        },
        tables={
            "item": _item_table(split, position, item, length, f"{code} = {label}"),
            "operations": _operations(split, position, len(kept), longest, f"{label} → {code}"),
        },
        figures={"item": _item_image(item, length, f"{label} ({split.ids[position]})")},
        text=(
            f"One item: features {item.shape}, label {code} ({label}), true length {length}. "
            + (f"The last {longest - length} of its {longest} frames are padding." if length < longest else NO_PADDING)
        ),
    )


def _read(split: Split, position: int) -> Frames:
    try:
        return read_clip(split.paths[position])
    except DataError as error:
        raise DataError(f"{split.paths[position]}: {error}") from error


def _pack_of(split: Split, position: int, clip: Frames) -> Pack:
    """Return a pack of one clip in memory, so that the item goes the way of every training batch."""
    return Pack(
        folder=split.root,
        source=split.folder,
        split=split.name,
        fingerprint="",
        mel=clip[:, MEL],
        chroma=clip[:, CHROMA],
        starts=np.zeros(1, np.int64),
        lengths=np.array([len(clip)], np.int64),
        ids=np.array([split.ids[position]], np.int64),
        labels=None,
        classes=(),
        values=None,
        axes=(),
    )


def _item_table(split: Split, position: int, item: Frames, length: int, label: str) -> Table:
    after = f"{item[length].min():g} dB in every row" if length < len(item) else "none: no clip is longer"
    rows = (
        ("features", f"float32, shape {item.shape}", "frames × mel rows, padded"),
        ("label", label, f"class of {split.labels[position]}"),
        ("length", str(length), "frames that are real"),
        ("id", str(split.ids[position]), f"{split.paths[position].name}"),
        ("first frame", _ends(item[0]), "its first rows, in dB"),
        ("last real frame", _ends(item[length - 1]), "an LSTM is read after it"),
        ("padding", after, "silence, not sound"),
        ("memory", f"{item.nbytes / 1e3:.0f} kB", "padded, single precision"),
    )
    return Table("One item", (Column("what"), Column("value"), Column("meaning")), rows)


def _ends(frame: Frames) -> str:
    return ", ".join(f"{value:.1f}" for value in frame[:4].tolist()) + " …"


def _operations(split: Split, position: int, kept: int, longest: int, label: str) -> Table:
    dtype, shape = stored_form(split.paths[position])
    raw = split.labels[position]
    label = label if label.startswith(f"{raw} → ") else f"{raw} → {label}"
    rows = (
        ("read the index", f"Id, Genre → {len(split)} clips", "which file, which label"),
        ("merge and drop", f"{len(split)} → {kept} clips", "like genres together"),
        ("encode", label, "whole numbers from 0"),
        ("read the file", f"{dtype} {_form(*shape)} → float32 {_form(*shape[::-1])}", "a frame is a row"),
        ("take rows", f"{_form(*shape[::-1])} → {_form(shape[1], BANDS)}", "mel, chroma or both"),
        ("pad", f"{_form(shape[1], BANDS)} → {_form(longest, BANDS)}", "a batch is one array"),
        ("keep length", f"{longest} → {shape[1]}", "the rest is padding"),
        ("normalise", "dB → mean 0, deviation 1", "by the training clips"),
        ("batch", f"B × {_form(longest, BANDS)} → {_form('B', longest, BANDS)}", "clips of like length"),
    )
    columns = (Column("operation"), Column("from → to"), Column("why"))
    return Table("What is done with an item, in order", columns, rows)


def _form(*sizes: int | str) -> str:
    return f"({', '.join(map(str, sizes))})"


def _item_image(item: Frames, length: int, name: str) -> Image:
    seconds = len(item) * HOP / SAMPLE_RATE
    step = next((s for s in (1, 2, 5, 10, 30, 60) if seconds / s <= 8), 300)
    ticks = [(second * SAMPLE_RATE / HOP, str(second)) for second in range(0, int(seconds) + 1, step)]
    values = tuple(tuple(row) for row in item.T.astype(np.float64).round(1).tolist())
    frequency = Axis("frequency", "Hz", tuple((band_row(hz), str(hz)) for hz in SHOWN_HZ))
    title = f"An item, {name}: {length} frames padded to {len(item)}"
    return Image(title, Axis("time", "s", tuple(ticks)), frequency, Axis("level", "dB"), values, QUIETEST_DB, 0.0)


def merge_table(context: Context) -> Result:
    """4β: which raw genre becomes which class, with counts."""
    return merging(_counts(context), ClassScheme())


def merging(counts: Mapping[str, Counter[str]], scheme: ClassScheme) -> Result:
    """Return which raw genre becomes which class, from the number of clips of each genre in each split."""
    rows: list[tuple[Cell, ...]] = []
    for raw in sorted(counts["train"].keys() | counts["test"].keys(), key=lambda raw: (scheme.merge(raw) or "~", raw)):
        merged = scheme.merge(raw)
        fate = "dropped" if merged is None else "kept" if merged == raw else "merged"
        rows.append((raw, merged or "–", fate, counts["train"][raw], counts["test"][raw]))
    columns = (Column("genre"), Column("class"), Column("fate"), Column("train", digits=0), Column("test", digits=0))
    after = {split: merged_counts(found, scheme) for split, found in counts.items()}
    values = {"classes/before": Value(len(counts["train"])), "classes/after": Value(len(after["train"]))}
    for split in counts:
        values[f"{split}/before"] = Value(counts[split].total())
        values[f"{split}/after"] = Value(after[split].total())
    table = Table("Raw genres and their classes", columns, tuple(rows))
    by_class = _class_table(after)
    text = (
        f"{len(counts['train'])} genres become {len(after['train'])} classes; {counts['train'].total()} training clips "
        f"become {after['train'].total()}, {counts['test'].total()} test clips become {after['test'].total()}."
    )
    return Result(values=values, tables={"merge": table, "classes": by_class}, text=text)


def _class_table(after: dict[str, Counter[str]]) -> Table:
    names = sorted(after["train"])
    total = after["train"].total()
    rows = tuple(
        (code, name, after["train"][name], after["test"][name], after["train"][name] / total)
        for code, name in enumerate(names)
    )
    columns = (
        Column("code", digits=0),
        Column("class"),
        Column("train", digits=0),
        Column("test", digits=0),
        Column("share of train", digits=3),
    )
    return Table("Classes, in the order of their codes", columns, rows)


def histograms(context: Context) -> Result:
    """4γ: samples of each class before and after, train and test."""
    before, scheme = _counts(context), ClassScheme()
    after = {split: merged_counts(found, scheme) for split, found in before.items()}
    figures: dict[str, Figure] = {
        "before": class_bars("Clips of each genre, before 4β", before),
        "after": class_bars("Clips of each class, after 4β", after),
    }
    values = {}
    for when, counts in (("before", before["train"]), ("after", after["train"])):
        spread = max(counts.values()) / min(counts.values()) if counts else None
        values[f"imbalance/{when}"] = Value(spread, reason="" if counts else "no class is left")
    return Result(values=values, figures=figures)


def _counts(context: Context) -> dict[str, Counter[str]]:
    return {
        "train": Counter(genre_split(context).labels),
        "test": Counter(genre_split(context, split="test").labels),
    }


def merged_counts(counts: Counter[str], scheme: ClassScheme) -> Counter[str]:
    """Return the number of clips of each class, from those of each raw genre."""
    merged: Counter[str] = Counter()
    for raw, count in counts.items():
        name = scheme.merge(raw)
        if name is not None:
            merged[name] += count
    return merged


def class_bars(title: str, counts: Mapping[str, Counter[str]]) -> Bars:
    """Return the number of clips of each name, a series a split."""
    names = sorted(counts["train"].keys() | counts["test"].keys())
    places = tuple(float(place) for place in range(len(names)))
    series = tuple(
        Series(split, places, tuple(float(found[name]) for name in names)) for split, found in counts.items()
    )
    return Bars(title, Axis("class"), Axis("clips"), tuple(names), series)
