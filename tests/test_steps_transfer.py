"""Step 9: a backbone is transferred, not one track leaks on the way, and each number can be redone."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from data_sets import AXES, SimpleCache, make_genre_set
from lab_bench import Bench
from runs.run_tools import killed_in, new_run, new_session
from safetensors.torch import load_file
from scipy.stats import spearmanr
from test_steps_emotion import digests

from labsteps.data.folders import DataFolder, index_path
from labsteps.data.index import read_genre_index
from labsteps.errors import DataError, PrerequisiteError
from labsteps.lab.transfer import SOURCES as NAMED
from labsteps.lab.transfer import TRAINED_BY
from labsteps.results import Result
from labsteps.steps.emotion import read_held_out
from labsteps.steps.sources import AUTO, SOURCES

SHARED = (16, 2)
SMALL: dict[str, Any] = {
    "epochs": 6,
    "learning_rate": 0.01,
    "held_out_fraction": 0.25,
    "models": "cnn",
    "cnn_channels": 2,
    "cnn_crop_frames": 32,
    "overfit_batches": 1,
    "overfit_epochs": 2,
    "backbone_rate": 0.5,
}


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("transfer")
    return make_genre_set(root, clips_per_class=12, test_per_class=3, multitask_clips=(48, 6), shared=SHARED)


def new_bench(folder: Path, data_root: Path, factory: pytest.TempPathFactory) -> Bench:
    (folder / "runs").mkdir()
    return Bench(folder / "runs", data_root, SimpleCache(factory.getbasetemp() / "packs-of-step-9"))


@pytest.fixture(scope="module")
def trained(data_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A session in which genre models were trained, and one was transferred and compared."""
    bench = new_bench(tmp_path_factory.mktemp("trained"), data_root, tmp_path_factory)
    for part in ("5δ", "7.1ε", "9β", "9γ", "9δ", "8β", "9ε"):
        bench.run(part, **{**SMALL, **({"source": "cnn"} if part == "9γ" else {})})
    return bench


@pytest.fixture
def bench(trained: Bench, tmp_path: Path) -> Bench:
    """A session that begins where the trained one stands, with folders of its own."""
    return trained.beginning_there(tmp_path / "runs")


def numbers(result: Result, name: str) -> float:
    value = result.values[name].number
    assert value is not None, result.values[name].reason
    return value


def split(folder: Path) -> dict[str, set[int]]:
    return {name: set(ids) for name, ids in json.loads((folder / "split.json").read_text()).items()}


def ids_of(root: Path) -> tuple[set[int], set[int]]:
    """Return the ids of the genre training index and of the unlabelled emotion tracks."""
    index = index_path(root, DataFolder.GENRE_FULL, "train")
    assert index is not None
    unlabelled = {int(path.name.split(".")[0]) for path in (root / DataFolder.MULTITASK_FULL / "test").iterdir()}
    return {row.id for row in read_genre_index(index).rows}, unlabelled


def test_the_catalogue_offers_the_sources_that_the_step_knows() -> None:
    assert (AUTO, *SOURCES) == NAMED
    assert {name: source.part for name, source in SOURCES.items()} == TRAINED_BY


def test_the_models_to_choose_from_are_told_best_on_the_validation_part_first(trained: Bench) -> None:
    result = trained.runs["9β"].result
    rows = result.tables["models"].rows
    scores = {"cnn": trained.runs["7.1ε"], "lstm beat mel": trained.runs["5δ"]}
    assert {row[0] for row in rows} == set(scores)
    assert [row[2] for row in rows] == sorted((row[2] for row in rows), reverse=True)
    for row in rows:
        assert row[2] == numbers(scores[str(row[0])].result, "validation/macro_f1")
        assert row[4] == numbers(scores[str(row[0])].result, "test/macro_f1")
    assert f"takes {rows[0][0]} " in result.text and "ast (7.2β)" in result.text


def test_no_track_that_judges_the_target_task_is_heard_by_the_source_task(trained: Bench, data_root: Path) -> None:
    genre, unlabelled = ids_of(data_root)
    target = split(trained.runs["9δ"].folder / "transferred")
    heard = split(trained.runs["9γ"].folder / "source")
    assert heard["train"] and not heard["train"] & heard["validation"]
    for judging in (target["held_out"], target["validation"], unlabelled):
        assert genre & judging  # the set is made so that there is something to leak
        assert not (heard["train"] | heard["validation"]) & judging
    kept = genre - target["held_out"] - target["validation"] - unlabelled
    assert heard["train"] | heard["validation"] == kept
    assert kept & target["train"]  # what only trains is not lost
    values = trained.runs["9γ"].result.values
    assert values["left_out/held_out"].number == len(genre & target["held_out"])
    assert values["left_out/validation"].number == len(genre & target["validation"])
    assert values["left_out/unlabelled"].number == len(genre & unlabelled) == SHARED[1]
    assert values["left_out"].number == len(genre) - len(kept)
    assert values["shared"].number == sum(SHARED) + 1  # and the one of the test index
    table = {row[0]: row[1:] for row in trained.runs["9γ"].result.tables["shared"].rows}
    assert table["training"] == (len(target["train"]), len(genre & target["train"]), 0, 0)


