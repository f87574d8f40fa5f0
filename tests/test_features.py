import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import librosa
import numba
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from labsteps.errors import DataError, LabError
from labsteps.features import numba_cache, workers
from labsteps.features.beats import _running_median, beat_median
from labsteps.features.chroma import tuning
from labsteps.features.decode import decode
from labsteps.features.fused import FusedFeatures, fused
from labsteps.features.grid import HOP, SAMPLE_RATE

Waveform = NDArray[np.float32]


def made_up_clip(seconds: float, cents: float, tempo: float) -> Waveform:
    """A melody that is out of tune by `cents`, over clicks at `tempo` beats a minute."""
    rng = np.random.default_rng(7)
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    y = 0.002 * rng.standard_normal(len(time))
    for number, start in enumerate(np.arange(0, seconds, 0.4)):
        pitch = 220 * 2 ** ((number * 5 % 19 + cents / 100) / 12)
        sounding = np.where(time >= start, np.exp(-3 * (time - start)), 0)
        y += 0.2 * sounding * (np.sin(2 * np.pi * pitch * time) + 0.4 * np.sin(4 * np.pi * pitch * time))
    y += 0.3 * np.exp(-40 * (time % (60 / tempo))) * rng.standard_normal(len(time))
    return y.astype(np.float32)


def plain_librosa(y: Waveform) -> FusedFeatures:
    """The recipe of the data set, call by call."""
    mel = librosa.feature.melspectrogram(y=y, sr=SAMPLE_RATE, n_fft=2048, hop_length=512, n_mels=128)
    chroma = librosa.feature.chroma_cqt(y=y, sr=SAMPLE_RATE, hop_length=512)
    beats = librosa.beat.beat_track(y=librosa.effects.hpss(y)[1], sr=SAMPLE_RATE)[1]
    beat_mel, beat_chroma = (librosa.util.sync(x, beats.tolist(), aggregate=np.median) for x in (mel, chroma))
    return FusedFeatures(
        full=np.vstack((librosa.power_to_db(mel, ref=np.max), chroma)).astype(np.float64),
        beat=np.vstack((librosa.power_to_db(beat_mel, ref=np.max), beat_chroma)).astype(np.float64),
    )


@pytest.mark.parametrize(("seconds", "cents", "tempo"), [(6.0, 0, 120), (7.3, 31, 93)])
def test_the_features_are_those_of_plain_librosa(seconds: float, cents: float, tempo: float) -> None:
    y = made_up_clip(seconds, cents, tempo)
    ours, plain = fused(y), plain_librosa(y)
    np.testing.assert_array_equal(ours.full[:128], plain.full[:128])
    np.testing.assert_allclose(ours.full[128:], plain.full[128:], rtol=0, atol=1e-6)
    np.testing.assert_array_equal(ours.beat[:128], plain.beat[:128])
    np.testing.assert_allclose(ours.beat[128:], plain.beat[128:], rtol=0, atol=1e-6)


def test_shapes_types_and_ranges_are_those_of_the_data_set() -> None:
    features = fused(made_up_clip(6.0, 0, 120))
    assert features.full.shape == (140, 259) == (140, 1 + 6 * SAMPLE_RATE // HOP)
    assert features.beat.shape[0] == 140
    assert 9 <= features.beat.shape[1] <= 13  # six seconds at 120 beats a minute
    for array in (features.full, features.beat):
        assert array.dtype == np.float64
        assert array[:128].max() == 0.0
        assert array[:128].min() >= -80.0
        assert array[128:].min() >= 0.0
        assert array[128:].max() <= 1.0


def test_thirty_seconds_make_as_many_frames_as_the_data_set_has() -> None:
    assert 1 + 30 * SAMPLE_RATE // HOP == 1292


@pytest.mark.parametrize("cents", [-20, 0, 11])
def test_the_tuning_is_that_of_librosa_and_in_thirds_of_a_semitone(cents: float) -> None:
    y = made_up_clip(3.0, cents, 120)
    magnitude = np.abs(librosa.stft(y))
    assert tuning(magnitude) == librosa.estimate_tuning(y=y, sr=SAMPLE_RATE, bins_per_octave=36)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 4), st.integers(1, 90), st.integers(0, 2**32 - 1))
def test_the_median_row_by_row_is_that_of_the_two_dimensional_window(rows: int, columns: int, seed: int) -> None:
    data = np.random.default_rng(seed).random((rows, columns), dtype=np.float32)
    np.testing.assert_array_equal(_running_median(data), median_filter(data, size=(1, 31), mode="reflect"))


def test_a_clip_without_beats_is_one_column() -> None:
    feature = np.arange(12, dtype=np.float32).reshape(2, 6)
    assert beat_median(feature, np.array([], dtype=np.int64)).tolist() == [[2.5], [8.5]]


