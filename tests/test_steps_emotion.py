"""Step 8: three networks on three axes, judged on the same tracks, each number of which can be redone."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from data_sets import AXES, SimpleCache, make_genre_set
from lab_bench import Bench
from runs.run_tools import finish, killed_in, new_run, new_session
from scipy.stats import spearmanr

from labsteps.catalogue import catalogue
from labsteps.data import kaggle
from labsteps.errors import DataError, PrerequisiteError
from labsteps.lab.regression import MODELS
from labsteps.steps.affect_models import NETWORKS, own_parameters
from labsteps.steps.emotion import read_held_out
from workbench.store.run import RunFolder

PARTS = dict(zip(("8β", "8γ", "8δ"), AXES, strict=True))
SMALL: dict[str, Any] = {
    "epochs": 6,
    "ast_epochs": 2,
    "patience": 0,
    "batch_size": 8,
    "learning_rate": 0.01,
    "held_out_fraction": 0.25,
    "lstm_hidden_size": 8,
    "lstm_dropout": 0.0,
    "cnn_channels": 4,
    "cnn_crop_frames": 32,
    "ast_input_tdim": 16,
    "ast_rate": 0.03,
    "ast_feature_size": 16,
    "ast_dropout": 0.0,
    "ast_patch_out": 0.0,
    "overfit_batches": 1,
    "overfit_epochs": 150,
}
BASELINES = ("ridge", "constant")


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("emotion")
    return make_genre_set(root, clips_per_class=2, test_per_class=1, multitask_clips=(48, 6))


@pytest.fixture
def bench(data_root: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    (tmp_path / "runs").mkdir()
    return Bench(tmp_path / "runs", data_root, SimpleCache(tmp_path_factory.getbasetemp() / "packs-of-step-8"))


@pytest.fixture(scope="module")
def evaluated(data_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A session in which step 8 is done."""
    cache = SimpleCache(tmp_path_factory.getbasetemp() / "packs-of-step-8")
    made = Bench(tmp_path_factory.mktemp("evaluated"), data_root, cache)
    made.run("8β", **SMALL)
    for part in ("8γ", "8δ", "8ε"):  # a looser check, for the transformer takes its time over a strict one
        made.run(part, **{**SMALL, "overfit_share": 0.5})
    return made


def test_the_catalogue_offers_the_networks_that_the_step_knows() -> None:
    assert {name: network.title for name, network in NETWORKS.items()} == MODELS
    assert catalogue().parts["8β"].parameter("models").choices == ("all", *NETWORKS)


def test_common_parameters_reach_every_network_unless_its_own_is_set() -> None:
    part = catalogue().parts["8β"]
    for name in NETWORKS:
        assert own_parameters(part.settings({"epochs": 1}), name)["epochs"] == 1
        changes = {"epochs": 1, f"{name}_epochs": 7, "learning_rate": 0.5, f"{name}_rate": 0.1}
        own = own_parameters(part.settings(changes), name)
        assert (own["epochs"], own["learning_rate"]) == (7, 0.05)
        others = [other for other in NETWORKS if other != name]
        assert not [key for key in own if key.startswith(tuple(f"{other}_" for other in others))]
    assert own_parameters(part.settings({"cnn_channels": 3}), "cnn")["channels"] == 3


def test_8a_shows_shapes_and_losses_that_can_be_redone(bench: Bench) -> None:
    result = bench.run("8α", **SMALL)
    for name, row in zip(NETWORKS, result.tables["shapes"].rows, strict=True):
        assert row[-1] == result.values[f"{name}/head_parameters"].number
        assert row[-1] + row[-2] == result.values[f"{name}/parameters"].number
        assert row[3] == "(4, 1)"
    example = np.array([row[1:] for row in result.tables["example"].rows], float)
    true = example[:, 0]
    assert (np.diff(true) >= 0).all()
    assert np.ptp(example[:, 1]) == 0.0
    for row, said in zip(result.tables["losses"].rows, example[:, 1:].T, strict=True):
        assert row[1] == pytest.approx(((said - true) ** 2).mean(), rel=1e-4)
        assert row[2] == pytest.approx(np.abs(said - true).mean(), rel=1e-4)
        assert row[5] == pytest.approx(((said[:, None] - true[None]) ** 2).mean(), rel=1e-4)
    assert result.tables["losses"].rows[0][-1] is None
    assert result.tables["losses"].rows[0][4] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("part", PARTS)
