"""Audio to a data set: what breaks is left out, what is done is not done again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import joblib
import numpy as np
import psutil
import pytest
import soundfile
from audio_files import RATE, tune, write
from joblib.parallel import ThreadingBackend

from labsteps.data.layout import check
from labsteps.errors import DataError, LabError, StopRequestedError, UsageError
from labsteps.extraction import bulk, child, making
from labsteps.extraction.bulk import Recipe, read_journal
from labsteps.extraction.guard import Guard
from labsteps.extraction.labels import folder_labels
from labsteps.extraction.making import Settings, finish, prepare, run
from labsteps.extraction.plan import Track
from labsteps.extraction.segments import clips
from workbench.cli import main

NOT_THERE = (-1, 0)  # what is known of an audio file that is not there

# A child that answers as its task says, so that no test waits for librosa.
FAKE_CHILD = """
import json, os, signal, sys, time
for line in sys.stdin:
    task = json.loads(line)
    print(json.dumps({"phase": task.get("phase", "listening")}), flush=True)
    if task["do"] == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if task["do"] == "hang":
        time.sleep(600)
    print(json.dumps({"done": [os.getpid()]}), flush=True)
"""


@pytest.fixture
def guard(tmp_path: Path):  # type: ignore[no-untyped-def]
    found = Guard(tmp_path, [sys.executable, "-c", FAKE_CHILD])
    yield found
    found.close()


def test_a_decoder_that_crashes_costs_its_own_file_only(guard: Guard) -> None:
    first = guard.call({"do": "work"}, 60.0)["done"]
    assert guard.call({"do": "work"}, 60.0)["done"] == first
    assert guard.call({"do": "crash"}, 60.0) == {"rejected": "its decoder crashed (SIGSEGV)"}
    assert guard.call({"do": "work"}, 60.0)["done"] != first


def test_a_file_that_takes_too_long_is_given_up(guard: Guard) -> None:
    assert guard.call({"do": "hang"}, 0.2) == {"rejected": "took longer than 0.2 s"}
    assert "done" in guard.call({"do": "work"}, 60.0)


def test_a_crash_in_librosas_code_compiles_it_anew_once(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilt: list[Path] = []
    monkeypatch.setattr("labsteps.features.numba_cache.compiled", lambda folder: folder / "spoilt")
    monkeypatch.setattr("labsteps.features.numba_cache.rebuild", lambda folder, copy, say: rebuilt.append(copy))
    answer = guard.call({"do": "crash", "phase": "analysing"}, 60.0)
    assert answer == {"rejected": "its decoder crashed (SIGSEGV)"} and len(rebuilt) == 1


def test_a_child_that_never_starts_is_our_mistake_and_not_the_files(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="does not start"):
        Guard(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"]).call({"do": "work"}, 5.0)


@pytest.mark.parametrize(
    ("samples", "rate", "reason"),
    [
        (np.zeros(3 * RATE, np.float32), RATE, "silent"),
        (tune(3, 200), 1, "sampled at 1 Hz, at least 2000 Hz"),
        (tune(0.2, 200), RATE, "too short: 0.20 s"),
        (np.where(np.arange(3 * RATE) == 500, np.nan, tune(3, 200)), RATE, "not a finite number"),
    ],
)
def test_what_cannot_be_heard_says_why(tmp_path: Path, samples: np.ndarray, rate: int, reason: str) -> None:
    soundfile.write(tmp_path / "a.wav", samples, rate, subtype="FLOAT")
    with pytest.raises(DataError, match=reason):
        clips(tmp_path / "a.wav", "start", 30.0)


def test_text_by_the_name_of_audio_is_no_audio(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("hello")
    with pytest.raises(DataError, match="cannot be read as audio"):
        clips(tmp_path / "a.mp3", "start", 30.0)


def test_a_name_that_is_not_utf8_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9\n\x1b[31m.wav")
    write(tmp_path / "a.wav").rename(path)
    assert len(clips(path, "start", 30.0)) == 1


@pytest.fixture
def m4a(tmp_path: Path) -> Path:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not on this machine")
    source, path = write(tmp_path / "a.wav", 6.0), tmp_path / "a.m4a"
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(source), str(path)], check=True)
    return path


def test_m4a_is_decoded_where_a_decoder_is(m4a: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [(_, y)] = clips(m4a, "start", 2.0)
    assert len(y) == 2 * RATE
    assert [round(start) for start, _ in clips(m4a, "several", 3.0)] == [0, 3]
    monkeypatch.setattr("labsteps.extraction.segments.FFMPEG_AT_MOST_SECONDS", 4.0)
    with pytest.raises(DataError, match="choose clips"):
        clips(m4a, "middle", 2.0)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataError, match="cannot be read as audio"):
        clips(m4a, "start", 2.0)


@pytest.mark.parametrize("text", ["#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/x\n", "ffconcat version 1.0\nfile a.wav\n"])
def test_a_playlist_is_no_audio(tmp_path: Path, text: str) -> None:
    write(tmp_path / "a.wav")
    (tmp_path / "list.m4a").write_text(text)
    with pytest.raises(DataError, match="cannot be read as audio"):
        clips(tmp_path / "list.m4a", "start", 30.0)


def test_ten_hours_are_not_read_for_thirty_seconds(tmp_path: Path) -> None:
    path, ten_hours = write(tmp_path / "a.wav", 35.0), 36_000 * RATE * 2
    header = bytearray(path.read_bytes()[:44])
    header[4:8], header[40:44] = ((36 + ten_hours).to_bytes(4, "little"), ten_hours.to_bytes(4, "little"))
    with path.open("r+b") as file:
        file.write(header)
        file.truncate(44 + ten_hours)  # sparse: no block of it is on the disk
    [(start, y)] = clips(path, "start", 30.0)
    assert start == 0.0 and len(y) == 30 * RATE
    with pytest.raises(DataError, match="silent"):
        clips(path, "middle", 30.0)


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (192_000, 1), (48_000, 6)])
def test_every_rate_and_number_of_channels_becomes_one_channel_at_the_labs_rate(
    tmp_path: Path, rate: int, channels: int
) -> None:
    [(start, y)] = clips(write(tmp_path / "a.wav", 2.0, 220.0, rate, channels), "start", 30.0)
    assert start == 0.0 and y.shape == (2 * RATE,) and y.dtype == np.float32


def test_only_the_stretch_that_is_wanted_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", 10.0)
    whole, _ = soundfile.read(path, dtype="float32")
    [(start, y)] = clips(path, "middle", 2.0)
    assert start == 4.0
    np.testing.assert_array_equal(y, whole[4 * RATE : 6 * RATE])
    assert [round(at) for at, _ in clips(path, "several", 3.0)] == [0, 3, 6]


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("audio")
    for i in range(3):
        write(root / "Rock" / f"r{i}.wav", 2.0, 150 + 10 * i)
        write(root / "Jazz" / f"j{i}.flac", 2.0, 400 + 10 * i)
    (root / "Jazz" / "broken.mp3").write_bytes(b"ID3" + bytes(500))
    return root


def extract(audio: Path, out: Path, cache: Path, settings: Settings, **more: object) -> list[str]:
    plan = prepare(audio, out, folder_labels, settings)
    jobs = {"jobs": 1, "cache_folder": cache, "limit": 300.0, **more}
    return [entry.file for entry in run(plan, audio, out, settings, **jobs)]  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_folder_of_audio_becomes_a_data_set_and_is_made_once(audio: Path, tmp_path: Path, shared_cache: Path) -> None:
    settings, out = Settings(test_share=0.34), tmp_path / "set"
    with pytest.raises(StopRequestedError):
        extract(audio, out, shared_cache, settings, stop=lambda: True)
    plan = prepare(audio, out, folder_labels, settings)
    assert not finish(plan, out).complete and not (out / "fma_genre_spectrograms/train_labels.txt").exists()

    first = read_journal(out / "extraction/journal-1-of-1.jsonl")
    assert len(extract(audio, out, shared_cache, settings)) == 7 - len(first)
    summary = finish(plan, out, lambda file: (0.1, 0.2, 0.3) if file.startswith("Rock") else None)
    assert summary.complete and summary.clips == 6 and summary.affect == 3
    assert [one.file for one in summary.rejected] == ["Jazz/broken.mp3"]
    report = check(out)
    assert not report.problems

    clip = next(e.clips[0] for e in read_journal(out / "extraction/journal-1-of-1.jsonl") if e.clips)
    array = np.load(next(out.glob(f"fma_genre_spectrograms/*/{clip['id']}.fused.full.npy")))
    assert array.shape == (140, clip["frames"]) and array.dtype == np.float64

    before = {path: path.stat().st_mtime_ns for path in out.glob("fma_genre_spectrograms*/*/*.npy")}
    assert extract(audio, out, shared_cache, settings) == []
    gone = min(before)
    gone.unlink()
    assert len(extract(audio, out, shared_cache, settings)) == 1 and gone.exists()
    others = [path for path in before if path.name != gone.name]
    assert [path.stat().st_mtime_ns for path in others] == [before[path] for path in others]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 5), (signal.SIGINT, 130)])
def test_what_stopped_the_command_is_in_its_exit_code(
    audio: Path,
    tmp_path: Path,
    number: signal.Signals,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def asked(*_: object, stop: Callable[[], bool], **__: object) -> Iterator[object]:
        os.kill(os.getpid(), number)
        while not stop():
            time.sleep(0.01)
        raise StopRequestedError
        yield

    monkeypatch.setattr(making, "run", asked)
    assert main(["data", "extract", str(audio), "--out", str(tmp_path / "set"), "--json"]) == code
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["exit"] == code and "goes on from here" in told.err


def test_another_recipe_needs_another_folder(audio: Path, tmp_path: Path) -> None:
    prepare(audio, tmp_path / "set", folder_labels, Settings())
    with pytest.raises(UsageError, match=r"seconds 30 → 10"):
        prepare(audio, tmp_path / "set", folder_labels, Settings(Recipe(seconds=10.0)))


def test_a_folder_with_other_things_is_left_alone(audio: Path, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "thesis.txt").write_text("mine")
    with pytest.raises(DataError, match="not empty"):
        prepare(audio, tmp_path / "set", folder_labels, Settings())


@pytest.mark.parametrize(("out", "message"), [("thesis.txt", "is a file"), ("thesis.txt/set", "lies in one")])
def test_a_file_in_the_place_of_the_set_is_named(audio: Path, tmp_path: Path, out: str, message: str) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DataError, match=message):
        prepare(audio, tmp_path / out, folder_labels, Settings())


def test_a_folder_that_cannot_be_written_is_told_in_words(audio: Path) -> None:
    with pytest.raises(LabError, match=r"cannot be written .* --out"):
        prepare(audio, Path("/proc/nothing/set"), folder_labels, Settings())


def test_a_full_disk_is_told_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_extract", lambda task, answers: child._write(Path("/dev/full/x"), np.zeros(3)))
    told = child._outcome({"full": str(tmp_path)}, sys.stdout)
    assert "/dev/full" in told["failed"] and "None" not in told["failed"]
    with pytest.raises(OSError, match="No space left"), open("/dev/full", "wb", buffering=0) as full:
        monkeypatch.setattr(child, "open", lambda *args: full, raising=False)
        child._write(tmp_path / "x.npy", np.zeros((140, 9)))
    assert list(tmp_path.iterdir()) == []


def test_nothing_usable_says_so(tmp_path: Path) -> None:
    write(tmp_path / "audio" / "toplevel.wav")
    with pytest.raises(DataError, match="no label is known"):
        prepare(tmp_path / "audio", tmp_path / "set", folder_labels, Settings())


def test_a_torn_line_of_the_journal_is_passed_over(tmp_path: Path) -> None:
    line = {"file": "a", "id": 1, "clips": [], "reason": "silent", "seconds": 1.0}
    (tmp_path / "j").write_text(json.dumps(line) + "\n" + json.dumps(line)[:20])
    assert [entry.file for entry in read_journal(tmp_path / "j")] == ["a"]


def test_the_shards_together_complete_a_set(audio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pretend(tracks, audio, out, recipe, journal, **more):  # type: ignore[no-untyped-def]
        with open(journal, "a") as log:
            for track in tracks:
                size, changed = bulk.stamps_of(audio, [track.file])[track.file]
                entry = bulk.Entry(track.file, track.id, (), "silent", 0.0, size, changed)
                log.write(json.dumps(asdict(entry)) + "\n")
        return iter(())

    monkeypatch.setattr(making, "extract", pretend)
    done = []
    for shard in (1, 2, 3):
        settings = Settings(shard=shard, shards=3)
        extract(audio, tmp_path / "set", tmp_path, settings)
        done.append(finish(prepare(audio, tmp_path / "set", folder_labels, settings), tmp_path / "set").complete)
    assert done == [False, False, True]


def test_going_on_looks_at_each_track_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With 100,000 tracks in the journal, anything done for each of all of them again would never end."""
    tracks = [Track(i, f"{i}.wav", "Rock", "", "train") for i in range(50)]
    lines = [asdict(bulk.Entry(t.file, t.id, (), "silent", 0.0, *NOT_THERE)) for t in tracks]
    (tmp_path / "j").write_text("".join(json.dumps(line) + "\n" for line in lines))
    counted: list[int] = []
    monkeypatch.setattr(bulk, "tracks_by_file", lambda found: counted.append(1) or {t.file: t for t in found})
    assert list(bulk.extract(tracks, tmp_path, tmp_path, Recipe(), tmp_path / "j", jobs=1, cache_folder=tmp_path)) == []
    assert counted == [1]


