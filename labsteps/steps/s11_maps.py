"""Step 11δ: t-SNE and UMAP beside PCA, in 2D and 3D, and which of them shows a model's space best, by number."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from labsteps.context import Context
from labsteps.errors import LabError, ParameterError, StopRequestedError
from labsteps.evaluation import maps, projections
from labsteps.evaluation.projections import draws, mean_value
from labsteps.features import numba_cache
from labsteps.other_settings import sentence, told_by
from labsteps.results import Column, Figure, Result, Scatter, Table, Value
from labsteps.steps.latent import read_latents
from labsteps.steps.separation import (
    DIMENSIONS,
    KNN_RULE,
    SILHOUETTE_RULE,
    Space,
    cells,
    panels,
    pca,
    scatter,
    scored_columns,
    separation,
    space_of,
    value_of,
)

PCA, TSNE, UMAP = "PCA", "t-SNE", "UMAP"
SCORES = ("trustworthiness", "continuity", "knn_accuracy", "silhouette")
FAITHFUL_RULE = (
    "faithful: mean of trustworthiness (neighbours on the map are neighbours in the space) and continuity (neighbours "
    "in the space stay neighbours on the map), 1 at best"
)
_MOST_SETTINGS = 8


@dataclass(frozen=True, slots=True)
class Method:
    """A way to make a map, with its setting.

    Attributes
    ----------
    name
        `PCA`, `TSNE` or `UMAP`.
    setting
        Perplexity or neighbours; 0 for PCA, which has none.
    """

    name: str
    setting: float = 0.0

    @property
    def title(self) -> str:
        """Name and setting, as tables and pictures write them."""
        what = {TSNE: "perplexity", UMAP: "neighbours"}.get(self.name, "")
        return f"{self.name}, {what} {self.setting:g}" if what else self.name

    @property
    def slug(self) -> str:
        """The title as it can stand in a file name."""
        return f"{self.name.lower().replace('-', '')}-{self.setting:g}"

    def why_not(self, points: np.ndarray) -> str:
        """Return why it makes no map of these points; empty where it does."""
        if self.name == TSNE:
            return maps.why_no_tsne(points, self.setting)
        return maps.why_no_umap(points, int(self.setting)) if self.name == UMAP else ""


@dataclass(frozen=True, eq=False)
class Mapped:
    """A map with the scores of each of its tracks.

    Attributes
    ----------
    coordinates : np.ndarray [shape=(N, dimensions)]
        None where there is no map.
    scores
        Name → one number a track, by the names of `SCORES`, and ``faithful``.
    reason
        Why there is no map.
    """

    space: Space
    method: Method
    dimensions: int
    coordinates: np.ndarray | None
    scores: Mapping[str, np.ndarray]
    reason: str = ""


def compare_methods(context: Context) -> Result:
    """11δ: every method and setting on every model's vectors, scored and ranked."""
    methods = [Method(PCA)]
    methods += [Method(TSNE, setting) for setting in settings_of(context, "perplexities", whole=False)]
    methods += [Method(UMAP, setting) for setting in settings_of(context, "umap_neighbours", whole=True)]
    latents, source = read_latents(context)
    spaces = [space_of(one, str(context.params["scaling"])) for one in latents.values()]
    found = _all_maps(context, spaces, methods)
    rankings = {d: _ranking([one for one in found if one.dimensions == d], methods) for d in DIMENSIONS}
    tables: dict[str, Table] = {}
    for dimensions, ranking in rankings.items():
        tables |= _method_tables(context, ranking, dimensions)
    for space in spaces:
        tables |= _map_tables(context, space, found)
    return Result(
        values=_values(context, rankings[2]),
        tables=tables,
        figures=_figures(spaces, found, rankings[2]),
        text=f"{_verdict(context, rankings)}\nFrom the vectors that 11α stored (run {source.run_id})."
        + sentence(told_by(source.result)),
    )