def test_every_network_is_checked_trained_and_scored_on_the_held_out_tracks(evaluated: Bench, part: str) -> None:
    run, axis = evaluated.runs[part], PARTS[part]
    values = run.result.values
    for name in NETWORKS:
        assert values[f"{name}/overfit/passed"].number == 1.0, run.result.text
        assert values[f"{name}/overfit/loss"].number < values[f"{name}/overfit/target"].number
        assert values[f"{name}/epochs_run"].number == (2 if name == "ast" else 6)
        said = read_held_out(run.folder / name)
        value = values[f"{name}/held_out/spearman/{axis}"]
        assert value.number == pytest.approx(spearmanr(said.predicted[:, 0], said.true[:, 0]).statistic)
        assert value.low <= value.number <= value.high
        error = said.predicted - said.true
        assert values[f"{name}/held_out/mse/{axis}"].number == pytest.approx((error**2).mean())
        assert values[f"{name}/held_out/mae/{axis}"].number == pytest.approx(np.abs(error).mean())
        assert {f"loss_{name}", f"scores_{name}", f"overfit_{name}", f"truth_{name}"} <= set(run.result.figures)
    constant = values[f"constant/held_out/spearman/{axis}"]
    assert constant.number is None and "all the same" in constant.reason
    assert values[f"ridge/held_out/mse/{axis}"].number < values[f"constant/held_out/mse/{axis}"].number
    best = max(NETWORKS, key=lambda name: values[f"{name}/validation/spearman"].number)
    assert values[f"held_out/spearman/{axis}"] == values[f"{best}/held_out/spearman/{axis}"]


def test_every_model_and_axis_is_judged_on_the_same_tracks_which_nobody_learnt_from(evaluated: Bench) -> None:
    held_out: set[tuple[int, ...]] = set()
    for part, axis in PARTS.items():
        folder = evaluated.runs[part].folder
        for name in (*NETWORKS, *BASELINES):
            said = read_held_out(folder / name)
            assert said.axes == (axis,)
            held_out.add(tuple(said.ids.tolist()))
        for path in folder.rglob("split.json"):
            split = json.loads(path.read_text("utf-8"))
            held_out.add(tuple(sorted(split["held_out"])))
            assert not set(split["held_out"]) & {*split["train"], *split["validation"]}
    assert len(held_out) == 1
    assert len(next(iter(held_out))) == 12


def test_the_mean_is_that_of_the_axes_for_every_model(evaluated: Bench) -> None:
    result = evaluated.runs["8ε"].result
    for name in (*NETWORKS, "ridge"):
        each = []
        for part, axis in PARTS.items():
            value = result.values[f"{name}/held_out/spearman/{axis}"].number
            assert value == evaluated.runs[part].result.values[f"{name}/held_out/spearman/{axis}"].number
            each.append(value)
        mean = result.values[f"{name}/held_out/spearman/mean"]
        assert mean.number == pytest.approx(np.mean(each))
        assert mean.low <= mean.number <= mean.high
    assert result.values["constant/held_out/spearman/mean"].number is None
    leading = max(NETWORKS, key=lambda name: result.values[f"{name}/validation/spearman"].number)
    assert result.values["held_out/spearman/mean"] == result.values[f"{leading}/held_out/spearman/mean"]
    table = {row[0]: row[1:] for row in result.tables["mean_spearman"].rows}
    assert table["CNN"][3] == result.values["cnn/held_out/spearman/mean"].number
    for told in (result.text, result.tables["mean_spearman"].note):
        assert re.search(r"ot trained with the default settings: 8β \(.*epochs \d.*\), 8γ \(.*\), 8δ \(", told)


def test_the_kaggle_file_has_every_unlabelled_track_and_what_the_models_say_of_it(evaluated: Bench) -> None:
    run = evaluated.runs["8ε"]
    folder = evaluated.data_root / "multitask_dataset" / "test"
    ids = [int(path.name.partition(".")[0]) for path in folder.iterdir()]
    found = kaggle.read(run.folder / "kaggle.csv", AXES, ids)
    assert len(found) == run.result.values["kaggle/tracks"].number == 6
    assert len(set(found.values())) > 1
    with (run.folder / "kaggle.csv").open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == ["Id.fused.full.npy.gz", *AXES]


def test_the_kaggle_model_can_be_chosen(evaluated: Bench, tmp_path: Path) -> None:
    files = []
    for name in NETWORKS:
        (tmp_path / name).mkdir()
        session = Bench(tmp_path / name, evaluated.data_root, evaluated.cache)
        session.runs = dict(evaluated.runs)
        session.run("8ε", kaggle_model=name)
        files.append((session.runs["8ε"].folder / "kaggle.csv").read_text("utf-8"))
    assert len(set(files)) == len(NETWORKS)
    assert (evaluated.runs["8ε"].folder / "kaggle.csv").read_text("utf-8") in files


def test_without_unlabelled_tracks_there_is_no_kaggle_file_and_that_is_said(evaluated: Bench, tmp_path: Path) -> None:
    root = tmp_path / "data"
    shutil.copytree(evaluated.data_root, root)
    for folder in ("multitask_dataset", "multitask_dataset_beat"):
        for path in (root / folder / "test").iterdir():
            path.unlink()
    (tmp_path / "runs").mkdir()
    session = Bench(tmp_path / "runs", root, evaluated.cache)
    session.runs = dict(evaluated.runs)
    result = session.run("8ε")
    assert result.values["kaggle/tracks"].number == 0
    assert "holds no tracks, so there is no Kaggle file" in result.text
    assert not (session.runs["8ε"].folder / "kaggle.csv").exists()