def test_another_seed_validates_on_other_tracks_and_the_leak_is_refused(bench: Bench) -> None:
    with pytest.raises(DataError, match=r"9γ .*has heard \d+ of the tracks .*Run 9γ again"):
        bench.run("9δ", seed=2, **SMALL)
    with pytest.raises(DataError, match="has heard"):
        bench.run("9δ", **{**SMALL, "held_out_seed": 5})
    bench.run("9γ", seed=2, **{**SMALL, "source": "cnn", "epochs": 1})
    bench.run("9δ", seed=2, **{**SMALL, "epochs": 1})


def test_the_source_keeps_the_settings_of_its_part_and_the_epoch_that_its_metric_chose(bench: Bench) -> None:
    for monitor, sign in (("macro_f1", 1), ("accuracy", 1), ("loss", -1)):
        result = bench.run("9γ", **{**SMALL, "source": "cnn", "source_monitor": monitor, "epochs": 4})
        state = json.loads((bench.runs["9γ"].folder / "source" / "training.json").read_text())
        scores = [sign * row[f"validation_{monitor}"] for row in state["history"]]
        assert len(scores) == 4 and state["best_epoch"] == 1 + scores.index(max(scores))
        assert result.values["best_epoch"].number == state["best_epoch"]
    model = json.loads((bench.runs["9γ"].folder / "source" / "checkpoints" / "best" / "model.json").read_text())
    assert model["settings"]["channels"] == bench.runs["7.1ε"].parameters["channels"]


@pytest.mark.parametrize("backbone", ["frozen", "full", "gradual"])
def test_the_transferred_model_begins_with_the_backbone_of_the_source(bench: Bench, backbone: str) -> None:
    # the learning rate is so small that what a training leaves is what it began with
    still = {**SMALL, "backbone": backbone, "learning_rate": 1e-7, "epochs": 2, "weight_decay": 0.0}
    result = bench.run("9δ", **still)
    source = load_file(trained_weights(bench, "9γ", "source"))
    transferred = load_file(trained_weights(bench, "9δ", "transferred"))
    scratch = load_file(trained_weights(bench, "9δ", "scratch"))
    kernel, mean = "backbone.layers.0.convolution.weight", "backbone.standardise.mean"
    torch.testing.assert_close(transferred[kernel], source[kernel], atol=1e-5, rtol=0)
    assert torch.equal(transferred[mean], source[mean])
    assert (scratch[kernel] - source[kernel]).abs().max() > 1e-2
    assert transferred["head.output.weight"].shape == (1, source["head.output.weight"].shape[1])
    running = "backbone.layers.3.normalisation.running_mean"
    if backbone != "gradual":  # whose best epoch may be the one in which only the head learns
        assert torch.equal(transferred[running], source[running]) == (backbone == "frozen")
    learning = {row[0]: row[-1] for row in result.tables["trainings"].rows}
    assert learning == {"transferred": {"frozen": "0", "full": "all", "gradual": "1"}[backbone], "from scratch": "all"}


def trained_weights(bench: Bench, part: str, section: str) -> Path:
    return bench.runs[part].folder / section / "checkpoints" / "best" / "model.safetensors"


def test_the_fine_tuned_model_is_compared_with_one_from_scratch_on_the_same_tracks(trained: Bench) -> None:
    run = trained.runs["9δ"]
    said = {name: read_held_out(run.folder / name) for name in ("transferred", "scratch")}
    assert np.array_equal(said["transferred"].ids, said["scratch"].ids)
    each = {name: spearmanr(one.predicted[:, 0], one.true[:, 0]).statistic for name, one in said.items()}
    assert numbers(run.result, "held_out/spearman/valence") == pytest.approx(each["transferred"])
    assert numbers(run.result, "scratch/held_out/spearman/valence") == pytest.approx(each["scratch"])
    difference = run.result.values["vs_scratch/spearman_difference"]
    assert difference.number == pytest.approx(each["transferred"] - each["scratch"])
    assert difference.low <= difference.number <= difference.high
    lines = run.result.figures["learning"].series  # type: ignore[union-attr]
    assert [line.name for line in lines] == ["transferred", "from scratch"]
    for line, folder in zip(lines, ("transferred", "scratch"), strict=True):
        state = json.loads((run.folder / folder / "training.json").read_text())
        assert list(line.y) == [row["validation_spearman"] for row in state["history"]]