def test_what_comes_before_the_first_and_after_the_last_beat_is_kept() -> None:
    feature = np.array([[0, 0, 5, 7, 9, 1]], dtype=np.float32)
    assert beat_median(feature, np.array([2, 5])).tolist() == [[0, 7, 1]]


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.zeros((2, 9000), dtype=np.float32), "shape .2, 9000."),
        (np.ones(2047, dtype=np.float32), "2047 samples"),
        (np.zeros(9000, dtype=np.float32), "silent"),
        (np.where(np.arange(9000) == 4321, np.nan, 0.1).astype(np.float32), "sample 4321"),
    ],
)
def test_a_waveform_without_features_is_refused_by_its_fault(y: Waveform, message: str) -> None:
    with pytest.raises(DataError, match=message):
        fused(y)


def test_stereo_is_mixed_and_resampled(tmp_path: Path) -> None:
    time = np.arange(44100) / 44100
    left = 0.5 * np.sin(2 * np.pi * 440 * time)
    soundfile.write(tmp_path / "tone.wav", np.stack([left, np.zeros_like(left)], axis=1), 44100)
    y = decode(tmp_path / "tone.wav")
    assert y.dtype == np.float32
    assert y.shape == (SAMPLE_RATE,)
    middle = slice(2000, -2000)
    expected = 0.25 * np.sin(2 * np.pi * 440 * np.arange(SAMPLE_RATE) / SAMPLE_RATE)
    np.testing.assert_allclose(y[middle], expected[middle], atol=1e-3)


def test_audio_at_the_labs_rate_is_read_as_it_is(tmp_path: Path) -> None:
    samples = np.arange(-500, 500, dtype=np.int16)
    soundfile.write(tmp_path / "steps.flac", samples, SAMPLE_RATE, subtype="PCM_16")
    np.testing.assert_array_equal(decode(tmp_path / "steps.flac"), samples / np.float32(32768))


def test_audio_that_is_missing_damaged_or_empty_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.flac: no such audio file"):
        decode(tmp_path / "gone.flac")
    (tmp_path / "text.flac").write_text("not audio")
    with pytest.raises(DataError, match=r"text\.flac: cannot be read as audio"):
        decode(tmp_path / "text.flac")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), SAMPLE_RATE)
    with pytest.raises(DataError, match=r"empty\.wav: the audio holds no samples"):
        decode(tmp_path / "empty.wav")


