"""Step 11, α to γ: the vectors before the output layer, and how well classes separate among them, seen by PCA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np
import torch

from labsteps.context import Context, EarlierRun, ParameterValue
from labsteps.errors import PrerequisiteError
from labsteps.evaluation import projections
from labsteps.models.saved import load_model
from labsteps.other_settings import noted, other_settings, sentence, told_by
from labsteps.results import Axis, Column, Curve, Figure, Result, Series, Table, Value, numbers
from labsteps.steps import latent as store
from labsteps.steps.fitting import read_fitted, read_outputs
from labsteps.steps.genre import genre_test
from labsteps.steps.latent import FAMILIES, WORST, Candidate, Latent, read_latents
from labsteps.steps.opening import read_split
from labsteps.steps.separation import (
    DIMENSIONS,
    KNN_RULE,
    SILHOUETTE_RULE,
    Space,
    cells,
    difference_tables,
    knn_difference,
    panels,
    pca,
    pca_scatter,
    scored_columns,
    separation,
    silhouette_difference,
    space_of,
    value_of,
)
from labsteps.training.inference import evaluate

AXES_SHOWN = 50


def extract_vectors(context: Context) -> Result:
    """11α: what the output layer is given for each test track, for the best model of each step and the worst of 5."""
    found = store.candidates(context)
    chosen = store.choose(found)
    if not chosen:
        raise PrerequisiteError("No trained model of steps 5, 7.1 or 7.2 is there; run 6α, 7.1ε or 7.2β first.")
    latents, agreements = [], []
    for key, candidate in chosen.items():
        one, agreement = _extract(context, key, candidate)
        store.write_latent(context, one)
        latents.append(one)
        agreements.append(agreement)
    store.write_index(context, latents)
    other = other_settings(_trained(chosen.values()))
    models, every = _model_table(latents, chosen, agreements), _candidate_table(found, chosen)
    values: dict[str, Value] = {"tracks": Value(float(len(latents[0].ids)))}
    for one, candidate, agreement in zip(latents, chosen.values(), agreements, strict=True):
        values[f"{one.key}/validation_macro_f1"] = Value(candidate.validation_macro_f1)
        values[f"{one.key}/size"] = Value(float(one.vectors.shape[1]))
        values[f"{one.key}/agreement"] = agreement
    return Result(
        values=values,
        tables={
            "models": replace(models, note=noted(models.note, other)),
            "candidates": replace(every, note=noted(every.note, other_settings(_trained(found)))),
            "files": _file_table(latents),
        },
        text=_extraction_text(chosen) + sentence(other),
    )


def _extract(context: Context, key: str, candidate: Candidate) -> tuple[Latent, Value]:
    """Return a model's vectors, and how often its output layer says on them what the run said when it was tested."""
    source = candidate.source
    fitted = read_fitted(context, source)
    _, description = load_model(source.folder / "checkpoints" / "best")
    clips = genre_test(context, slice(*description.rows), description.outputs, beat=description.beat)
    heard = f"{'beat ' if description.beat else ''}{description.features}"
    title = f"{FAMILIES[candidate.family][1]} {source.part} {heard}"
    # The name is that of the file with what is done, so it says which run's model it is.
    name = f"vectors of {title}, run {source.run_id}"
    vectors = evaluate(fitted.model.backbone, clips, fitted.arithmetic, context, name=name)
    with torch.no_grad():
        outputs = fitted.model.head.cpu()(torch.from_numpy(vectors)).numpy()
    predicted = outputs.argmax(axis=1).astype(np.int64)
    learnt = frozenset(read_split(source.folder)["train"])
    found = Latent(key, title, clips.pack.ids, clips.targets, predicted, description.outputs, vectors, learnt)
    return found, _agreement(source, found)


def _agreement(source: EarlierRun, found: Latent) -> Value:
    """Return on which share of the tracks the output layer repeats what the run stored."""
    # 7.1ε tests the model of 7.1β, and that of another section has a folder of its own.
    said = read_outputs(source.folder)
    if said.classes != found.classes or not np.array_equal(said.ids, found.ids):
        return Value(None, reason="the run was tested on other tracks or classes")
    return Value(float((said.predicted == found.predicted).mean()))


