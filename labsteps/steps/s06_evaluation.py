"""Step 6: every model of step 5 on the test set of its own kind, beside two simple methods, and in pairs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from labsteps.context import Context, EarlierRun
from labsteps.errors import DataError, PrerequisiteError, StopRequestedError
from labsteps.evaluation import classification
from labsteps.evaluation.baseline import Fit, fit_logistic
from labsteps.evaluation.compare import Predictions, comparison_tables
from labsteps.other_settings import noted, other_settings, sentence, told_by
from labsteps.results import Axis, Bars, Column, Figure, Heatmap, Result, Series, Table, Value, numbers
from labsteps.steps.fitting import read_outputs
from labsteps.steps.genre import FEATURE_KINDS, MEL_AND_CHROMA, FeatureKind, GenreData, genre_data
from labsteps.steps.opening import read_split
from labsteps.steps.statistics import statistics_of

PREDICTIONS_FILE = "predictions.json"
CLASSICAL, MAJORITY = "classical", "majority"
# Each feature kind with the part that trains on it, and the section of that part's run, if it has more than one.
TRAINED_BY = {
    "mel": ("5γ", ""),
    "beat mel": ("5δ", ""),
    "chroma": ("5ε", "raw"),
    "beat chroma": ("5ε", "beat"),
    "mel+chroma": ("5ζ", "raw"),
    "beat mel+chroma": ("5ζ", "beat"),
}

NETWORK_KEYS = {kind.slug for kind in FEATURE_KINDS.values()}


@dataclass(frozen=True, eq=False)
class Scored:
    """One model with what it said of its test set.

    Attributes
    ----------
    key
        Stands in the names of values, figures and files.
    title
        As tables write it.
    features
        Name of the feature kind; empty for the majority class.
    trained_on
        Ids of the tracks that it was trained on; empty where it does not matter.
    """

    key: str
    title: str
    features: str
    predictions: Predictions
    trained_on: frozenset[int] = frozenset()

    @property
    def confusion(self) -> np.ndarray:
        """Counts, shape (C, C): row = true class, column = predicted class."""
        said = self.predictions
        return classification.confusion_matrix(said.true, said.predicted, len(said.classes))


@dataclass(frozen=True, eq=False)
class Known:
    """What the classical method can learn from: every clip of the training folder, of which it is given some.

    Attributes
    ----------
    ids, codes : np.ndarray [shape=(N,), dtype=int]
        Tracks and their classes.
    statistics : np.ndarray [shape=(N, 3, 140)]
        As `clip_statistics` gives them.
    """

    ids: np.ndarray
    codes: np.ndarray
    statistics: np.ndarray

    def of(self, tracks: list[int], rows: slice, folder: Path) -> tuple[np.ndarray, np.ndarray]:
        """Return statistics, shape (n, D), and classes of the tracks that the run in `folder` names.

        Raises
        ------
        DataError
            If one of them is not in the data.
        """
        missing = sorted(set(tracks) - set(self.ids.tolist()))
        if missing:
            raise DataError(f"{folder}: was trained on track {missing[0]}, which is not there; run it with --force.")
        at = np.flatnonzero(np.isin(self.ids, tracks))
        return self.statistics[at][:, :, rows].reshape(len(at), -1), self.codes[at]


def evaluate_models(context: Context) -> Result:
    """6α: one table over all models of step 5, the classical method and the majority class; all pairs of models."""
    resamples = int(context.params["resamples"])
    networks: dict[str, Scored] = {}
    classical: dict[str, Scored] = {}
    majorities: list[Scored] = []
    lines: dict[str, str] = {}
    sources: list[EarlierRun] = []
    for beat in (False, True):
        section = "beat" if beat else "raw"
        data = genre_data(context.section(section), MEL_AND_CHROMA, beat=beat)
        known = _known(context, data)
        test = statistics_of(context, "test", data.test)
        for name, kind in FEATURE_KINDS.items():
            if kind.beat == beat:
                networks[name], source = _network(context, kind, data)
                sources.append(source)
                split = read_split(source.folder / TRAINED_BY[name][1])
                classical[name], fit = _baseline(context, kind, data, known, test, split, source.folder)
                lines[name] = f"{networks[name].title} is run {source.run_id}, seed {source.seed}"
                lines[name] += f"; the classical method on it has C = {fit.strength:g}."
        majorities.append(_majority(data, section))
    if _same_predictions(*majorities):
        majorities = [replace(majorities[0], title="majority class")]
    nets, plain = ([found[name] for name in FEATURE_KINDS] for found in (networks, classical))
    models = [*nets, *plain, *majorities]
    other = other_settings((source.part, source.settings) for source in sorted(sources, key=lambda one: one.part))
    context.write_artifact(PREDICTIONS_FILE, _to_json(models))
    figures: dict[str, Figure] = {"scores": _score_bars(nets, plain, majorities[0])}
    for one in nets:
        figure = classification.confusion_figure(one.confusion, one.predictions.classes)
        figures[f"confusion_{one.key}"] = replace(figure, title=f"Confusion matrix, {one.title} (LSTM)")
    return Result(
        values=_values(nets, plain, majorities, resamples, context.seed),
        tables={
            "models": _model_table(models, resamples, context.seed, other),
            **_pairs(nets, plain, resamples, context.seed),
            **_against_majority([*nets, *plain], majorities, resamples, context.seed),
        },
        figures=figures,
        text=(
            "The networks' outputs on the test clips are those that each run stored when it was tested; nothing of "
            "theirs was computed again. The classical method (logistic regression on each clip's mean, deviation and "
            "mean absolute difference per row) was fitted here on the clips that the network beside it was trained on, "
            "its C chosen on the same validation clips.\n"
            + "\n".join(lines[name] for name in FEATURE_KINDS)
            + sentence(other)
        ),
    )


def scores_per_class(context: Context) -> Result:
    """6β: precision, recall and F1 of every class for each model of 6α."""
    models, source = _models_of(context)
    resamples = int(source.parameters["resamples"])
    tables = {}
    for one in (one for one in models if one.features):
        table = classification.class_interval_table(
            one.confusion, one.predictions.classes, resamples=resamples, seed=source.seed
        )
        tables[one.key] = replace(table, title=f"Scores per class, {one.title}")
    return Result(
        tables=tables, figures={"f1": _f1_map([one for one in models if one.key in NETWORK_KEYS])}, text=_from(source)
    )


def macro_averages(context: Context) -> Result:
    """6γ: the plain mean over the classes, for each model of 6α."""
    return _averages(context, "macro", "a class that was never predicted counts with precision 0")


def micro_averages(context: Context) -> Result:
    """6δ: counts pooled over the classes, for each model of 6α."""
    note = "with one label a clip, every miss is one false positive and one false negative: all three are the accuracy"
    return _averages(context, "micro", note)


def _network(context: Context, kind: FeatureKind, data: GenreData) -> tuple[Scored, EarlierRun]:
    """Return what the newest finished network of a feature kind said of the test set."""
    part, section = TRAINED_BY[kind.name]
    source = context.earlier(part)
    if source is None:
        raise PrerequisiteError(f"{part} has no finished run on these data; run it first.")
    context.emit("uses", part=part, run=source.run_id)
    said = read_outputs(source.folder / section)
    test = data.test
    same = np.array_equal(said.ids, test.pack.ids) and np.array_equal(said.true, test.targets)
    if not same or said.classes != data.classes:
        raise DataError(f"{source.folder / section}: was tested on other tracks or classes; run {part} with --force.")
    heard = frozenset(read_split(source.folder / section)["train"])
    return Scored(kind.slug, f"{part} {kind.name}", kind.name, said, heard), source


def _known(context: Context, data: GenreData) -> Known:
    parts = {"train": data.train, "validation": data.validation}
    return Known(
        np.concatenate([clips.pack.ids for clips in parts.values()]),
        np.concatenate([clips.targets for clips in parts.values()]),
        np.concatenate([statistics_of(context, name, clips) for name, clips in parts.items()]),
    )


def _baseline(
    context: Context,
    kind: FeatureKind,
    data: GenreData,
    known: Known,
    test: np.ndarray,
    split: Mapping[str, list[int]],
    folder: Path,
) -> tuple[Scored, Fit]:
    """Fit the classical method on what the network of a feature kind heard; return what it says of the test set."""
    if context.stop_requested():
        raise StopRequestedError
    context.emit("phase", text=f"logistic regression, {kind.name}", done=0, total=len(split["train"]))
    train, validation = (known.of(split[name], kind.rows, folder) for name in ("train", "validation"))
    fit = fit_logistic(*train, *validation, len(data.classes))
    predicted = fit.model.predict(test[:, :, kind.rows].reshape(len(test), -1))
    said = Predictions(data.test.pack.ids, data.test.targets, predicted, data.classes)
    heard = frozenset(split["train"])
    return Scored(f"{CLASSICAL}_{kind.slug}", f"{CLASSICAL} {kind.name}", kind.name, said, heard), fit


def _majority(data: GenreData, name: str) -> Scored:
    code = classification.majority_code(data.train_codes)
    said = Predictions(data.test.pack.ids, data.test.targets, np.full_like(data.test.targets, code), data.classes)
    return Scored(f"{MAJORITY}_{name}", f"{MAJORITY} class, {name}", "", said)


def _same_predictions(one: Scored, other: Scored) -> bool:
    """Tell whether two models say the same of the same tracks, whatever the order of the tracks."""
    a, b = ({*zip(*map(np.ndarray.tolist, (p.ids, p.true, p.predicted)), strict=True)}
            for p in (one.predictions, other.predictions))  # fmt: skip
    return a == b


def _majority_beside(one: Scored, majorities: list[Scored]) -> Scored:
    """Return the majority class of a model's own test set; there is one where both sets have the same."""
    return majorities[-1 if FEATURE_KINDS[one.features].beat else 0]