def settings_of(context: Context, name: str, *, whole: bool) -> list[float]:
    """Return the numbers that a parameter lists, smallest first; none where it is empty.

    Raises
    ------
    ParameterError
        If it holds anything but a few numbers of at least 2.
    """
    text = str(context.params[name])
    try:
        found = sorted({float(part) for part in text.replace(",", " ").split()})
    except ValueError:
        found = [-1.0]
    if any(not 2 <= v <= 10_000 or (whole and v != int(v)) for v in found) or len(found) > _MOST_SETTINGS:
        kind = "whole numbers" if whole else "numbers"
        raise ParameterError(
            f"{name} cannot be {text!r}: it takes up to {_MOST_SETTINGS} {kind} from 2 to 10000 with commas between, "
            "such as 5, 30, 50, or nothing to leave the method out."
        )
    return found


def _all_maps(context: Context, spaces: list[Space], methods: list[Method]) -> list[Mapped]:
    """Make every map, or read it where an interrupted run has made it already."""
    total = len(spaces) * len(methods) * len(DIMENSIONS)
    found: list[Mapped] = []
    umap = _Umap(context)
    for space in spaces:
        for method in methods:
            for dimensions in DIMENSIONS:
                if context.stop_requested():
                    raise StopRequestedError
                text = f"{method.title} in {dimensions}D, {space.latent.title}"
                context.emit("phase", text=text, done=len(found), total=total)
                found.append(_one_map(context, space, method, dimensions, umap))
    return found


def _one_map(context: Context, space: Space, method: Method, dimensions: int, umap: _Umap) -> Mapped:
    reason = method.why_not(space.points)
    if reason:
        return Mapped(space, method, dimensions, None, {}, reason)
    path = context.artifact(f"maps/{space.latent.key}_{method.slug}_{dimensions}d.npy")
    coordinates = _kept(context, path, (len(space.points), dimensions))
    if coordinates is None:
        if method.name == PCA:
            coordinates = pca(space, dimensions)[0]
        elif method.name == TSNE:
            coordinates = maps.tsne(space.points, dimensions, method.setting, context.seed)
        else:
            coordinates = umap.map(space.points, dimensions, int(method.setting))
        buffer = io.BytesIO()
        np.save(buffer, coordinates, allow_pickle=False)
        context.write_artifact(f"maps/{path.name}", buffer.getvalue())
    return Mapped(space, method, dimensions, coordinates, _scores(context, space, coordinates))