def test_the_mean_refuses_axes_judged_on_different_tracks_or_without_a_network(bench: Bench, evaluated: Bench) -> None:
    with pytest.raises(PrerequisiteError, match="8β has no finished run"):
        bench.run("8ε")
    bench.runs = dict(evaluated.runs)
    quick = {**SMALL, "epochs": 1, "overfit_epochs": 1, "models": "lstm"}
    bench.run("8γ", **quick)
    alone = bench.run("8ε")
    assert {row[0] for row in alone.tables["mean_spearman"].rows} == {"LSTM", "ridge regression", "constant"}
    with pytest.raises(PrerequisiteError, match="8γ trained no CNN"):
        bench.run("8ε", kaggle_model="cnn")
    bench.run("8γ", **{**quick, "held_out_seed": 1})
    with pytest.raises(PrerequisiteError, match="different tracks"):
        bench.run("8ε")


def test_a_check_that_cannot_succeed_fails_and_the_training_still_reports(bench: Bench) -> None:
    result = bench.run("8β", **{**SMALL, "epochs": 1, "overfit_epochs": 1, "models": "lstm"})
    assert result.values["lstm/overfit/passed"].number == 0.0
    assert "LSTM, overfit check: Failed" in result.text
    assert result.values["lstm/epochs_run"].number == 1
    assert "cnn/epochs_run" not in result.values


@pytest.mark.parametrize("loss", ["l1", "huber", "ccc"])
def test_every_loss_passes_its_check_and_beats_the_constant(bench: Bench, loss: str) -> None:
    result = bench.run("8γ", **{**SMALL, "loss": loss, "models": "cnn", "monitor": "loss"})
    assert result.values["cnn/overfit/passed"].number == 1.0, result.text
    values = result.values
    assert values["cnn/held_out/mse/energy"].number < values["constant/held_out/mse/energy"].number
    assert "by loss on the" in result.text


def test_an_axis_that_the_index_lacks_is_a_data_error(bench: Bench) -> None:
    with pytest.raises(DataError, match="no axis tempo; its index has valence, energy, danceability"):
        bench.run("8β", **SMALL, axis="tempo")


def digests(run: RunFolder) -> dict[str, str]:
    """Return the sha256 of all that a resumed run has to repeat."""
    names = ("training.json", "test_outputs.csv", "model.safetensors", "optimizer.safetensors")
    newest: dict[Path, Path] = {}
    for path in sorted(run.path.rglob("*")):
        if path.name in names:
            step = path.parent.name.startswith("step-")
            key = path.parent.parent / "last" / path.name if step else path
            newest[key.relative_to(run.path)] = path
    found = {str(key): hashlib.sha256(path.read_bytes()).hexdigest() for key, path in newest.items()}
    result = {name: value for name, value in (run.result() or {}).items() if name not in ("run", "sha256")}
    text = json.dumps(result, sort_keys=True).replace(run.id, "")
    return {**found, "result": hashlib.sha256(text.encode()).hexdigest()}


@pytest.mark.slow
def test_a_run_killed_in_three_of_its_trainings_ends_with_the_same_bytes(tmp_path: Path, data_root: Path) -> None:
    session = new_session(tmp_path / "s", data_root)
    changes = {**SMALL, "precision": "float32", "threads": 1, "checkpoint_seconds": 0.0}
    changes |= {"epochs": 3, "ast_epochs": 1, "overfit_epochs": 4}
    whole = new_run(session, "8β", **changes)
    finish(whole)
    killed = new_run(session, "8β", force=True, **changes)
    killed_in(killed, ["lstm", "cnn/overfit", "ast"], random.Random(5))
    assert any(event["kind"] == "restored" for event in killed.events())
    assert digests(killed) == digests(whole)


def test_more_seeds_train_again_on_the_same_held_out_tracks_and_tell_how_far_they_part(bench: Bench) -> None:
    result = bench.run("8β", **{**SMALL, "models": "cnn", "epochs": 2, "overfit_epochs": 1, "seeds": 2})
    rows = result.tables["seeds"].rows
    assert [row[:2] for row in rows] == [("CNN", 1), ("CNN", 2)] and rows[0][2] != rows[1][2]
    assert rows[0][2] == result.values["cnn/held_out/spearman/valence"].number
    spread = result.values["cnn/seeds/spearman/valence"]
    assert spread.number == pytest.approx((rows[0][2] + rows[1][2]) / 2)
    assert -1.0 <= spread.low <= spread.number <= spread.high <= 1.0
    assert "Trained with 2 seeds, 1 to 2; the report is of the first." in result.text
    folder = bench.runs["8β"].folder
    first, second = (read_held_out(folder / place) for place in ("cnn", "seed-2/cnn"))
    assert sorted(first.ids) == sorted(second.ids)