def _against_majority(models: list[Scored], majorities: list[Scored], resamples: int, seed: int) -> dict[str, Table]:
    """Return every model against the majority class of its own test set."""
    tables = comparison_tables(
        {one.title: one.predictions for one in (*models, *majorities)},
        against=[(one.title, _majority_beside(one, majorities).title) for one in models],
        resamples=resamples,
        seed=seed,
        title="Against the majority class",
    )
    return {"against_majority": tables[0], "against_majority_macro_f1": tables[1]}


def _pairs(nets: list[Scored], plain: list[Scored], resamples: int, seed: int) -> dict[str, Table]:
    """Return every pair of networks, and each network against the classical method on the same features."""
    heard = {one.title: one.trained_on for one in (*nets, *plain)}
    among = comparison_tables(
        {one.title: one.predictions for one in nets}, resamples=resamples, seed=seed, trained_on=heard
    )
    beside = comparison_tables(
        {one.title: one.predictions for one in (*nets, *plain)},
        against=[(a.title, b.title) for a, b in zip(nets, plain, strict=True)],
        resamples=resamples,
        seed=seed,
        title="Network against classical method",
        trained_on=heard,
    )
    return {
        "comparisons": among[0],
        "comparisons_macro_f1": among[1],
        "against_classical": beside[0],
        "against_classical_macro_f1": beside[1],
    }


