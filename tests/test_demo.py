import csv
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.data.demo import keeping, making
from labsteps.data.demo.affect import rate
from labsteps.data.demo.composition import Piece, compose
from labsteps.data.demo.drums import PATTERNS, drum_sounds
from labsteps.data.demo.making import PIECES_COLUMNS, build
from labsteps.data.demo.plan import AFFECT_CLIPS, GENRE_CLIPS, SHARED, Track, plan
from labsteps.data.demo.rendering import render
from labsteps.data.demo.score import Score, write_score
from labsteps.data.demo.styles import STYLES
from labsteps.data.demo.timbres import TIMBRES, frequency, tone
from labsteps.data.demo.vocabulary import CHORDS, MODES, brightness, pitch
from labsteps.data.folders import SPLITS, DataFolder
from labsteps.errors import DataError
from labsteps.features.decode import decode
from labsteps.features.fused import fused
from labsteps.features.grid import SAMPLE_RATE

GENRES = st.sampled_from(sorted(STYLES))
SEEDS = st.integers(0, 2**32 - 1)


def composed(genre: str, seed: int = 0, spread: float = 1.0) -> tuple[Piece, Score, np.random.Generator]:
    rng = np.random.default_rng(seed)
    piece = compose(genre, rng, spread)
    return piece, write_score(piece, rng), rng


# the plan


def test_the_plan_has_the_twenty_genres_in_the_proportions_of_the_real_set() -> None:
    for split in ("train", "test"):
        genres = Counter(track.genre for track in plan(0) if track.genre_split == split)
        assert genres == GENRE_CLIPS[split]
        assert len(genres) == 20
    assert min(GENRE_CLIPS["test"].values()) >= 4


@given(SEEDS)
@settings(deadline=None, max_examples=5)
def test_the_numbers_of_affect_clips_and_of_shared_tracks_hold_for_every_seed(seed: int) -> None:
    tracks = plan(seed)
    assert len({track.id for track in tracks}) == len(tracks)
    assert Counter(track.affect_split for track in tracks if track.affect_split) == AFFECT_CLIPS
    for genre_split, affect_split in product(SPLITS, repeat=2):
        shared = [t for t in tracks if (t.genre_split, t.affect_split) == (genre_split, affect_split)]
        assert len(shared) == SHARED[genre_split, affect_split] > 0


def test_another_seed_has_other_ids() -> None:
    assert plan(3) == plan(3)
    assert {track.id for track in plan(3)} != {track.id for track in plan(4)}


# the music


def test_every_name_that_a_style_uses_is_known() -> None:
    for style in STYLES.values():
        assert set(style.neighbours) <= set(STYLES)
        assert set(style.rhythm.patterns) <= set(PATTERNS)
        assert set(style.harmony.modes) <= set(MODES)
        assert style.harmony.chord in CHORDS
        assert {*style.band.bass, *style.band.chords, *style.band.leads} <= set(TIMBRES)
        for bass_line in style.band.bass_lines:
            for figure in style.band.figures:
                rng = np.random.default_rng(0)
                piece = replace(compose(style.name, rng, 0.0), bass_line=bass_line, figure=figure)
                assert write_score(piece, rng).bass


@given(GENRES, SEEDS, st.floats(0, 1))
@settings(deadline=None, max_examples=60)
def test_everything_that_is_played_lies_within_the_clip(genre: str, seed: int, spread: float) -> None:
    piece, score, _ = composed(genre, seed, spread)
    assert score.bass
    assert score.chords
    for note in (*score.bass, *score.chords, *score.lead):
        assert note.start >= 0
        assert note.seconds > 0
        assert note.start + note.seconds <= piece.seconds + 1e-6
        assert 20 <= note.midi <= 110
        assert 0 < note.velocity <= 1
    assert all(0 <= hit.start < piece.seconds for hit in score.drums)


@given(GENRES, SEEDS)
@settings(deadline=None, max_examples=15)
def test_every_piece_becomes_sound(genre: str, seed: int) -> None:
    piece, score, rng = composed(genre, seed)
    y = render(piece, score, rng)
    assert y.dtype == np.float32
    assert y.shape == (round(piece.seconds * SAMPLE_RATE),)
    assert np.isfinite(y).all()
    assert 0.6 - 1e-4 <= np.abs(y).max() <= 0.95 + 1e-4