class _Umap:
    """UMAP, made ready when it is first needed: its code is compiled once a machine, and a part of it once a run."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ready = False

    def map(self, points: np.ndarray, dimensions: int, neighbours: int) -> np.ndarray:
        """Return a map."""
        if not self._ready:
            prepare_umap(self._context)
            self._context.emit("phase", text="UMAP compiles what it cannot store, about 10 s a run", done=0, total=1)
            self._ready = True
        return maps.umap(points, dimensions, neighbours, self._context.seed)


def prepare_umap(context: Context) -> None:
    """Point numba at a compiled copy of UMAP's code; one process makes it, and the others wait for it.

    Raises
    ------
    LabError
        If UMAP does not run on this machine.
    """

    def build(folder: Path) -> None:
        context.emit("phase", text="compiling UMAP for this machine, 20 to 60 s, once", done=0, total=1)
        problem = numba_cache.fill(folder, "labsteps.evaluation.maps")
        if problem:
            raise LabError(f"umap-learn does not run on this machine: {problem}")

    key = numba_cache.cache_key("umap-learn", ("umap", "pynndescent"))
    numba_cache.use(context.cache.folder(f"numba-umap@{key}", build))


def _kept(context: Context, path: Path, shape: tuple[int, int]) -> np.ndarray | None:
    if not path.exists():
        return None
    try:
        kept = np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError):
        kept = np.empty(0)
    if kept.shape == shape and np.isfinite(kept).all():
        return np.asarray(kept)
    context.emit("warning", text=f"{path} is damaged; this map is made again.")
    return None


def _scores(context: Context, space: Space, coordinates: np.ndarray) -> dict[str, np.ndarray]:
    k = int(context.params["neighbours"])
    mapped = projections.distances(coordinates)
    scores = separation(mapped, space.latent.codes, k)
    if projections.why_no_neighbourhood(len(mapped), k):
        trust = continuity = np.full(len(mapped), np.nan)
    else:
        trust, continuity = projections.trust_and_continuity(space.apart, mapped, k)
    return {**scores, "trustworthiness": trust, "continuity": continuity, "faithful": (trust + continuity) / 2}


@dataclass(frozen=True, eq=False)
class Ranked:
    """A method and setting over all models: the mean score of each track.

    Attributes
    ----------
    scores
        Name → mean over the models, one number a track; empty where a model has no map.
    less_pca : np.ndarray [shape=(N,)]
        Faithfulness less that of PCA.
    """

    method: Method
    scores: Mapping[str, np.ndarray]
    less_pca: np.ndarray
    reason: str = ""


def _ranking(found: list[Mapped], methods: list[Method]) -> list[Ranked]:
    """Return the methods, the most faithful first; those that make no map of some model last."""
    # All models heard the same tracks, though not in the same order where frames and beats have indices of their own.
    shared = _shared_tracks(found)
    ranked: list[Ranked] = []
    for method in methods:
        own = [one for one in found if one.method == method]
        reason = next((one.reason for one in own if one.reason), "")
        if reason:
            ranked.append(Ranked(method, {}, np.empty(0), reason))
            continue
        names = (*SCORES, "faithful")
        scores = {name: np.mean([_in_order(one, name, shared) for one in own], axis=0) for name in names}
        base = ranked[0].scores if ranked else scores
        ranked.append(Ranked(method, scores, scores["faithful"] - base["faithful"]))

    def mean(one: Ranked) -> float:
        if one.reason or np.isnan(one.scores["faithful"]).all():
            return -np.inf
        return float(np.nanmean(one.scores["faithful"]))

    return sorted(ranked, key=lambda one: -mean(one))


def _shared_tracks(found: list[Mapped]) -> np.ndarray:
    shared = found[0].space.latent.ids
    for one in found[1:]:
        shared = np.intersect1d(shared, one.space.latent.ids)
    return np.sort(shared)


def _in_order(one: Mapped, name: str, tracks: np.ndarray) -> np.ndarray:
    order = np.argsort(one.space.latent.ids)
    places = order[np.searchsorted(one.space.latent.ids, tracks, sorter=order)]
    return one.scores[name][places]


def _value(context: Context, one: Ranked, name: str) -> Value:
    if one.reason:
        return Value(None, reason=one.reason)
    scores = one.less_pca if name == "less_pca" else one.scores[name]
    counts = draws(len(scores), int(context.params["resamples"]), context.seed)
    if name == "less_pca":
        return mean_value(scores, counts, "undefined for one of the two")
    return value_of({name: scores}, name, counts, int(context.params["neighbours"]))


def _values(context: Context, ranking: list[Ranked]) -> dict[str, Value]:
    """Return the scores of each method in 2D at the setting that is most faithful."""
    values: dict[str, Value] = {}
    for name, key in ((PCA, "pca"), (TSNE, "tsne"), (UMAP, "umap")):
        own = [one for one in ranking if one.method.name == name]
        if own:
            values |= {f"{key}/{score}": _value(context, own[0], score) for score in ("faithful", *SCORES)}
            values[f"{key}/setting"] = Value(own[0].method.setting or None, reason="PCA has no setting")
            values[f"{key}/less_pca"] = _value(context, own[0], "less_pca")
    del values["pca/setting"], values["pca/less_pca"]
    return values


def _method_tables(context: Context, ranking: list[Ranked], dimensions: int) -> dict[str, Table]:
    rows, less = [], []
    for rank, one in enumerate(ranking, 1):
        others = [_value(context, one, name).number for name in SCORES]
        rows.append((rank, one.method.title, *cells(_value(context, one, "faithful")), *others))
        if one.method.name != PCA:
            less.append((one.method.title, *cells(_value(context, one, "less_pca"))))
    columns = (
        *(Column("rank", digits=0), Column("method"), *scored_columns("faithful")),
        *(Column("trust"), Column("continuity"), Column("k-NN"), Column("silhouette")),
    )
    reasons = dict.fromkeys(f"{one.method.title}: {one.reason}" for one in ranking if one.reason)
    note = "; ".join([FAITHFUL_RULE, "means over the models", *reasons])
    found = {f"methods_{dimensions}d": Table(f"Methods in {dimensions}D", columns, tuple(rows), note)}
    if less:
        found[f"less_pca_{dimensions}d"] = Table(
            f"Faithfulness in {dimensions}D less that of PCA",
            (Column("method"), *scored_columns("difference")),
            tuple(less),
            "on the same tracks, with its 95 % interval",
        )
    return found


def _map_tables(context: Context, space: Space, found: list[Mapped]) -> dict[str, Table]:
    """Return what is measured of each map of a model: how faithful it is, and how it parts the classes."""
    k = int(context.params["neighbours"])
    counts = draws(len(space.points), int(context.params["resamples"]), context.seed)
    own = [one for one in found if one.space is space]
    reasons = dict.fromkeys(f"{one.method.title}: {one.reason}" for one in own if one.reason)

    def table(title: str, names: tuple[str, str], headings: tuple[str, str], rule: str) -> Table:
        rows = []
        for one in own:
            values = [
                Value(None, reason=one.reason) if one.reason else value_of(one.scores, name, counts, k)
                for name in names
            ]
            rows.append((one.method.title, one.dimensions, *(x for value in values for x in cells(value))))
        columns = (Column("method"), Column("axes", digits=0), *scored_columns(*headings))
        return Table(f"{title} {space.latent.title}", columns, tuple(rows), "; ".join([rule, *reasons]))

    faithful, parting = SCORES[:2], SCORES[2:]
    return {
        f"maps_{space.latent.key}": table("Maps of", faithful, ("trust", "continuity"), FAITHFUL_RULE),
        f"classes_{space.latent.key}": table(
            "Classes on the maps of", parting, ("k-NN", "silhouette"), f"{KNN_RULE}; {SILHOUETTE_RULE}"
        ),
    }


def _figures(spaces: list[Space], found: list[Mapped], ranking: list[Ranked]) -> dict[str, Figure]:
    """Return each model's maps by the best method at full size, then all settings side by side."""
    best = next((one.method for one in ranking if not one.reason), None)
    single: dict[str, Figure] = {}
    several: dict[str, Figure] = {}
    for space in spaces:
        key = space.latent.key
        for dimensions in DIMENSIONS:
            own = [one for one in found if one.space is space and one.dimensions == dimensions]
            drawn = {one.method: _scatter(one, one.coordinates) for one in own if one.coordinates is not None}
            if best in drawn:
                title = f"{space.latent.title}: {best.title} in {dimensions}D"
                single[f"{key}_{dimensions}d"] = _retitled(drawn[best], title)
            heading = f"{space.latent.title}: methods and settings in {dimensions}D"
            several[f"{key}_settings_{dimensions}d"] = panels(heading, list(drawn.values()), 3)
    return {**single, **several}


