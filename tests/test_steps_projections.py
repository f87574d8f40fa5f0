"""Step 11: the vectors are those of the models that validate best, and every score of a map can be redone."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from data_sets import SimpleCache, make_genre_set
from lab_bench import Bench, Inside
from safetensors.numpy import load_file

from labsteps.catalogue import catalogue
from labsteps.context import EarlierRun
from labsteps.errors import DataError, ParameterError, PrerequisiteError, StopRequestedError
from labsteps.models.saved import load_model
from labsteps.results import Panels, Result, Scatter
from labsteps.steps import s11_maps
from labsteps.steps.latent import candidates, choose, read_latents
from labsteps.steps.s11_maps import settings_of

MAPS = {"perplexities": "3, 4, 30", "umap_neighbours": "", "neighbours": 3}
TRAINED = ("5γ", "5ε", "7.1β", "7.1ε")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A session with trained models and their vectors."""
    counts = {"Metal": 10, "Blues": 8, "Jazz": 8, "Folk": 8}
    root = make_genre_set(tmp_path_factory.mktemp("data"), counts, test_per_class=5, multitask=False)
    made = Bench(tmp_path_factory.mktemp("session"), root, SimpleCache(tmp_path_factory.mktemp("cache")))
    for part in (*TRAINED, "11α"):
        made.run(part)
    return made


@pytest.fixture
def again(session: Bench, tmp_path: Path) -> Bench:
    """The same session, whose further runs are its own."""
    made = Bench(tmp_path, session.data_root, session.cache)
    made.runs = dict(session.runs)
    return made


def inside(session: Bench, part: str, folder: Path, **changes: Any) -> Inside:
    known = catalogue().parts[part]
    return Inside(session, folder, part, 1, known.settings(changes))


def cells(result: Result, table: str, column: str) -> list[Any]:
    found = result.tables[table]
    place = [one.name for one in found.columns].index(column)
    return [row[place] for row in found.rows]


# The vectors


def test_the_best_model_of_each_step_and_the_worst_of_step_5_are_chosen_by_validation(session: Bench) -> None:
    found = candidates(inside(session, "11α", session.folder / "look"))
    scores = [one.validation_macro_f1 for one in found]
    assert scores == sorted(scores, reverse=True)
    assert sorted((one.source.part, one.section) for one in found) == [
        ("5γ", ""),
        ("5ε", "beat"),
        ("5ε", "raw"),
        ("7.1β", ""),
    ]
    chosen = choose(found)
    of_5 = [one for one in found if one.family == "lstm"]
    assert list(chosen) == ["lstm", "cnn", "worst_lstm"]
    assert (chosen["lstm"], chosen["worst_lstm"]) == (of_5[0], of_5[-1])
    result = session.runs["11α"].result
    assert "No trained model of step 7.2" in result.text
    assert result.values["lstm/validation_macro_f1"].number == of_5[0].validation_macro_f1


def test_one_model_of_step_5_is_the_best_and_not_the_worst_too(session: Bench) -> None:
    found = [one for one in candidates(inside(session, "11α", session.folder / "look")) if one.source.part != "5ε"]
    assert list(choose(found)) == ["lstm", "cnn"]


def test_a_vector_is_what_the_output_layer_is_given_for_the_whole_clip(session: Bench) -> None:
    latents, source = read_latents(inside(session, "11β", session.folder / "look"))
    cnn = latents["cnn"]
    model, _ = load_model(session.runs["7.1β"].folder / "checkpoints" / "best")
    clip = np.load(session.data_root / "fma_genre_spectrograms" / "test" / f"{cnn.ids[3]}.fused.full.npy")
    frames = torch.from_numpy(clip[:128].T.astype(np.float32))[None]
    with torch.no_grad():
        vector = model.backbone(frames, torch.tensor([frames.shape[1]]))[0].numpy()
    assert cnn.vectors[3] == pytest.approx(vector, abs=1e-4)
    assert all(source.result.values[f"{key}/agreement"].number == 1.0 for key in latents)
    with (session.runs["7.1ε"].folder / "test_outputs.csv").open() as file:
        told = list(csv.DictReader(file))
    assert cnn.ids.tolist() == [int(row["id"]) for row in told]
    assert list(cnn.said) == [row["predicted"] for row in told] and list(cnn.labels) == [row["true"] for row in told]