def _model_table(latents: list[Latent], chosen: Mapping[str, Candidate], agreements: list[Value]) -> Table:
    rows = [
        (
            _role(one.key),
            one.title,
            chosen[one.key].source.run_id,
            chosen[one.key].validation_macro_f1,
            one.vectors.shape[1],
            len(one.ids),
            agreement.number,
        )
        for one, agreement in zip(latents, agreements, strict=True)
    ]
    columns = (
        *(Column("chosen as"), Column("model"), Column("run"), Column("validation macro-F1")),
        *(Column("vector", "numbers", 0), Column("tracks", digits=0), Column("output as stored")),
    )
    note = "output as stored: share of tracks for which the output layer, given the vector, says what the run said"
    return Table("Models and their vectors", columns, tuple(rows), note)


def _candidate_table(found: list[Candidate], chosen: Mapping[str, Candidate]) -> Table:
    roles = {id(one): _role(key) for key, one in reversed(list(chosen.items()))}
    rows = [
        (FAMILIES[one.family][0], one.source.part, one.section, one.validation_macro_f1, roles.get(id(one), ""))
        for one in found
    ]
    columns = (Column("step"), Column("part"), Column("section"), Column("validation macro-F1"), Column("chosen as"))
    note = "the test set has no say in the choice"
    return Table("Trained models of the session", columns, tuple(rows), note)


def _trained(found: Iterable[Candidate]) -> list[tuple[str, Mapping[str, ParameterValue]]]:
    """Return the part and the settings of each model, in the order of the lab."""
    return sorted(((one.source.part, one.source.settings) for one in found), key=lambda pair: pair[0])


def _file_table(latents: list[Latent]) -> Table:
    rows = [(f"{store.FOLDER}/{store.PROJECTOR_FILE}", "how TensorBoard's projector finds the rest")]
    for one in latents:
        place = f"{store.FOLDER}/{one.key}"
        size = " × ".join(map(str, one.vectors.shape))
        rows += [
            (f"{place}/{store.VECTORS_FILE}", f"vectors of {one.title}, {size}, float32"),
            (f"{place}/{store.LABELS_FILE}", "track id, class, predicted class"),
            (f"{place}/{store.TENSORS_FILE}", "the vectors as text"),
            (f"{place}/{store.METADATA_FILE}", "their labels as text"),
        ]
    note = "in the run's folder; tensorboard --logdir FOLDER/latent opens them, and so does any projector of TSV files"
    return Table("Files", (Column("file"), Column("what")), tuple(rows), note)


def _role(key: str) -> str:
    return "worst of 5" if key == WORST else f"best of {FAMILIES[key][0]}"


def _extraction_text(chosen: Mapping[str, Candidate]) -> str:
    lacking = [step for key, (step, _, _) in FAMILIES.items() if key not in chosen]
    text = (
        "The best and the worst model are chosen by macro-F1 on the validation part. A vector is what the output layer "
        "is given for a whole clip in evaluation mode."
    )
    if lacking:
        text += f" No trained model of step {' and '.join(lacking)} is there, so the comparison goes on without it."
    if WORST not in chosen:
        text += " Step 5 has fewer than two trained models, so there is no worst one."
    return text


def show_pca(context: Context) -> Result:
    """11β: PCA of each best model's vectors in 2D and 3D, and how well the classes separate."""
    latents, source = read_latents(context)
    spaces = _spaces(context, [one for key, one in latents.items() if key != WORST])
    ranked = _ranked(context, spaces)
    values, figures = _values(context, spaces), _figures(spaces)
    if len(spaces) > 1:
        flat = [pca_scatter(space, 2) for space in spaces.values()]
        figures = {"planes": panels("PCA in 2D, model by model", flat, 3), **figures}
    tables = {**_separation_tables(context, ranked), "planes": _plane_table(context, ranked)}
    if len(spaces) > 1:
        tables |= difference_tables(context, ranked, combinations(ranked, 2), "Pairs of models")
    return Result(values, tables, figures, f"{_verdict(context, ranked)}\n{_from(source)}")


