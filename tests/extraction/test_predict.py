"""Genre and emotion of audio files by trained models, in a session and without one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from extraction.audio_files import SilentGuard, write

from labsteps.errors import DataError, PrerequisiteError, UsageError
from labsteps.extraction.segments import starts
from labsteps.models.saved import Description, build, load_model, load_packed, packed, save_model
from labsteps.prediction import Heard, Predictor, hear, predict, timeline
from workbench.cli import main
from workbench.runner.trained import best_models, choice_told, find_models, models_of
from workbench.store.sessions import Sessions

GENRES = ("Blues", "Jazz", "Rock")
KINDS = {
    "lstm": ({"hidden_size": 4}, "mel+chroma", True, (0, 140)),
    "cnn": ({"channels": 2}, "mel", False, (0, 128)),
}


def description(kind: str, outputs: tuple[str, ...]) -> Description:
    settings, features, beat, rows = KINDS[kind]
    return Description(kind, settings, 0.0, features, beat, rows, outputs)


def save(folder: Path, kind: str, outputs: tuple[str, ...], score: float | None = None, seed: int = 0) -> Path:
    """Put a model into a run's folder, as a training leaves it."""
    what = description(kind, outputs)
    bands = what.rows[1] - what.rows[0]
    model = build(what, torch.zeros(bands), torch.ones(bands), seed)
    best = folder / "checkpoints" / "best"
    best.mkdir(parents=True)
    save_model(best, what, model.state_dict())
    name = "validation_macro_f1" if outputs == GENRES else "validation_spearman"
    state = {"best_epoch": 2, "history": [{name: 0.0}, {name: score}]}
    (folder / "training.json").write_text(json.dumps(state))
    return best


def heard(windows: int = 3) -> Heard:
    rng = np.random.default_rng(0)

    def arrays(frames: int) -> tuple[np.ndarray, ...]:
        mel, chroma = rng.uniform(-80, 0, (windows, 128, frames)), rng.uniform(0, 1, (windows, 12, frames))
        return tuple(np.concatenate((mel, chroma), axis=1))

    return Heard(tuple(30.0 * i for i in range(windows)), arrays(60), arrays(12))


@pytest.mark.parametrize("kind", ["lstm", "cnn"])
def test_a_model_in_one_file_says_what_it_said_in_its_folder(tmp_path: Path, kind: str) -> None:
    folder = save(tmp_path / "run", kind, GENRES)
    (tmp_path / "one.safetensors").write_bytes(packed(folder))
    first = predict(heard(), Predictor("a", *load_model(folder)))
    second = predict(heard(), Predictor("b", *load_packed(tmp_path / "one.safetensors")))
    np.testing.assert_array_equal(first.windows, second.windows)
    assert first.outputs == GENRES and first.windows.shape == (3, 3)


def test_probabilities_add_up_and_the_track_is_the_mean_of_its_windows(tmp_path: Path) -> None:
    said = predict(heard(), Predictor("a", *load_model(save(tmp_path / "run", "cnn", GENRES))))
    np.testing.assert_allclose(said.windows.sum(axis=1), 1.0, rtol=1e-5)
    assert said.whole["Jazz"] == pytest.approx(said.windows[:, 1].mean())


def test_emotion_stays_between_0_and_1(tmp_path: Path) -> None:
    predictor = Predictor("a", *load_model(save(tmp_path / "run", "lstm", ("valence", "energy"))))
    with torch.no_grad():
        predictor.model.head.output.bias[:] = torch.tensor([9.0, -9.0])
    said = predict(heard(), predictor)
    assert not said.genre and said.whole == {"valence": 1.0, "energy": 0.0}


def test_the_course_over_the_track_is_drawn_for_genre_and_emotion(tmp_path: Path) -> None:
    told = [
        predict(heard(), Predictor("a", *load_model(save(tmp_path / name, kind, outputs))))
        for name, kind, outputs in (("g", "cnn", GENRES), ("e", "lstm", ("valence", "energy")))
    ]
    picture, curve = timeline(told, 30.0)
    assert len(picture.values) == 3 and len(picture.values[0]) == 3
    assert [series.name for series in curve.series] == ["valence", "energy"] and curve.series[0].x == (15.0, 45.0, 75.0)