def test_the_same_seed_is_the_same_piece_and_another_seed_another_one() -> None:
    (piece, score, rng), (same, same_score, same_rng) = composed("Jazz", 5), composed("Jazz", 5)
    assert (piece, score) == (same, same_score)
    np.testing.assert_array_equal(render(piece, score, rng), render(same, same_score, same_rng))
    assert composed("Jazz", 6)[0] != piece


def test_pieces_borrow_from_other_genres_now_and_then() -> None:
    borrowed = [source != "Rock" for seed in range(200) for source in composed("Rock", seed)[0].borrowed]
    assert 0.02 < np.mean(borrowed) < 0.3


def test_genres_keep_their_tempo_and_their_metre() -> None:
    tempo = {genre: np.median([composed(genre, s, 0.0)[0].tempo for s in range(30)]) for genre in ("Trip-Hop", "Punk")}
    assert tempo["Trip-Hop"] < 95 < 150 < tempo["Punk"]
    assert Counter(composed("International", s)[0].beats for s in range(40)).most_common(1)[0][0] in (5, 6, 7)


@pytest.mark.parametrize("timbre", ["piano", "square", "organ", "cello", "sub"])
def test_a_tone_has_its_pitch(timbre: str) -> None:
    midi = 57  # 220 Hz
    y = tone(timbre, midi, SAMPLE_RATE, np.zeros(2 * SAMPLE_RATE, dtype=np.float32))
    spectrum = np.abs(np.fft.rfft(y[:SAMPLE_RATE] * np.hanning(SAMPLE_RATE)))  # one bin is one hertz
    partials = np.array([spectrum[k * 220 - 8 : k * 220 + 9].max() for k in range(1, 7)])
    between = np.array([spectrum[k * 220 + 60 : k * 220 + 160].max() for k in range(1, 7)])
    assert frequency(midi) == pytest.approx(220)
    assert partials[0] > 20 * between.max()