def _values(
    networks: list[Scored], classical: list[Scored], majorities: list[Scored], resamples: int, seed: int
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for one in networks:
        found = _scores(one, resamples, seed)
        values |= {f"{one.key}/{name}": found[name] for name in ("accuracy", "macro_f1", "micro_f1")}
    for one in classical:
        found = _scores(one, resamples, seed)
        values |= {f"{one.key}/{name}": found[name] for name in ("accuracy", "macro_f1")}
    for one in (*networks, *classical):
        code = int(_majority_beside(one, majorities).predictions.predicted[0])
        ahead = classification.above_constant(one.confusion, code, resamples, seed)
        values[f"{one.key}/above_majority"] = ahead["accuracy"]
    found = _scores(majorities[0], resamples, seed)
    return values | {f"{MAJORITY}/{name}": Value(found[name].number) for name in ("accuracy", "macro_f1")}


def _scores(one: Scored, resamples: int, seed: int) -> dict[str, Value]:
    """Return accuracy, macro and micro averages with their intervals."""
    return classification.averages_with_intervals(one.confusion, resamples, seed)


def _model_table(models: list[Scored], resamples: int, seed: int, other: str) -> Table:
    rows = []
    for one in models:
        found = _scores(one, resamples, seed)
        cells = [*_cells(found["accuracy"]), *_cells(found["macro_f1"]), found["micro_f1"].number]
        rows.append((one.title, *cells, len(one.predictions.ids), len(one.trained_on) or None))
    scored = [Column(heading) for score in ("accuracy", "macro-F1") for heading in (score, "from", "to")]
    columns = (Column("model"), *scored, Column("micro-F1"), Column("n", digits=0), Column("trained on", digits=0))
    note = "from, to: 95 % intervals; with one label a clip micro-F1 is the accuracy, and so is its interval"
    return Table("All models on the test set of their own kind", columns, tuple(rows), noted(note, other))


def _cells(value: Value) -> tuple[float | None, float | None, float | None]:
    return value.number, value.low, value.high


def _score_bars(networks: list[Scored], classical: list[Scored], majority: Scored) -> Bars:
    def accuracy(one: Scored) -> float:
        return float(classification.averages(one.confusion)["accuracy"])

    positions = numbers(range(len(networks)))
    floor = accuracy(majority)
    return Bars(
        "Accuracy on the test set",
        Axis("model"),
        Axis("accuracy"),
        tuple(one.title for one in networks),
        (
            Series("LSTM", positions, numbers(map(accuracy, networks))),
            Series("classical", positions, numbers(map(accuracy, classical))),
            Series("majority class", positions, numbers(floor for _ in networks)),
        ),
    )


def _averages(context: Context, kind: str, note: str) -> Result:
    models, source = _models_of(context)
    names = [f"{kind}_{score}" for score in ("precision", "recall", "f1")]
    values: dict[str, Value] = {}
    rows = []
    for one in models:
        found = _scores(one, int(source.parameters["resamples"]), source.seed)
        values |= {f"{one.key}/{name}": found[name] for name in names}
        rows.append((one.title, *(x for name in names for x in _cells(found[name]))))
    scored = [Column(heading) for score in ("precision", "recall", "F1") for heading in (score, "from", "to")]
    table = Table(
        f"{kind.capitalize()} averages on the test set",
        (Column("model"), *scored),
        tuple(rows),
        noted(note, told_by(source.result)),
    )
    return Result(values=values, tables={kind: table}, text=_from(source))


def _f1_map(models: list[Scored]) -> Heatmap:
    f1 = [classification.class_scores(one.confusion)[2] for one in models]
    classes = models[0].predictions.classes
    return Heatmap(
        "F1 of each class and model",
        Axis("model"),
        Axis("class"),
        tuple(one.title for one in models),
        classes,
        tuple(numbers(row[code] for row in f1) for code in range(len(classes))),
    )


def _from(source: EarlierRun) -> str:
    return f"From the predictions that 6α gathered (run {source.run_id}).{sentence(told_by(source.result))}"


def _to_json(models: list[Scored]) -> bytes:
    """Return all predictions as JSON, for the parts that read them from 6α's run."""
    stored = [
        {
            "key": one.key,
            "title": one.title,
            "features": one.features,
            "ids": one.predictions.ids.tolist(),
            "true": one.predictions.true.tolist(),
            "predicted": one.predictions.predicted.tolist(),
            "classes": list(one.predictions.classes),
        }
        for one in models
    ]
    return (json.dumps({"format": 1, "models": stored}, ensure_ascii=False) + "\n").encode()


def _models_of(context: Context) -> tuple[list[Scored], EarlierRun]:
    """Return the models of the newest finished 6α, in its order.

    Raises
    ------
    PrerequisiteError
        If there is none.
    DataError
        If its predictions cannot be read.
    """
    source = context.earlier("6α")
    if source is None:
        raise PrerequisiteError("6α has no finished run on these data; run it first.")
    path = source.folder / PREDICTIONS_FILE
    try:
        stored: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["models"]
        models = [
            Scored(
                one["key"],
                one["title"],
                one["features"],
                Predictions(
                    ids=np.array(one["ids"], np.int64),
                    true=np.array(one["true"], np.int64),
                    predicted=np.array(one["predicted"], np.int64),
                    classes=tuple(one["classes"]),
                ),
            )
            for one in stored
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} cannot be read: {error!r}. Run 6α again with --force.") from error
    return models, source