def test_the_files_open_elsewhere(session: Bench) -> None:
    folder = session.runs["11α"].folder / "latent"
    vectors = load_file(folder / "lstm" / "vectors.safetensors")["vectors"]
    rows = [line.split("\t") for line in (folder / "lstm" / "tensors.tsv").read_text().splitlines()]
    assert np.array(rows, np.float32) == pytest.approx(vectors, rel=1e-5)
    labels = [line.split("\t") for line in (folder / "lstm" / "metadata.tsv").read_text().splitlines()]
    assert labels[0] == ["id", "class", "predicted"] and len(labels) == len(vectors) + 1
    assert (folder / "lstm" / "labels.csv").read_text().splitlines()[1] == ",".join(labels[1])
    config = (folder / "projector_config.pbtxt").read_text()
    paths = re.findall(r'_path: "(.*)"', config)
    assert len(paths) == 6 and all((folder / path).is_file() for path in paths)
    files = cells(session.runs["11α"].result, "files", "file")
    assert all((folder.parent / file).is_file() for file in files) and len(files) == 13


def test_damaged_vectors_are_named_with_the_way_out(again: Bench, tmp_path: Path) -> None:
    source = again.runs["11α"]
    copy = tmp_path / "copy"
    for file in ("latent/models.json", "latent/lstm/labels.csv", "latent/lstm/vectors.safetensors"):
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        (copy / file).write_bytes((source.folder / file).read_bytes())
    (copy / "latent/lstm/vectors.safetensors").write_bytes(b"short")
    again.runs["11α"] = EarlierRun("copy", "11α", {}, 1, source.result, copy)
    with pytest.raises(DataError, match=r"latent/lstm cannot be read.*Run 11α again"):
        again.run("11β")


def test_without_vectors_or_models_it_says_what_to_run(again: Bench) -> None:
    again.runs = {}
    with pytest.raises(PrerequisiteError, match="11α has no finished run"):
        again.run("11β")
    with pytest.raises(PrerequisiteError, match=r"run 6α, 7\.1ε or 7\.2β first"):
        again.run("11α")


# PCA


def test_models_are_ranked_by_their_neighbours_vote(again: Bench) -> None:
    result = again.run("11β", neighbours=3)
    ranked = cells(result, "separation", "3-NN accuracy")
    assert ranked == sorted(ranked, reverse=True) and cells(result, "separation", "rank") == [1, 2]
    first = cells(result, "separation", "model")[0]
    assert f"By k-NN accuracy {first} separates the classes best" in result.text
    assert cells(result, "separation", "largest class") == [0.25, 0.25]
    assert not any(name.startswith("worst") for name in result.values)
    for key in ("lstm", "cnn"):
        value = result.values[f"{key}/knn_accuracy"]
        assert value.low <= value.number <= value.high
        assert result.values[f"{key}/explained_2d"].number < result.values[f"{key}/explained_3d"].number <= 1.0


def test_figures_hold_every_track_with_its_class_and_what_the_model_says(again: Bench) -> None:
    result = again.run("11β")
    latents, _ = read_latents(inside(again, "11β", again.folder / "look"))
    flat, solid, side = (result.figures[name] for name in ("cnn_2d", "cnn_3d", "planes"))
    assert isinstance(flat, Scatter) and isinstance(solid, Scatter) and isinstance(side, Panels)
    assert not flat.solid and solid.solid and len(solid.z) == 20
    assert flat.labels == latents["cnn"].labels and flat.ids == tuple(map(str, latents["cnn"].ids))
    assert flat.notes[0] == f"{latents['cnn'].title} says {latents['cnn'].said[0]}"
    assert side.panels[1] == flat
    assert solid.x == pytest.approx(flat.x, rel=1e-3)


def test_scaling_changes_what_near_means(again: Bench) -> None:
    scaled, plain = again.run("11β"), again.run("11β", scaling="as they are")
    names = ("cnn/explained_2d", "cnn/silhouette")
    assert [scaled.values[name].number for name in names] != [plain.values[name].number for name in names]


def test_the_worst_model_is_held_against_each_best_one(again: Bench) -> None:
    result = again.run("11γ", neighbours=3)
    best, worst = result.values["lstm_less_worst/knn_accuracy"], result.values["worst_lstm/knn_accuracy"]
    own = again.run("11β", neighbours=3).values["lstm/knn_accuracy"]
    assert best.number == pytest.approx(own.number - worst.number)
    assert best.low <= best.number <= best.high
    assert len(result.tables["knn_differences"].rows) == 2
    assert isinstance(result.figures["planes"], Panels) and len(result.figures["planes"].panels) == 3


def test_what_the_vectors_models_were_trained_with_is_told_where_it_is_not_the_default(again: Bench) -> None:
    defaults = catalogue().parts["5γ"].defaults()
    for part, run in again.runs.items():
        own = {"epochs": 2} if part == "5γ" else {}
        again.runs[part] = replace(run, parameters={**catalogue().parts[part].defaults(), **own})
    told = "ot trained with the default settings: 5γ (epochs 2)"
    assert defaults["epochs"] != 2
    tables = again.run("11α").tables
    assert all(tables[name].note.endswith(f"; n{told}") for name in ("models", "candidates"))
    for part in ("11α", "11β", "11γ"):
        result = again.runs[part].result if part == "11α" else again.run(part, neighbours=3)
        assert result.text.endswith(f"\nN{told}.") or f".\nN{told}." in result.text