def test_high_notes_do_not_fold_back() -> None:
    y = tone("saw", 108, SAMPLE_RATE // 2, np.zeros(SAMPLE_RATE, dtype=np.float32))
    spectrum = np.abs(np.fft.rfft(y * np.hanning(len(y))))
    frequencies = np.fft.rfftfreq(len(y), 1 / SAMPLE_RATE)
    assert spectrum[frequencies < 3900].max() < 0.02 * spectrum.max()


def test_scales_repeat_an_octave_higher() -> None:
    assert [pitch("major", 60, step) for step in (0, 2, 7, -1)] == [60, 64, 72, 59]
    assert brightness("phrygian") == 0 < brightness("minor") < brightness("major") < brightness("lydian") == 1


def test_every_drum_of_every_pattern_dies_away() -> None:
    for kit in {style.rhythm.kit for style in STYLES.values()}:
        sound = drum_sounds(kit, np.random.default_rng(1))
        for drum in {name for pattern in PATTERNS.values() for name in pattern}:
            y = np.abs(sound(drum))
            assert y.max() > 0.05
            assert y[-len(y) // 10 :].max() < 0.1 * y.max()


# how it feels


def rated(piece: Piece, score: Score) -> np.ndarray:
    return np.array(rate(piece, score, np.random.default_rng(0)))


def test_a_brighter_mode_and_register_raise_the_valence_alone() -> None:
    piece, score, _ = composed("Pop", 1)
    dark = rated(replace(piece, mode="phrygian", register=-1, dissonance=0.3), score)
    bright = rated(replace(piece, mode="major", register=1, dissonance=0.0), score)
    assert bright[0] > dark[0] + 0.3
    np.testing.assert_array_equal(bright[1:], dark[1:])


def test_distortion_and_more_notes_raise_the_energy() -> None:
    piece, score, _ = composed("Folk", 1)
    calm = rated(replace(piece, drive=0.0), score)
    driven = rated(replace(piece, drive=1.0), score)
    busy = rated(replace(piece, drive=1.0), replace(score, lead=score.lead * 6))
    assert calm[1] < driven[1] < busy[1]


def test_a_loud_steady_beat_near_120_is_danceable() -> None:
    piece, score, _ = composed("Electronic", 1)
    club = replace(piece, pattern="four", drum_level=1.1, looseness=0.0, tempo=120.0, beats=4)
    free = replace(club, pattern="sparse", drum_level=0.2, looseness=0.02, tempo=70.0, beats=3)
    assert rated(club, score)[2] > rated(free, score)[2] + 0.4


def test_affect_values_are_spread_over_their_range_and_never_leave_it() -> None:
    values = np.array([rate(*composed(genre, seed)) for genre in STYLES for seed in range(8)])
    assert values.min() >= 0
    assert values.max() <= 1
    assert (values.std(axis=0) > 0.15).all()
    assert np.abs(np.corrcoef(values.T) - np.eye(3)).max() < 0.8


# the folder

FEW = (
    Track(11, "Rock", "train", "train"),
    Track(22, "Jazz", "train", None),
    Track(33, "Psych-Folk", "test", "test"),
    Track(44, "Blues", None, "train"),
)


@pytest.fixture(scope="module")
def cache_folder(request: pytest.FixtureRequest) -> Path:
    """Compiled code, kept between test runs because compiling takes half a minute."""
    return Path(request.config.cache.mkdir("compiled"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> dict[int, Path]:
    """Four tracks made by one process and by two."""
    folders = {jobs: tmp_path_factory.mktemp("demo") / str(jobs) for jobs in (1, 2)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "plan", lambda seed: FEW)
        patch.setenv("NUMBA_CACHE_DIR", "elsewhere")
        for jobs, folder in folders.items():
            build(folder, seed=1, jobs=jobs, cache_folder=cache_folder, progress=lambda *_: None)
    return folders


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_number_of_processes_does_not_change_a_byte(built: dict[int, Path]) -> None:
    assert contents(built[1]) == contents(built[2])


def test_a_build_that_was_stopped_goes_on_after_what_is_whole_and_ends_with_the_same_bytes(
    built: dict[int, Path], tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "plan", lambda seed: FEW)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "elsewhere")
    kept, told = tmp_path / "kept", []

    def stop(done: int, total: int, what: str) -> None:
        if done == 3:
            raise KeyboardInterrupt

    def go_on(done: int, total: int, what: str) -> None:
        told.append((done, total))

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "one", seed=1, jobs=1, cache_folder=cache_folder, progress=stop, keep_in=kept)
    # One of them was cut off after all, and a worker that was killed has left half a file.
    torn = kept / "audio/22.flac"
    torn.write_bytes(torn.read_bytes()[:-1])
    (kept / "fma_genre_spectrograms/train/half").write_bytes(b"half")
    build(tmp_path / "two", seed=1, jobs=1, cache_folder=cache_folder, progress=go_on, keep_in=kept)
    assert told[0] in ((2, 4), (3, 4)) and told[-1] == (4, 4) and not kept.exists()
    assert contents(tmp_path / "two") == contents(built[1])


def test_what_other_code_or_another_seed_has_made_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / keeping.NOTES).mkdir()
    (tmp_path / "a.flac").write_bytes(b"sound")
    keeping.note(tmp_path, 7, keeping.maker(0), ["a.flac"], (0.1, 0.2, 0.3))
    assert keeping.kept(tmp_path, 7, keeping.maker(0), ["a.flac"]) == (0.1, 0.2, 0.3)
    assert keeping.kept(tmp_path, 7, keeping.maker(1), ["a.flac"]) is None
    assert keeping.kept(tmp_path, 7, keeping.maker(0), ["a.flac", "b.npy"]) is None
    assert keeping.kept(tmp_path, 8, keeping.maker(0), ["a.flac"]) is None
    (tmp_path / "notes/7.json").write_text('{"made_by"')
    assert keeping.kept(tmp_path, 7, keeping.maker(0), ["a.flac"]) is None


def test_the_folder_has_the_layout_of_the_real_set(built: dict[int, Path]) -> None:
    genre, affect = ["train/11", "train/22", "test/33"], ["train/11", "test/33", "train/44"]
    expected = {f"audio/{track.id}.flac" for track in FEW} | {"pieces.csv"}
    for name in DataFolder:
        expected |= {f"{name}/{place}.fused.full.npy" for place in (genre if name.is_genre else affect)}
        expected |= {f"{name}/train_labels.txt"} | ({f"{name}/test_labels.txt"} if name.is_genre else set())
    assert set(contents(built[2])) == expected


def test_the_index_files_have_the_quirks_of_the_real_ones(built: dict[int, Path]) -> None:
    def lines(name: str) -> list[str]:
        header, *rows = (built[2] / name).read_text().splitlines()
        return [header, *sorted(rows)]

    full, beat = ("fma_genre_spectrograms", "fma_genre_spectrograms_beat")
    assert lines(f"{full}/train_labels.txt") == [
        "Id\tGenre",
        "11.fused.full.npy.gz\tRock",
        "22.fused.full.npy.gz\tJazz",
    ]
    assert lines(f"{beat}/train_labels.txt")[1] == "11.beatsync.fused.npy.gz\tRock"
    assert lines(f"{full}/test_labels.txt") == ["Id\tGenre", "33.full.fused.npy.gz\tPsych-Folk"]
    affect = lines("multitask_dataset/train_labels.txt")
    assert affect[0] == "Id,valence,energy,danceability"
    assert [row.split(",")[0] for row in affect[1:]] == ["11", "44"]
    assert all(0 <= float(value) <= 1 for row in affect[1:] for value in row.split(",")[1:])
    assert affect == lines("multitask_dataset_beat/train_labels.txt")


def test_a_track_in_both_sets_has_the_same_arrays_in_both(built: dict[int, Path]) -> None:
    files = contents(built[2])
    for suffix in ("", "_beat"):
        genre, affect = f"fma_genre_spectrograms{suffix}", f"multitask_dataset{suffix}"
        for place in ("train/11", "test/33"):
            assert files[f"{genre}/{place}.fused.full.npy"] == files[f"{affect}/{place}.fused.full.npy"]


def test_the_arrays_are_the_features_of_the_audio_beside_them(built: dict[int, Path]) -> None:
    features = fused(decode(built[2] / "audio/22.flac"))
    full = np.load(built[2] / "fma_genre_spectrograms/train/22.fused.full.npy", allow_pickle=False)
    beat = np.load(built[2] / "fma_genre_spectrograms_beat/train/22.fused.full.npy", allow_pickle=False)
    # A worker has one thread and this process several, which differ in the last bits of a matrix product.
    np.testing.assert_allclose(full, features.full, rtol=0, atol=1e-3)
    np.testing.assert_allclose(beat, features.beat, rtol=0, atol=1e-3)
    assert full.dtype == beat.dtype == np.float64


def test_the_pieces_file_tells_of_every_track_and_of_the_values_held_back(built: dict[int, Path]) -> None:
    with (built[2] / "pieces.csv").open(newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["11", "22", "33", "44"]
    assert tuple(rows["33"]) == PIECES_COLUMNS
    assert rows["33"]["multitask_split"] == "test"
    assert 0 <= float(rows["33"]["valence"]) <= 1
    assert rows["44"]["genre"] == "Blues"
    assert rows["44"]["genre_split"] == ""


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(tmp_path: Path, cache_folder: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DataError, match="not empty"):
        build(tmp_path, cache_folder=cache_folder, progress=lambda *_: None)
    assert contents(tmp_path) == {"thesis.txt": b"mine"}


BUILDING = """
import sys
from pathlib import Path
from labsteps.data.demo import build

if __name__ == "__main__":
    progress = lambda done, total, sentence: done and print(done, flush=True)
    build(Path(sys.argv[1]), cache_folder=Path(sys.argv[2]), progress=progress)
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_stop_ends_the_workers_too(tmp_path: Path, cache_folder: Path, stop: signal.Signals) -> None:
    script = tmp_path / "building.py"
    script.write_text(BUILDING)
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "demo"), str(cache_folder)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline()  # the first track is done, so the workers are at work
        workers = psutil.Process(parent.pid).children(recursive=True)
        parent.send_signal(stop)
        assert parent.wait(timeout=240) != 0
        assert len(workers) >= 2
    _, alive = psutil.wait_procs(workers, timeout=240)
    assert not alive