class CompilerStandIn:
    """Answers in place of the compiling process: writes a file into its cache, then ends with a status."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.folders: list[Path] = []

    def run(self, command: list[str], *, env: dict[str, str], **_: object) -> "subprocess.CompletedProcess[str]":
        self.folders.append(Path(env["NUMBA_CACHE_DIR"]))
        (self.folders[-1] / "code.nbc").write_text("compiled")
        assert env["OMP_NUM_THREADS"] == "1"
        return subprocess.CompletedProcess(command, self.statuses.pop(0), "last words", None)


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> CompilerStandIn:
    stand_in = CompilerStandIn()
    monkeypatch.setattr(subprocess, "run", stand_in.run)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "elsewhere")
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    return stand_in


def test_the_first_use_compiles_and_says_so_and_the_second_does_not(tmp_path: Path, compiler: CompilerStandIn) -> None:
    compiler.statuses = [0]
    said: list[str] = []
    copy = numba_cache.prepare(tmp_path, said.append)
    assert os.environ["NUMBA_CACHE_DIR"] == str(copy)
    assert (copy / "code.nbc").is_file()
    assert copy.is_relative_to(tmp_path)
    assert len(said) == 2
    assert "compiles" in said[0] and "is compiled" in said[1]
    assert numba_cache.prepare(tmp_path, said.append) == copy
    assert len(said) == 2
    assert len(compiler.folders) == 1


def test_a_compilation_that_was_cut_off_is_not_used(tmp_path: Path, compiler: CompilerStandIn) -> None:
    compiler.statuses = [0]
    left_over = tmp_path / "numba" / numba_cache.cache_key() / "compiled-half"
    left_over.mkdir(parents=True)
    copy = numba_cache.prepare(tmp_path, lambda _: None)
    assert copy != left_over
    assert not left_over.exists()


def test_a_crash_while_compiling_is_tried_once_more_from_an_empty_folder(
    tmp_path: Path, compiler: CompilerStandIn
) -> None:
    compiler.statuses = [-11, 0]
    copy = numba_cache.prepare(tmp_path, lambda _: None)
    assert copy == compiler.folders[1]
    assert not compiler.folders[0].exists()


def test_two_crashes_are_an_error_with_the_last_words_and_leave_no_marker(
    tmp_path: Path, compiler: CompilerStandIn
) -> None:
    compiler.statuses = [-11, -11]
    with pytest.raises(LabError, match=r"exit status -11(.|\n)*last words"):
        numba_cache.prepare(tmp_path, lambda _: None)
    assert not list(tmp_path.rglob(numba_cache.MARKER))
    assert os.environ["NUMBA_CACHE_DIR"] == "elsewhere"


def test_a_spoilt_copy_is_replaced_once_and_stays_for_those_who_read_it(
    tmp_path: Path, compiler: CompilerStandIn
) -> None:
    compiler.statuses = [0, 0]
    spoilt = numba_cache.prepare(tmp_path, lambda _: None)
    fresh = numba_cache.rebuild(tmp_path, spoilt, lambda _: None)
    assert fresh != spoilt
    assert spoilt.is_dir()
    assert numba_cache.rebuild(tmp_path, spoilt, lambda _: None) == fresh
    assert numba_cache.prepare(tmp_path, lambda _: None) == fresh
    marker = json.loads((fresh.parent / numba_cache.MARKER).read_text())
    assert marker == {"folder": fresh.name}


def test_a_cache_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LabError, match=r"file/numba/.* cannot be written"):
        numba_cache.prepare(tmp_path / "file", lambda _: None)


def test_the_cache_key_changes_with_the_version_of_librosa(monkeypatch: pytest.MonkeyPatch) -> None:
    before = numba_cache.cache_key()
    assert numba_cache.cache_key() == before
    monkeypatch.setattr(numba_cache, "version", lambda name: "99.0")
    assert numba_cache.cache_key() != before


def square(number: int) -> int:
    if number < 0:
        raise ValueError(f"no square of {number}")
    return number * number


def threads_and_process(_: int) -> tuple[str | None, int]:
    return os.environ.get("OMP_NUM_THREADS"), os.getpid()


def die_until_marked(marker: Path) -> str:
    if not marker.exists():
        marker.write_text("")
        os._exit(1)
    return "alive"


def die(_: int) -> None:
    os._exit(1)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Leaves out compiling; the list holds the copies that were called spoilt."""
    spoilt: list[Path] = []

    def rebuild(cache_folder: Path, copy: Path, say: object) -> Path:
        spoilt.append(copy)
        return copy / "again"

    monkeypatch.setattr(numba_cache, "prepare", lambda cache_folder, say: tmp_path / "copy")
    monkeypatch.setattr(numba_cache, "rebuild", rebuild)
    return spoilt


def test_every_item_comes_back_with_its_position(tmp_path: Path, compiled: list[Path]) -> None:
    outcomes = dict(workers.map_clips(square, [3, 1, 4, 1, 5], jobs=2, cache_folder=tmp_path, say=print))
    assert outcomes == {0: 9, 1: 1, 2: 16, 3: 1, 4: 25}


def test_workers_are_other_processes_with_one_thread(tmp_path: Path, compiled: list[Path]) -> None:
    before = os.environ.get("OMP_NUM_THREADS")
    ((_, (threads, process)),) = workers.map_clips(threads_and_process, [0], jobs=1, cache_folder=tmp_path, say=print)
    assert threads == "1"
    assert process != os.getpid()
    assert os.environ.get("OMP_NUM_THREADS") == before


def test_an_error_in_an_item_comes_through_and_ends_the_workers(tmp_path: Path, compiled: list[Path]) -> None:
    with pytest.raises(ValueError, match="no square of -1"):
        list(workers.map_clips(square, [-1, *range(50)], jobs=2, cache_folder=tmp_path, say=print))
    assert not multiprocessing.active_children()


def test_workers_that_die_are_replaced_once_with_freshly_compiled_code(tmp_path: Path, compiled: list[Path]) -> None:
    outcomes = workers.map_clips(die_until_marked, [tmp_path / "mark"], jobs=1, cache_folder=tmp_path, say=print)
    assert list(outcomes) == [(0, "alive")]
    assert compiled == [tmp_path / "copy"]


def test_workers_that_keep_dying_are_an_error(tmp_path: Path, compiled: list[Path]) -> None:
    with pytest.raises(LabError, match="die without a message"):
        list(workers.map_clips(die, [1], jobs=1, cache_folder=tmp_path, say=print))


def test_the_real_compilation_fills_the_folder_that_is_named(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", "elsewhere")
    monkeypatch.setattr("numba.config.CACHE_DIR", "elsewhere")
    # Kept between test runs, because compiling takes half a minute.
    copy = numba_cache.prepare(Path(request.config.cache.mkdir("compiled")), lambda _: None)
    assert vars(numba.config)["CACHE_DIR"] == str(copy)
    assert list(copy.rglob("beat.*.nbc"))
    assert list(copy.rglob("utils._localmax*.nbi"))
