"""Step 5: genre from sequences of frames, with an LSTM that hears each clip to its last real frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from labsteps.context import Context
from labsteps.data.batches import collate
from labsteps.evaluation.compare import compare
from labsteps.models.heads import Model
from labsteps.models.lstm import LSTM
from labsteps.models.saved import build
from labsteps.results import Axis, Bars, Column, Figure, Result, Series, Table, Value, numbers
from labsteps.steps import comparing, fitting, seeds
from labsteps.steps.descriptions import lstm_description
from labsteps.steps.genre import FEATURE_KINDS, FeatureKind, GenreData, genre_data

RESAMPLES = 2000
CLIPS_SHOWN = 4
# What a part that trains on two kinds of frames tells of each; the tables have the rest.
HEADLINES = (
    "test/accuracy",
    "test/macro_f1",
    "test/micro_f1",
    "above_majority/accuracy",
    "above_majority/macro_f1",
    "validation/accuracy",
    "validation/macro_f1",
    "best_epoch",
    "epochs_run",
    "seeds/accuracy",
    "seeds/macro_f1",
)


def show_input(context: Context) -> Result:
    """5α: one padded batch through an untrained LSTM, each clip alone, in the batch, and with more padding."""
    kind = FEATURE_KINDS[str(context.params["features"])]
    data = genre_data(context, kind.rows, beat=kind.beat)
    model = build(lstm_description(context.params, kind, data.classes), data.mean, data.deviation, context.seed)
    model.to(context.device).eval()
    chosen = _clips_of_all_lengths(data)
    more = int(context.params["more_frames"])
    x, lengths = _batch(context, data, chosen, 0)
    longer, _ = _batch(context, data, chosen, x.shape[1] + more)
    with torch.no_grad():
        alone = torch.cat([model(x[[i], :n], lengths[[i]]) for i, n in enumerate(lengths.tolist())])
        together, padded = model(x, lengths), model(longer, lengths)
        unaware = model(longer, torch.full_like(lengths, longer.shape[1]))

    def off(outputs: Tensor) -> np.ndarray:
        difference: np.ndarray = (outputs - alone).abs().amax(dim=1).cpu().numpy()
        return difference

    differences = [off(together), off(padded), off(unaware)]
    largest = float(max(differences[0].max(), differences[1].max()))
    steps = _steps_of(kind)
    return Result(
        values={
            "padding/difference": Value(largest),
            "padding/difference_unaware": Value(float(differences[2].max())),
            "parameters": Value(sum(p.numel() for p in model.parameters())),
        },
        tables={
            "clips": _clip_table(data, chosen, x.shape[1], more, differences, steps),
            "shapes": _shape_table(model, x, len(data.classes)),
        },
        figures={"batch": _batch_figure(data, chosen, x.shape[1], steps)},
        text=(
            f"{len(chosen)} clips of {int(lengths.min())} to {int(lengths.max())} {steps} in one batch of "
            f"{tuple(x.shape)}. A clip's output is the same alone, in the batch, and with {more} more {steps} of "
            f"silence: they part by {largest:.1e} at most, which is rounding. A network that took the padding for "
            f"music would be off by {differences[2].max():.2g}."
        ),
    )


def overfit_lstm(context: Context) -> Result:
    """5β: learn a few batches by heart, and give a verdict."""
    kind = FEATURE_KINDS[str(context.params["features"])]
    data = genre_data(context, kind.rows, beat=kind.beat)
    description = lstm_description(context.params, kind, data.classes)
    without = replace(description, settings={**description.settings, "dropout": 0.0})
    return fitting.overfit(context, data, without)


def genre_mel(context: Context) -> Result:
    """5γ: the LSTM on mel."""
    return _report_of(context, FEATURE_KINDS["mel"])


def genre_beat_mel(context: Context) -> Result:
    """5δ: the LSTM on beat-synchronous mel."""
    return _report_of(context, FEATURE_KINDS["beat mel"])


def genre_chroma(context: Context) -> Result:
    """5ε: the LSTM on chroma, raw and beat-synchronous."""
    return _report_of_both(context, FEATURE_KINDS["chroma"], FEATURE_KINDS["beat chroma"])


def genre_mel_chroma(context: Context) -> Result:
    """5ζ: the LSTM on mel and chroma together, raw and beat-synchronous."""
    return _report_of_both(context, FEATURE_KINDS["mel+chroma"], FEATURE_KINDS["beat mel+chroma"])


def _report_of(context: Context, kind: FeatureKind) -> Result:
    context.emit("trainings", total=seeds.seeds_of(context))
    again = _training_on(kind)
    return seeds.with_seeds(context, again(context), again)


def _training_on(kind: FeatureKind) -> Callable[[Context], Result]:
    def run(context: Context) -> Result:
        data = genre_data(context, kind.rows, beat=kind.beat)
        fitted = fitting.fit(context, data, lstm_description(context.params, kind, data.classes))
        return fitting.report(context, data, fitted, RESAMPLES)

    return run


def _report_of_both(context: Context, raw: FeatureKind, beat: FeatureKind) -> Result:
    """Train on both kinds, each in its own section of the run; the one that validates better leads the report.

    The choice is the validation part's, so that the leading test scores are not the better of two by their own luck.
    """
    sections = {"raw": context.section("raw"), "beat": context.section("beat")}
    context.emit("trainings", total=len(sections) * seeds.seeds_of(context))
    kinds = {"raw": raw, "beat": beat}
    reports = {name: _report_of(section, kinds[name]) for name, section in sections.items()}
    leading = max(reports, key=lambda name: reports[name].values["validation/macro_f1"].number or 0.0)
    values = dict(reports[leading].values)
    tables: dict[str, Table] = {}
    figures: dict[str, Figure] = {}
    lines = []
    for name, report in reports.items():
        heard = kinds[name].name
        values |= {f"{name}/{key}": report.values[key] for key in HEADLINES if key in report.values}
        tables |= {f"{key}_{name}": replace(t, title=f"{t.title}, {heard}") for key, t in report.tables.items()}
        figures |= {f"{key}_{name}": replace(f, title=f"{f.title}, {heard}") for key, f in report.figures.items()}
        lines.append(f"{heard[0].upper()}{heard[1:]}: {report.text}")
    folders = [section.artifact(fitting.OUTPUTS_FILE).parent for section in sections.values()]
    lines.append(f"The scores that lead are those of {kinds[leading].name}, by macro-F1 on the validation part.")
    try:
        found = compare(*map(fitting.read_outputs, folders), resamples=RESAMPLES, seed=context.seed)
    except ValueError as error:
        lines.append(f"{raw.name} and {beat.name} are not comparable: {error}.")
    else:
        alike = comparing.same_training(*folders)
        values |= comparing.comparison_values("raw_vs_beat", found, alike=alike)
        lines.append(f"{raw.name}: {comparing.comparison_sentence(found, beat.name, alike=alike)}")
    return Result(values=values, tables=tables, figures=figures, text="\n".join(lines))


def _clips_of_all_lengths(data: GenreData) -> np.ndarray:
    """Return positions of a few training clips, from the shortest to the longest."""
    order = np.argsort(data.train.pack.lengths, kind="stable")
    shown = min(CLIPS_SHOWN, len(order))
    chosen: np.ndarray = order[np.linspace(0, len(order) - 1, shown).round().astype(int)]
    return chosen


def _batch(context: Context, data: GenreData, chosen: np.ndarray, pad_to: int) -> tuple[Tensor, Tensor]:
    x, lengths = collate(data.train.pack, chosen, data.train.rows, pad_to=pad_to)
    return torch.from_numpy(x).to(context.device), torch.from_numpy(lengths).to(context.device)


def _steps_of(kind: FeatureKind) -> str:
    """Return what the time steps of a feature kind are."""
    return "beats" if kind.beat else "frames"


def _clip_table(
    data: GenreData, chosen: np.ndarray, padded: int, more: int, differences: list[np.ndarray], steps: str
) -> Table:
    pack = data.train.pack
    rows = [
        (str(pack.ids[at]), data.classes[data.train.targets[at]], int(pack.lengths[at]), padded, *numbers(row))
        for at, row in zip(chosen.tolist(), np.stack(differences, axis=1), strict=True)
    ]
    columns = (
        Column("track"),
        Column("class"),
        Column("length", steps, digits=0),
        Column("padded to", steps, digits=0),
        Column("off in batch", digits=8),
        Column(f"off, {more} more", digits=8),
        Column("off, unmasked", digits=3),
    )
    return Table(
        "A batch from the data set, padded, with true lengths",
        columns,
        tuple(rows),
        "off: largest difference of a clip's outputs from those that it gets alone, without padding; "
        "unmasked: by a network that takes the padding for music",
    )


def _shape_table(model: Model, x: Tensor, outputs: int) -> Table:
    """Return what comes out of each stage, with its parameters."""
    lstm = model.backbone
    assert isinstance(lstm, LSTM)
    clips, frames, bands = x.shape
    steps = -(-frames // lstm.frame_stride)
    rows: list[tuple[str, int, int, int, int]] = [
        ("padded batch", clips, frames, bands, 0),
        ("standardised by row", clips, frames, bands, 0),
    ]
    if lstm.frame_stride > 1:
        rows.append((f"mean of {lstm.frame_stride} frames", clips, steps, bands, 0))
    for number, forwards in enumerate(lstm.forwards):
        both = [forwards, lstm.backwards[number]] if lstm.backwards else [forwards]
        directions = "both directions" if lstm.backwards else "forwards"
        rows.append((f"LSTM layer {number + 1}, {directions}", clips, steps, lstm.feature_size, _size(*both)))
    pooled = ("last valid step", 0) if lstm.attention is None else ("attention over valid steps", _size(lstm.attention))
    rows.append((pooled[0], clips, 1, lstm.feature_size, pooled[1]))
    rows.append(("output layer", clips, 1, outputs, _size(model.head)))
    columns = (Column("stage"), *(Column(name, digits=0) for name in ("clips", "steps", "features", "parameters")))
    return Table("Shapes, stage by stage", columns, tuple(rows), f"{_size(model)} parameters in all")


def _size(*modules: nn.Module) -> int:
    return sum(p.numel() for module in modules for p in module.parameters())


def _batch_figure(data: GenreData, chosen: np.ndarray, padded: int, steps: str) -> Bars:
    lengths = data.train.pack.lengths[chosen]
    positions = numbers(range(len(chosen)))
    return Bars(
        f"{steps.capitalize()} of a batch: music and padding",
        Axis("track"),
        Axis("length", steps),
        tuple(str(track) for track in data.train.pack.ids[chosen]),
        (
            Series("music", positions, numbers(lengths)),
            Series("padding", positions, numbers(padded - lengths)),
        ),
    )