def show_worst(context: Context) -> Result:
    """11γ: the same for the worst model of step 5, and how far the others are from it."""
    latents, source = read_latents(context)
    if WORST not in latents:
        raise PrerequisiteError("11α found fewer than two trained models of step 5; train another kind of features.")
    spaces = _spaces(context, list(latents.values()))
    worst = spaces[WORST]
    others = {key: space for key, space in spaces.items() if key != WORST}
    only = {WORST: worst}
    values = _values(context, only)
    k, resamples = int(context.params["neighbours"]), int(context.params["resamples"])
    for key, space in others.items():
        values[f"{key}_less_worst/knn_accuracy"] = knn_difference(space, worst, k, resamples, context.seed)
        values[f"{key}_less_worst/silhouette"] = silhouette_difference(space, worst, resamples, context.seed)
    pairs = [(key, WORST) for key in others]
    everything = {**only, **others}
    flat = [pca_scatter(space, 2) for space in everything.values()]
    return Result(
        values,
        {
            **_separation_tables(context, _ranked(context, everything)),
            "planes": _plane_table(context, everything),
            **difference_tables(context, spaces, pairs, "Each best model less the worst of step 5"),
        },
        {"planes": panels("PCA in 2D, the worst model of step 5 first", flat, 2), **_figures(only)},
        f"{_worst_text(values, worst, others)}\n{_from(source)}",
    )


def _spaces(context: Context, latents: list[Latent]) -> dict[str, Space]:
    return {one.key: space_of(one, str(context.params["scaling"])) for one in latents}


def _ranked(context: Context, spaces: Mapping[str, Space]) -> dict[str, Space]:
    """Return the spaces, the one whose classes are told apart best first: by k-NN accuracy, then by silhouette."""
    k = int(context.params["neighbours"])

    def rank(item: tuple[str, Space]) -> tuple[float, float]:
        scores = separation(item[1].apart, item[1].latent.codes, k)
        means = (_mean(scores["knn_accuracy"]), _mean(scores["silhouette"]))
        return -means[0], -means[1]

    return dict(sorted(spaces.items(), key=rank))


def _mean(scores: np.ndarray) -> float:
    known = scores[~np.isnan(scores)]
    return float(known.mean()) if len(known) else -np.inf