def test_more_neighbours_than_tracks_leave_the_scores_undefined_with_the_reason(again: Bench) -> None:
    for part in ("11β", "11γ"):
        result = again.run(part, neighbours=40)
        undefined = [value for name, value in result.values.items() if "knn" in name]
        assert undefined and all(v.number is None and "40 neighbours need 41 tracks" in v.reason for v in undefined)
    assert "cannot be said: 40 neighbours need 41 tracks" in again.run("11β", neighbours=40).text


# Methods


def test_methods_and_settings_are_ranked_and_what_cannot_be_mapped_says_why(again: Bench) -> None:
    result = again.run("11δ", **MAPS)
    for table in ("methods_2d", "methods_3d"):
        assert cells(result, table, "rank") == [1, 2, 3, 4]
        assert set(cells(result, table, "method")) == {"PCA", *(f"t-SNE, perplexity {p}" for p in (3, 4, 30))}
        faithful = [v for v in cells(result, table, "faithful") if v is not None]
        assert len(faithful) == 3 and faithful == sorted(faithful, reverse=True)
        assert cells(result, table, "method")[-1] == "t-SNE, perplexity 30"
        assert "perplexity 30 needs 91 tracks, there are 20" in result.tables[table].note
    assert result.values["tsne/setting"].number in (3, 4) and "umap/faithful" not in result.values
    trust, continuity = (result.values[f"pca/{name}"].number for name in ("trustworthiness", "continuity"))
    assert result.values["pca/faithful"].number == pytest.approx((trust + continuity) / 2)
    less = result.values["tsne/faithful"].number - result.values["pca/faithful"].number
    assert result.values["tsne/less_pca"].number == pytest.approx(less)
    best = cells(result, "methods_2d", "method")[0]
    assert f"In 2D {best} is the most faithful" in result.text
    assert [panel.title for panel in result.figures["lstm_settings_2d"].panels] == [
        *("PCA", "t-SNE, perplexity 3", "t-SNE, perplexity 4")
    ]


class Stopping(Inside):
    """A context that is asked to stop after so many looks."""

    looks = 5

    def stop_requested(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def test_a_stopped_comparison_goes_on_where_it_was_and_ends_the_same(
    again: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = catalogue().parts["11δ"]
    settings = part.settings({**MAPS, "resamples": 200})
    with pytest.raises(StopRequestedError):
        part.run(Stopping(again, tmp_path / "run", "11δ", 1, settings))
    made = sorted(path.name for path in (tmp_path / "run" / "maps").iterdir())
    assert 3 <= len(made) <= 5
    calls: list[Any] = []
    real = s11_maps.maps.tsne
    monkeypatch.setattr(s11_maps.maps, "tsne", lambda *a, **k: calls.append(a) or real(*a, **k))
    resumed = part.run(Inside(again, tmp_path / "run", "11δ", 1, settings))
    assert len(calls) == 12 - sum("tsne" in name for name in made)
    assert resumed == part.run(Inside(again, tmp_path / "whole", "11δ", 1, settings))


def test_a_damaged_map_is_made_again_and_named(again: Bench, tmp_path: Path) -> None:
    told: list[Mapping[str, Any]] = []

    class Telling(Inside):
        def emit(self, kind: str, **fields: Any) -> None:
            told.append({"kind": kind, **fields})

    part = catalogue().parts["11δ"]
    settings = part.settings({**MAPS, "perplexities": "", "resamples": 200})
    first = part.run(Telling(again, tmp_path / "run", "11δ", 1, settings))
    assert not [event for event in told if event["kind"] == "warning"]
    (tmp_path / "run" / "maps" / "cnn_pca-0_2d.npy").write_bytes(b"\x93NUMPY")
    assert part.run(Telling(again, tmp_path / "run", "11δ", 1, settings)) == first
    assert ["cnn_pca-0_2d.npy is damaged" in event["text"] for event in told if event["kind"] == "warning"] == [True]


@pytest.mark.parametrize("text", ["five", "1", "5; 9", "99999", "2,3,4,5,6,7,8,9,10", "2.5"])
def test_settings_that_are_none_are_refused_with_what_is(again: Bench, text: str) -> None:
    with pytest.raises(ParameterError, match=r"umap_neighbours cannot be .* such as 5, 30, 50"):
        settings_of(inside(again, "11δ", again.folder / "look", umap_neighbours=text), "umap_neighbours", whole=True)


def test_settings_are_sorted_and_may_be_missing(again: Bench) -> None:
    context = inside(again, "11δ", again.folder / "look", perplexities="30, 5.5,5.5", umap_neighbours=" ")
    assert settings_of(context, "perplexities", whole=False) == [5.5, 30.0]
    assert settings_of(context, "umap_neighbours", whole=True) == []