def _scatter(one: Mapped, coordinates: np.ndarray) -> Scatter:
    names = [f"{'PC' if one.method.name == PCA else one.method.name} {axis + 1}" for axis in range(one.dimensions)]
    return scatter(one.space.latent, coordinates, one.method.title, names)


def _retitled(figure: Scatter, title: str) -> Scatter:
    return replace(figure, title=title)


def _verdict(context: Context, rankings: Mapping[int, list[Ranked]]) -> str:
    lines = []
    for dimensions, ranking in rankings.items():
        best = ranking[0]
        value = _value(context, best, "faithful")
        if value.number is None:
            lines.append(f"In {dimensions}D which method works best cannot be said: {value.reason}.")
            continue
        line = (
            f"In {dimensions}D {best.method.title} is the most faithful over the models: {value.number:.3f} "
            f"[{value.low:.3f} {value.high:.3f}]"
        )
        if best.method.name != PCA:
            less = _value(context, best, "less_pca")
            line += f", {less.number:+.3f} [{less.low:+.3f} {less.high:+.3f}] against PCA"
        apart = max((one for one in ranking if not one.reason), key=_by(context, "knn_accuracy"))
        line += f"; classes are told apart best on the map of {apart.method.title}"
        voted = _value(context, apart, "knn_accuracy")
        lines.append(line + (f" (k-NN accuracy {voted.number:.3f})." if voted.number is not None else "."))
    lines.append(
        "The best of several settings was found with the very tracks that score it, so its lead is a little too large."
    )
    return "\n".join(lines)


def _by(context: Context, name: str) -> Callable[[Ranked], float]:
    def number(one: Ranked) -> float:
        found = _value(context, one, name).number
        return -np.inf if found is None else found

    return number