def _values(context: Context, spaces: Mapping[str, Space]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    k = int(context.params["neighbours"])
    for key, space in spaces.items():
        counts = projections.draws(len(space.points), int(context.params["resamples"]), context.seed)
        scores = separation(space.apart, space.latent.codes, k)
        values |= {f"{key}/{name}": value_of(scores, name, counts, k) for name in scores}
        for dimensions in DIMENSIONS:
            coordinates, parts = pca(space, dimensions)
            reason = "all vectors are the same"
            values[f"{key}/explained_{dimensions}d"] = Value(float(parts.sum()), reason=reason)
            mapped = separation(projections.distances(coordinates), space.latent.codes, k)
            values[f"{key}/knn_accuracy_{dimensions}d"] = value_of(mapped, "knn_accuracy", counts, k)
    return values


def _separation_tables(context: Context, ranked: Mapping[str, Space]) -> dict[str, Table]:
    k = int(context.params["neighbours"])
    votes, silhouettes = [], []
    for rank, space in enumerate(ranked.values(), 1):
        latent = space.latent
        counts = projections.draws(len(space.points), int(context.params["resamples"]), context.seed)
        scores = separation(space.apart, latent.codes, k)
        voted, inside = (value_of(scores, name, counts, k) for name in ("knn_accuracy", "silhouette"))
        own = float((latent.predicted == latent.codes).mean())
        majority = float(np.bincount(latent.codes).max() / len(latent.codes))
        votes.append((rank, latent.title, *cells(voted), own, majority))
        silhouettes.append((latent.title, *cells(inside)))
    return {
        "separation": Table(
            "How well the classes separate, best first",
            (
                *(Column("rank", digits=0), Column("model"), *scored_columns(f"{k}-NN accuracy")),
                *(Column("output layer"), Column("largest class")),
            ),
            tuple(votes),
            f"{KNN_RULE}; output layer: accuracy of the model itself; largest class: what a vote for it alone would "
            "get; from, to: 95 % intervals",
        ),
        "silhouettes": Table(
            "Silhouettes in the whole space, in the same order",
            (Column("model"), *scored_columns("silhouette")),
            tuple(silhouettes),
            f"{SILHOUETTE_RULE}; from, to: 95 % intervals",
        ),
    }


def _plane_table(context: Context, spaces: Mapping[str, Space]) -> Table:
    k = int(context.params["neighbours"])
    rows = []
    for space in spaces.values():
        counts = projections.draws(len(space.points), int(context.params["resamples"]), context.seed)
        for dimensions in DIMENSIONS:
            coordinates, parts = pca(space, dimensions)
            scores = separation(projections.distances(coordinates), space.latent.codes, k)
            found = [value_of(scores, name, counts, k) for name in ("knn_accuracy", "silhouette")]
            variance = numbers([parts.sum()])[0]
            rows.append((space.latent.title, dimensions, variance, *cells(found[0]), found[1].number))
    columns = (
        *(Column("model"), Column("axes", digits=0), Column("variance")),
        *(*scored_columns(f"{k}-NN accuracy"), Column("silhouette")),
    )
    return Table(
        "The same in the plane and in the space of PCA",
        columns,
        tuple(rows),
        "variance: part of it that these axes explain",
    )


def _figures(spaces: Mapping[str, Space]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {
        f"{key}_{dimensions}d": pca_scatter(space, dimensions)
        for key, space in spaces.items()
        for dimensions in DIMENSIONS
    }
    series = []
    for space in spaces.values():
        parts = projections.explained(space.points)[1][:AXES_SHOWN]
        series.append(Series(space.latent.title, numbers(range(1, len(parts) + 1)), numbers(parts.cumsum())))
    axes = (Axis("principal axes"), Axis("part of the variance"))
    figures["variance"] = Curve("Variance explained by the first axes", *axes, tuple(series))
    return figures


def _verdict(context: Context, ranked: Mapping[str, Space]) -> str:
    k, resamples = int(context.params["neighbours"]), int(context.params["resamples"])
    spaces = list(ranked.values())
    first = spaces[0]
    counts = projections.draws(len(first.points), resamples, context.seed)
    value = value_of(separation(first.apart, first.latent.codes, k), "knn_accuracy", counts, k)
    if value.number is None:
        return f"Which model separates best cannot be said: {value.reason}."
    text = (
        f"By k-NN accuracy {first.latent.title} separates the classes best: {value.number:.3f} "
        f"[{value.low:.3f} {value.high:.3f}] with {k} neighbours in its whole space."
    )
    if len(spaces) > 1:
        found = knn_difference(first, spaces[1], k, resamples, context.seed)
        text += f" {_against(found, spaces[1].latent.title)}"
        inside = max(spaces, key=lambda one: _mean(projections.silhouettes(one.apart, one.latent.codes)))
        text += f" By silhouette it is {'the same' if inside is first else inside.latent.title}."
    alone = _alone(first.latent)
    if alone:
        text += f" {alone}: one track only, so no silhouette, and no neighbour that could vote for it."
    return text


def _against(found: Value, title: str) -> str:
    if found.number is None or found.low is None or found.high is None:
        return f"Against {title}: {found.reason}."
    sure = "the interval leaves out 0" if found.low > 0 or found.high < 0 else "which could be chance"
    return f"Against {title} it is {found.number:+.3f} [{found.low:+.3f} {found.high:+.3f}], {sure}."


def _alone(latent: Latent) -> str:
    counts = np.bincount(latent.codes, minlength=len(latent.classes))
    return ", ".join(name for name, count in zip(latent.classes, counts, strict=True) if count == 1)


def _worst_text(values: Mapping[str, Value], worst: Space, others: Mapping[str, Space]) -> str:
    lines = [f"The worst model of step 5 on the validation part is {worst.latent.title}."]
    for key, space in others.items():
        accuracy, silhouette = (values[f"{key}_less_worst/{name}"] for name in ("knn_accuracy", "silhouette"))
        lines.append(
            f"{space.latent.title} less it: k-NN accuracy {_signed(accuracy)}, silhouette {_signed(silhouette)}."
        )
    return "\n".join(lines)


def _signed(value: Value) -> str:
    if value.number is None:
        return f"undefined ({value.reason})"
    return f"{value.number:+.3f} [{value.low:+.3f} {value.high:+.3f}]"


def _from(source: EarlierRun) -> str:
    return f"From the vectors that 11α stored (run {source.run_id}).{sentence(told_by(source.result))}"