def test_windows_cover_the_whole_track() -> None:
    assert starts(100.0, "cover", 30.0) == [0.0, 30.0, 60.0, 70.0]
    assert starts(90.0, "cover", 30.0) == [0.0, 30.0, 60.0]
    assert starts(10.0, "cover", 30.0) == [0.0]


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "other"])
def test_a_file_that_is_no_model_is_named(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "model.safetensors"
    if damage == "empty":
        path.touch()
    elif damage == "text":
        path.write_text("hello, this is no model at all")
    elif damage == "other":
        from safetensors.torch import save_file

        save_file({"a": torch.zeros(2)}, path)
    with pytest.raises(DataError, match=r"model\.safetensors"):
        load_packed(path)


# The models of a session


@pytest.fixture
def session(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Sessions(tmp_path / "sessions").create("mine")

    def run(part: str, **models: tuple[str, tuple[str, ...], float | None]) -> str:
        folder = made.create_run({"part": part, "parameters": {}, "seed": 0, "data": "", "device": "cpu"})
        for section, (kind, outputs, score) in models.items():
            save(folder.path if section == "own" else folder.path / section, kind, outputs, score)
        folder.write_result({"format": 1})
        return folder.id

    made.make_run = run
    return made


def test_the_best_by_validation_is_taken_for_genre_and_for_each_axis(session) -> None:  # type: ignore[no-untyped-def]
    session.make_run("5γ", own=("lstm", GENRES, 0.4))
    ids = session.make_run("5ε", raw=("lstm", GENRES, 0.6), beat=("lstm", GENRES, 0.3))
    session.make_run("8β", cnn=("cnn", ("valence",), 0.5), lstm=("lstm", ("valence",), None))
    session.make_run("10γ", own=("cnn", ("valence", "energy", "danceability"), 0.4))
    chosen = [(one.part, one.section) for one in best_models(session)]
    assert chosen == [("5ε", "raw"), ("8β", "cnn"), ("10γ", "")]
    assert find_models(session, "5e/beat")[0].section == "beat" and find_models(session, ids)[0].section == "raw"


def test_a_model_of_several_axes_is_chosen_for_each_by_its_score_on_that_axis(session) -> None:  # type: ignore[no-untyped-def]
    session.make_run("8β", cnn=("cnn", ("valence",), 0.4))
    own = {"valence": 0.3, "energy": 0.9, "danceability": 0.24}
    both = session.run(session.make_run("10γ", own=("cnn", tuple(own), 0.48)))
    told = {f"validation_spearman/{axis}": score for axis, score in own.items()}
    file = next(both.path.glob("**/training.json"))
    state = {"best_epoch": 1, "history": [{"validation_spearman": 0.48, **told}]}
    file.write_text(json.dumps(state), encoding="utf-8")
    chosen = {one.part: wanted for one, wanted in best_models(session).items()}
    assert chosen == {"8β": ("valence",), "10γ": ("energy", "danceability")}
    assert "energy 0.900" in models_of(both)[0].title and "0.480" not in models_of(both)[0].title
    # Without scores of its axes, all there is to go by is their mean, and it is called so.
    file.write_text(json.dumps({"best_epoch": 1, "history": [{"validation_spearman": 0.48}]}), encoding="utf-8")
    assert [one.part for one in best_models(session)] == ["10γ"]
    assert "0.480, the mean over valence, energy, danceability" in models_of(both)[0].title


def test_of_several_models_of_a_part_those_there_and_the_one_taken_are_told(session) -> None:  # type: ignore[no-untyped-def]
    session.make_run("9δ", transferred=("cnn", ("valence",), 0.1), scratch=("cnn", ("valence",), 0.2))
    assert find_models(session, "9d/transferred")[0].name == "9δ/transferred"
    told = choice_told(find_models(session, "9d"))
    assert "9δ/transferred, validation Spearman 0.100" in told and told.endswith("9δ/scratch is taken")
    assert choice_told(find_models(session, "9d/scratch")) == ""
    with pytest.raises(UsageError, match=r"no model 'sratch'\. It has 9δ/scratch, 9δ/transferred"):
        find_models(session, "9d/sratch")


def test_a_predictor_tells_only_what_it_was_chosen_for(tmp_path: Path) -> None:
    folder = save(tmp_path / "run", "lstm", ("valence", "energy"))
    both, one = (predict(heard(), Predictor("a", *load_model(folder), chosen)) for chosen in ((), ("energy",)))
    assert one.outputs == ("energy",) and one.windows.shape == (3, 1)
    np.testing.assert_array_equal(one.windows[:, 0], both.windows[:, 1])


def test_a_part_that_reports_on_another_parts_model_means_that_one(session) -> None:  # type: ignore[no-untyped-def]
    trained = session.make_run("7.1β", own=("cnn", GENRES, 0.4))
    session.make_run("7.1ε")
    assert find_models(session, "7.1e")[0].run == trained


def test_what_has_no_model_is_said(session) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PrerequisiteError, match=r"--step 7\.1e"):
        best_models(session)
    for name in ("7.1e", "nonsense"):
        with pytest.raises(UsageError, match=name):
            find_models(session, name)
    assert models_of(session.run(session.make_run("5γ"))) == []


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labsteps.extraction.guard.Guard", SilentGuard)


def test_the_command_tells_what_it_can_and_names_what_it_cannot(
    quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.safetensors").write_bytes(packed(save(tmp_path / "run", "cnn", GENRES)))
    good, broken = write(tmp_path / "good.wav"), write(tmp_path / "broken.wav")
    flags = ["--model", str(tmp_path / "one.safetensors"), "--csv", str(tmp_path / "told.csv")]
    assert main(["predict", str(good), str(broken), str(tmp_path / "none.wav"), *flags, "--json"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert [bool(one["error"]) for one in report["files"]] == [False, True, True]
    [said] = report["files"][0]["predictions"]
    assert set(said["values"]) == set(GENRES) and len(said["windows"]) == 2
    rows = list(csv.DictReader((tmp_path / "told.csv").open()))
    assert len(rows) == 3 * 3 and {row["file"] for row in rows} == {str(good)}


def test_a_table_is_never_written_over_a_song(quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.safetensors").write_bytes(packed(save(tmp_path / "run", "cnn", GENRES)))
    first, second, told = write(tmp_path / "a.wav"), write(tmp_path / "b.wav"), tmp_path / "told.csv"
    sound = first.read_bytes()
    model = ["--model", str(tmp_path / "one.safetensors")]
    assert main(["predict", "--csv", str(first), str(second), *model]) == 2  # --csv *.wav
    assert f"{first}: --csv would overwrite" in capsys.readouterr().err and first.read_bytes() == sound
    told.touch()
    for _ in range(2):
        assert main(["predict", str(second), "--csv", str(told), *model]) == 0
    assert len(list(csv.DictReader(told.open()))) == 3 * 3


def test_the_command_draws_the_course_of_a_single_track(
    quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.safetensors").write_bytes(packed(save(tmp_path / "run", "lstm", GENRES)))
    assert main(["predict", str(write(tmp_path / "a.wav")), "--model", str(tmp_path / "one.safetensors")]) == 0
    shown = capsys.readouterr().out
    assert "genre" in shown and "2 windows" in shown and "Genre over the track" in shown


@pytest.mark.slow
def test_a_real_file_is_heard_in_windows(tmp_path: Path, shared_cache: Path) -> None:
    from labsteps.extraction.guard import Guard

    guard = Guard(shared_cache)
    try:
        found = hear(write(tmp_path / "a.wav", 5.0), guard, seconds=2.0, limit=300.0)
        with pytest.raises(DataError, match="no such file"):
            hear(tmp_path / "none.wav", guard, seconds=2.0, limit=300.0)
    finally:
        guard.close()
    assert found.starts == (0.0, 2.0, 3.0)
    assert all(array.shape[0] == 140 for array in (*found.full, *found.beat))