@pytest.mark.parametrize("axis", AXES)
def test_any_axis_can_be_the_target(bench: Bench, axis: str) -> None:
    result = bench.run("9δ", **{**SMALL, "axis": axis, "epochs": 1})
    assert read_held_out(bench.runs["9δ"].folder / "transferred").axes == (axis,)
    assert f"held_out/spearman/{axis}" in result.values


def test_an_lstm_on_beats_is_transferred_with_its_own_folder_and_crops(bench: Bench) -> None:
    bench.run("9γ", **{**SMALL, "source": "lstm beat mel", "epochs": 1})
    bench.run("9δ", **{**SMALL, "epochs": 1})
    model = json.loads((trained_weights(bench, "9δ", "transferred").parent / "model.json").read_text())
    assert (model["architecture"], model["beat"], model["outputs"]) == ("lstm", True, ["valence"])


def test_the_tables_of_models_tell_which_settings_are_not_the_defaults(trained: Bench) -> None:
    for part, others in (("9β", ("5δ", "7.1ε")), ("9ε", ("8β", "9δ"))):
        result = trained.runs[part].result
        [line] = [line for line in result.text.splitlines() if line.startswith("Not trained with the default settings")]
        for told in (line, result.tables["models"].note):
            at = [told.index(f"{other} (") for other in others]
            assert at == sorted(at) and "epochs " in told and "threads" not in told


def test_the_comparison_with_step_8_is_on_the_same_tracks_and_track_by_track(trained: Bench) -> None:
    result, tuned, eight = (trained.runs[part] for part in ("9ε", "9δ", "8β"))
    ours, theirs = read_held_out(tuned.folder / "transferred"), read_held_out(eight.folder / "cnn")
    assert np.array_equal(ours.ids, theirs.ids)
    each = [spearmanr(one.predicted[:, 0], one.true[:, 0]).statistic for one in (ours, theirs)]
    assert numbers(result.result, "vs_cnn/spearman_difference") == pytest.approx(each[0] - each[1])
    assert result.result.values["vs_constant/spearman_difference"].number is None
    titles = [row[0] for row in result.result.tables["models"].rows]
    assert titles == [
        "transferred (9δ)",
        "from scratch, as long (9δ)",
        "CNN (8β)",
        "ridge regression (8β)",
        "constant (8β)",
    ]
    lines = [line.name for line in result.result.figures["learning"].series]  # type: ignore[union-attr]
    assert lines == titles[:3]
    seen = {row[0]: row[-1] for row in result.result.tables["learning"].rows}
    assert seen["CNN (8β)"] == 6 * len(split(eight.folder / "cnn")["train"])


def test_a_comparison_on_other_tracks_is_refused(bench: Bench) -> None:
    bench.run("8β", **{**SMALL, "held_out_seed": 9})
    with pytest.raises(PrerequisiteError, match="different held-out tracks"):
        bench.run("9ε")
    bench.run("9γ", **{**SMALL, "source": "cnn", "epochs": 1})
    bench.run("9δ", **{**SMALL, "axis": "energy", "epochs": 1})
    with pytest.raises(PrerequisiteError, match="no finished run for energy"):
        bench.run("9ε")


def test_each_seed_of_a_transfer_has_its_own_backbone_that_leaves_out_its_own_judges(bench: Bench) -> None:
    genre, unlabelled = ids_of(bench.data_root)
    bench.run("9γ", **{**SMALL, "source": "cnn", "epochs": 2, "seeds": 2})
    source = bench.runs["9γ"]
    bench.run(
        "9δ", **{**SMALL, "epochs": 2, "learning_rate": 1e-7, "weight_decay": 0.0, "backbone": "full", "seeds": 2}
    )
    tuned = bench.runs["9δ"]
    kernel = "backbone.layers.0.convolution.weight"
    kernels = []
    for places in (("source", "transferred"), ("seed-2/source", "seed-2/transferred")):
        judged, heard = split(tuned.folder / places[1]), split(source.folder / places[0])
        judging = judged["held_out"] | judged["validation"] | unlabelled
        assert genre & judging and heard["train"] | heard["validation"] == genre - judging
        one, other = (
            load_file(run.folder / place / "checkpoints" / "best" / "model.safetensors")[kernel]
            for run, place in zip((source, tuned), places, strict=True)
        )
        torch.testing.assert_close(one, other, atol=1e-5, rtol=0)
        kernels.append(one)
    assert (kernels[0] - kernels[1]).abs().max() > 1e-2
    assert split(tuned.folder / "transferred")["held_out"] == split(tuned.folder / "seed-2/transferred")["held_out"]


