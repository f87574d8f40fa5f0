"""All tracks of a plan through as many processes as are wanted, with a journal, so that nothing is done twice.

The work is handed out through joblib: processes of this machine by default, and whatever backend is registered with
joblib (Dask, Ray) where one is.  Each worker guards a child of its own that touches the audio.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from labsteps.data.folders import DataFolder
from labsteps.errors import DataError, LabError, StopRequestedError
from labsteps.extraction.guard import Guard
from labsteps.extraction.plan import Track

TIMEOUT = 120.0
WATCH_SECONDS = 1.0
_BATCH = 8
# A clip of 30 seconds is read whole; of a long track no more than that, since only seconds of it are decoded.
_LOOKS, _BLOCK = 32, 2**16
Stamp = tuple[int, int]  # size in bytes and time of the last change in ns
_watching = threading.Event()
_own = threading.local()  # a guard speaks with one thread; a backend may have several in a process


@dataclass(frozen=True, slots=True)
class Recipe:
    """How tracks become clips; a data set is made by one recipe.

    Attributes
    ----------
    choice
        Which stretches, as in `labsteps.extraction.segments.starts`.
    seconds
        Length of a clip.
    """

    choice: str = "start"
    seconds: float = 30.0

    @property
    def several(self) -> bool:
        """Whether a track may give more than one clip."""
        return self.choice == "several"


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a track.

    Attributes
    ----------
    clips
        Id, start, frames and beats of each clip that was made.
    reason
        Why there is none; empty where there are.
    size, changed
        Of the audio file that was heard, in bytes and in ns; None in journals of before these were kept.
    digest
        Of that file, as `_digest` has it; empty where it could not be read, and in journals of before it was kept.
    """

    file: str
    id: int
    clips: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""
    seconds: float = 0.0
    size: int | None = None
    changed: int | None = None
    digest: str = ""

    @property
    def stamp(self) -> Stamp | None:
        """What the audio file was told by when it was heard."""
        return None if self.size is None or self.changed is None else (self.size, self.changed)


def extract(
    tracks: Sequence[Track],
    audio: Path,
    out: Path,
    recipe: Recipe,
    journal: Path,
    *,
    jobs: int,
    cache_folder: Path,
    limit: float = TIMEOUT,
    stop: Callable[[], bool] = lambda: False,
    backend: str | None = None,
) -> Iterator[Entry]:
    """Extract what the journal does not know yet, and yield each track's entry when it is in the journal.

    Parameters
    ----------
    tracks
        What is to be there in the end.
    audio, out
        Folder of the audio, and root of the data set.
    recipe
        How tracks become clips.
    journal
        File with a line a track that is done.
    jobs
        Number of processes.
    cache_folder
        Where librosa's compiled code is kept.
    limit
        Seconds for one track.
    stop
        Asked after each track.
    backend
        Of joblib; its default or the one that is registered when None.

    Raises
    ------
    StopRequestedError
        After `stop` said so; what is done stays done.
    LabError
        If the audio cannot be worked on at all, or the disk is full.
    """
    from joblib import delayed

    known = tracks_by_file(tracks)
    stamps, entries = stamps_of(audio, known), read_journal(journal)
    same = same_audio(audio, stamps, entries)
    done = {entry.file for entry in entries if still_true(entry, out, known, same)}
    waiting = [track for track in tracks if track.file not in done]
    if not waiting:
        return
    tasks = (
        delayed(work)(_task(track, audio, out, recipe), str(cache_folder), limit, os.getpid()) for track in waiting
    )
    by_id = {track.id: track for track in waiting}
    with open(journal, "ab") as log:
        log.truncate(_whole_lines(journal))
        outcomes = _outcomes(tasks, jobs, {} if backend is None else {"backend": backend})
        try:
            for track_id, answer, seconds in outcomes:
                track = by_id[track_id]
                entry = _entry(track, answer, seconds, stamps[track.file])
                log.write(json.dumps(asdict(entry)).encode() + b"\n")
                log.flush()
                yield entry
                if stop():
                    raise StopRequestedError
        finally:
            outcomes.close()
            os.fsync(log.fileno())


def _outcomes(tasks: Iterator[Any], jobs: int, chosen: Mapping[str, str]) -> Generator[Any, None, None]:
    """Yield what `work` returns for each task, as it comes, from the backend that is chosen here or outside."""
    from joblib import Parallel

    try:
        pool = Parallel(n_jobs=jobs, return_as="generator_unordered", pre_dispatch="2*n_jobs", **chosen)
    except ValueError:  # backends made on multiprocessing, as Ray's is, give back whole lists only
        with Parallel(n_jobs=jobs, **chosen) as pool:
            while batch := list(islice(tasks, _BATCH * max(1, jobs))):
                yield from pool(batch)
        return
    outcomes = pool(tasks)
    try:
        yield from outcomes
    finally:
        outcomes.close()