class AlertGuard:
    """A guard that notices when two threads speak to it at once."""

    def __init__(self, cache: Path) -> None:
        self.busy = threading.Lock()

    def call(self, task: dict[str, object], limit: float) -> dict[str, object]:
        if not self.busy.acquire(blocking=False):
            return {"rejected": "two at once"}
        time.sleep(0.002)
        self.busy.release()
        return {"rejected": threading.current_thread().name}


class Lists(ThreadingBackend):  # type: ignore[misc]
    """A backend that gives back whole lists only, as those made on multiprocessing do."""

    supports_return_generator = False


@pytest.mark.parametrize("backend", ["threading", "lists"])
def test_a_backend_that_was_chosen_outside_does_the_work(
    backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask and Ray register themselves with joblib the same way; a worker of theirs may have several threads."""
    monkeypatch.setattr(bulk, "Guard", AlertGuard)
    monkeypatch.setattr(bulk, "_own", threading.local())
    tracks = [Track(i, f"{i}.wav", "Rock", "", "train") for i in range(40)]
    joblib.register_parallel_backend("lists", Lists)
    with joblib.parallel_config(backend=backend):
        found = bulk.extract(tracks, tmp_path, tmp_path, Recipe(), tmp_path / "j", jobs=4, cache_folder=tmp_path)
        reasons = [entry.reason for entry in found]
    assert len(reasons) == 40 and "two at once" not in reasons and threading.main_thread().name not in reasons


COORDINATOR = """
import os, sys, time
from pathlib import Path
from joblib import Parallel, delayed
from labsteps.extraction import bulk

def begin(folder, coordinator):
    bulk._end_with(coordinator)
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(600)

Parallel(n_jobs=2)(delayed(begin)(sys.argv[1], os.getpid()) for _ in range(2))
"""


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    (tmp_path / "begin.py").write_text(COORDINATOR)
    (tmp_path / "pids").mkdir()
    started = subprocess.Popen(
        [sys.executable, str(tmp_path / "begin.py"), str(tmp_path / "pids")], stderr=subprocess.DEVNULL
    )
    try:
        while len(list((tmp_path / "pids").iterdir())) < 2:
            assert started.poll() is None
            time.sleep(0.05)
    finally:
        started.kill()
        started.wait()
    left = [int(path.name) for path in (tmp_path / "pids").iterdir()]
    while any(alive(pid) for pid in left):
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