def test_seeds_of_a_transfer_are_reported_beside_the_first_and_compared_seed_by_seed(bench: Bench) -> None:
    once = bench.run("9γ", **{**SMALL, "source": "cnn", "epochs": 2})
    source = bench.run("9γ", **{**SMALL, "source": "cnn", "epochs": 2, "seeds": 2})
    assert {name: source.values[name] for name in once.values} == once.values
    assert [row[0] for row in source.tables["seeds"].rows] == [1, 2]
    assert numbers(source, "seeds/accuracy") == pytest.approx(np.mean([row[1] for row in source.tables["seeds"].rows]))
    result = bench.run("9δ", **{**SMALL, "epochs": 3, "seeds": 2})
    rows = result.tables["seeds"].rows
    assert [row[:2] for row in rows] == [
        ("transferred", 1),
        ("transferred", 2),
        ("from scratch", 1),
        ("from scratch", 2),
    ]
    each = {}
    for place in ("transferred", "seed-2/transferred", "scratch", "seed-2/scratch"):
        said = read_held_out(bench.runs["9δ"].folder / place)
        each[place] = spearmanr(said.predicted[:, 0], said.true[:, 0]).statistic
    assert [row[2] for row in rows] == pytest.approx(list(each.values())) and len(set(each.values())) > 2
    assert numbers(result, "held_out/spearman/valence") == rows[0][2]
    mean = result.values["seeds/spearman/valence"]
    assert mean.number == pytest.approx(np.mean([row[2] for row in rows[:2]]))
    assert -1.0 <= mean.low <= mean.number <= mean.high <= 1.0
    assert numbers(result, "scratch/seeds/spearman/valence") == pytest.approx(np.mean([row[2] for row in rows[2:]]))
    ahead = numbers(result, "vs_scratch/seeds/spearman_difference")
    assert ahead == pytest.approx(mean.number - numbers(result, "scratch/seeds/spearman/valence"))


def test_a_transfer_of_more_seeds_than_its_source_has_is_refused_with_what_to_run(bench: Bench) -> None:
    bench.run("9γ", seed=3, **{**SMALL, "source": "cnn", "epochs": 1, "seeds": 2})
    with pytest.raises(PrerequisiteError, match=r"seeds 3 to 5.*9γ .*has 3 to 4. Run 9γ with seeds=3 and seed 3"):
        bench.run("9δ", seed=3, **{**SMALL, "epochs": 1, "seeds": 3})
    with pytest.raises(PrerequisiteError, match="seeds 2 to 3"):
        bench.run("9δ", seed=2, **{**SMALL, "epochs": 1, "seeds": 2})
    bench.run("9δ", seed=4, **{**SMALL, "epochs": 1})
    used = load_file(trained_weights(bench, "9δ", "transferred"))["backbone.standardise.mean"]
    own = load_file(trained_weights(bench, "9γ", "seed-4/source"))["backbone.standardise.mean"]
    assert torch.equal(used, own)


def test_a_source_that_is_not_there_is_named_with_the_part_that_trains_it(bench: Bench) -> None:
    with pytest.raises(PrerequisiteError, match=r"source=ast needs 7.2β.*there: .*cnn"):
        bench.run("9γ", **{**SMALL, "source": "ast"})
    bench.runs = {}
    with pytest.raises(PrerequisiteError, match="No genre model"):
        bench.run("9γ", **SMALL)
    with pytest.raises(PrerequisiteError, match="9γ has no finished run"):
        bench.run("9δ", **SMALL)


@pytest.mark.slow
def test_a_transfer_killed_in_its_trainings_and_seeds_ends_with_the_same_bytes(tmp_path: Path, data_root: Path) -> None:
    session = new_session(tmp_path / "s", data_root)
    steady = {"precision": "float32", "threads": 1, "checkpoint_seconds": 0.0, "source": "cnn", "patience": 0}
    changes = {**SMALL, **steady, "channels": 2, "epochs": 1}
    killed_in(new_run(session, "7.1ε", **changes), [], random.Random(0))
    # Last the run that goes through, since 9δ builds on the newest.
    changes = {**SMALL, **steady, "epochs": 20, "seeds": 2}
    killed = killed_in(new_run(session, "9γ", **changes), ["seed-4/source"], random.Random(4))
    assert "restored" in [event["kind"] for event in killed.events()]
    whole = killed_in(new_run(session, "9γ", force=True, **changes), [], random.Random(0))
    assert digests(killed) == digests(whole)
    assert (whole.path / "seed-4" / "source" / "checkpoints" / "best").exists()
    changes = {**SMALL, **steady, "epochs": 10, "unfreeze_every": 2, "backbone": "gradual", "seeds": 2}
    whole = killed_in(new_run(session, "9δ", **changes), [], random.Random(0))
    killed = new_run(session, "9δ", force=True, **changes)
    killed_in(killed, ["transferred", "seed-4/scratch"], random.Random(3))
    assert [event["kind"] for event in killed.events()].count("restored") >= 1
    assert digests(killed) == digests(whole)