def work(
    task: Mapping[str, Any], cache_folder: str, limit: float, coordinator: int
) -> tuple[int, dict[str, Any], float]:
    """Work on one track in this thread's child; a function of a module, so that any backend can send it."""
    _end_with(coordinator)
    guards: dict[str, Guard] = _own.__dict__.setdefault("guards", {})
    guard = guards.get(cache_folder) or guards.setdefault(cache_folder, Guard(Path(cache_folder)))
    started = time.monotonic()
    answer = {**guard.call(task, limit), "digest": _digest(Path(task["path"]))}
    return int(task["id"]), answer, time.monotonic() - started


def _end_with(coordinator: int) -> None:
    """Let this process end when the one that started it is killed: loky's workers would wait minutes for work."""
    if os.getppid() != coordinator or _watching.is_set():
        return
    _watching.set()

    def watch() -> None:
        while os.getppid() == coordinator:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def read_journal(path: Path) -> list[Entry]:
    """Return the entries of a journal, the last one of each track; a torn last line is passed over."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    entries: dict[str, Entry] = {}
    for line in lines:
        try:
            data = json.loads(line)
            clips, stamp = tuple(data["clips"]), (data.get("size"), data.get("changed"), data.get("digest", ""))
            entry = Entry(data["file"], data["id"], clips, data["reason"], data["seconds"], *stamp)
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path}: a line of it cannot be read ({error}); remove the file to begin again") from error
        entries[entry.file] = entry
    return list(entries.values())


def tracks_by_file(tracks: Iterable[Track]) -> dict[str, Track]:
    """Return the tracks by their file."""
    return {track.file: track for track in tracks}


def stamps_of(audio: Path, files: Iterable[str]) -> dict[str, Stamp]:
    """Return what each audio file is told by; a file that cannot be looked at has the size -1."""
    found = {}
    for file in files:
        try:
            status = os.stat(audio / file)
        except OSError:  # what is wrong with it is said when it is to be heard
            found[file] = (-1, 0)
        else:
            found[file] = (status.st_size, status.st_mtime_ns)
    return found


def same_audio(audio: Path, stamps: Mapping[str, Stamp], entries: Iterable[Entry]) -> dict[str, frozenset[Stamp]]:
    """Return all that each audio file is told by: what it has now, and what it had when the same content was heard.

    A copy has another time of change, as on another machine of a job array; it is read where its size is the same.
    """
    found = {file: {stamp} for file, stamp in stamps.items()}
    read: dict[str, str] = {}
    for entry in entries:
        now = stamps.get(entry.file)
        if now is None or entry.stamp is None or entry.stamp in found[entry.file] or not entry.digest:
            continue
        if entry.size == now[0]:
            if entry.file not in read:
                read[entry.file] = _digest(audio / entry.file)
            if read[entry.file] == entry.digest:
                found[entry.file].add(entry.stamp)
    return {file: frozenset(known) for file, known in found.items()}


def _digest(path: Path) -> str:
    """Return the sha256 of a file, of which at most `_LOOKS` blocks are read, evenly from the first to the last."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            last = max(0, os.fstat(file.fileno()).st_size - 1) // _BLOCK
            for look in range(min(_LOOKS, last + 1)):
                file.seek(_BLOCK * (look * last // max(1, min(_LOOKS - 1, last))))
                digest.update(file.read(_BLOCK))
    except OSError:  # what is wrong with it is said when it is heard
        return ""
    return digest.hexdigest()


def array_name(clip: int) -> str:
    """Return the name of a clip's file."""
    return f"{clip}.fused.full.npy"


def array_folders(out: Path, split: str) -> tuple[Path, Path]:
    """Return the folders of a part's arrays: by frames and by beats."""
    return out / DataFolder.GENRE_FULL / split, out / DataFolder.GENRE_BEAT / split


def _task(track: Track, audio: Path, out: Path, recipe: Recipe) -> dict[str, Any]:
    full, beat = array_folders(out, track.split)
    return {
        "path": str(audio / track.file),
        "id": track.id,
        "several": recipe.several,
        "choice": recipe.choice,
        "seconds": recipe.seconds,
        "full": str(full),
        "beat": str(beat),
    }


def _entry(track: Track, answer: Mapping[str, Any], seconds: float, stamp: Stamp) -> Entry:
    if "failed" in answer:
        raise LabError(f"{track.file}: its arrays could not be written: {answer['failed']}. Mend it and run it again.")
    clips = tuple(answer.get("done", ()))
    reason, digest = str(answer.get("rejected", "")), str(answer.get("digest", ""))
    return Entry(track.file, track.id, clips, reason, round(seconds, 3), *stamp, digest)


def still_true(entry: Entry, out: Path, tracks: Mapping[str, Track], same: Mapping[str, frozenset[Stamp]]) -> bool:
    """Return whether what a journal says of a track holds for the plan, the audio file and the arrays of now.

    What was rejected stays so until its file is altered, or the journal is removed.
    """
    track = tracks.get(entry.file)
    if track is None or track.id != entry.id or entry.stamp not in same[entry.file]:
        return False
    folders = array_folders(out, track.split)
    return all((folder / array_name(clip["id"])).exists() for clip in entry.clips for folder in folders)


def _whole_lines(path: Path) -> int:
    """Return the size of a file up to its last line break."""
    data = path.read_bytes()
    return data.rfind(b"\n") + 1
