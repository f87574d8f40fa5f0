"""One split as two arrays: every clip a contiguous block of memory-mapped files.

A pack is a folder:

``mel.npy``, ``chroma.npy``
    float32, shapes (sum of T, 128) and (sum of T, 12): the clips one after the other, frames-major.  Most networks
    hear mel rows alone, and a clip of those is copied in one piece.
``ids.npy``, ``lengths.npy``
    int64, one a clip, in the order of the index.
``labels.npy`` or ``values.npy``
    Raw genre codes (int64), or affect values (float64, one column an axis); neither for unlabelled tracks.
``pack.json``
    Names of genres or axes, the fingerprint of the source, and size and sha256 of each file; written last.

A pack keeps the *raw* genres: a `ClassScheme` is laid over an open pack, so one pack serves every scheme.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from labsteps.context import FolderCache
from labsteps.data.classes import DROPPED, ClassScheme
from labsteps.data.clip_files import CHROMA, MEL, N_ROWS, Frames, read_clip
from labsteps.data.folders import DataFolder, SplitName, fingerprint
from labsteps.data.index import Problem
from labsteps.data.layout import Split, open_split
from labsteps.errors import DataError, NoRoomError

__all__ = ["CHROMA", "MEL", "N_ROWS", "Pack", "open_pack", "pack", "write_pack"]

Progress = Callable[[int, int], None]

_FORMAT = 2
_MANIFEST = "pack.json"
_ROWS = {"mel.npy": MEL, "chroma.npy": CHROMA}
_READERS = 2
_AHEAD = 8  # clips read and not yet written, which bounds the memory
_BLOCK = 2**22


@dataclass(frozen=True, eq=False)
class Pack:
    """An open pack, or a selection of one; clips are read from disk when they are touched.

    Attributes
    ----------
    folder
        Where its files lie.
    source
        Which of the four folders it was made from.
    split
        ``train`` or ``test``.
    fingerprint
        Of the files it was made from.
    mel : np.ndarray [shape=(n_frames, 128), dtype=float32]
        All clips' mel rows in dB (−80…0), read-only.
    chroma : np.ndarray [shape=(n_frames, 12), dtype=float32]
        Their chroma rows in 0…1, read-only.
    starts, lengths : np.ndarray [shape=(n,), dtype=int64]
        Where each clip begins in `mel` and `chroma`, and its number of frames.
    ids : np.ndarray [shape=(n,), dtype=int64]
        Track ids.
    labels : np.ndarray [shape=(n,), dtype=int64] or None
        Codes into `classes`.
    classes
        Names of the classes in the order of their codes: raw genres, until `with_classes` is called.
    values : np.ndarray [shape=(n, n_axes), dtype=float64] or None
        Affect values in 0…1.
    axes
        Names of the columns of `values`.
    """

    folder: Path
    source: DataFolder
    split: SplitName
    fingerprint: str
    mel: Frames
    chroma: Frames
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64] | None
    classes: tuple[str, ...]
    values: npt.NDArray[np.float64] | None
    axes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def clip(self, index: int, rows: slice = slice(0, N_ROWS)) -> Frames:
        """Return the rows of one clip, shape (T, n_rows), read-only; mel or chroma rows alone are not copied."""
        start = int(self.starts[index])
        parts = [columns[start : start + int(self.lengths[index])] for columns, _ in self.columns(rows)]
        clip = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        clip.flags.writeable = False
        return clip

    def columns(self, rows: slice) -> list[tuple[Frames, slice]]:
        """Return the arrays that hold `rows` of all clips, each with its place among these rows.

        Parameters
        ----------
        rows
            A range of the 140 rows, such as `MEL`.

        Returns
        -------
        list of (np.ndarray [shape=(n_frames, n), dtype=float32], slice)
            Views; one for mel or chroma rows alone, two for some of both.
        """
        asked, found = range(N_ROWS)[rows], []
        for array, held in ((self.mel, range(N_ROWS)[MEL]), (self.chroma, range(N_ROWS)[CHROMA])):
            first, last = max(asked.start, held.start), min(asked.stop, held.stop)
            if first < last:
                columns = array[:, first - held.start : last - held.start]
                found.append((columns, slice(first - asked.start, last - asked.start)))
        return found

    def names(self) -> tuple[str, ...]:
        """Return the class name of each clip."""
        return tuple(self.classes[code] for code in self._labels().tolist())

    def select(self, indices: npt.ArrayLike) -> Pack:
        """Return the clips at `indices`, in that order, without copying frames."""
        chosen = np.asarray(indices, np.int64)
        return replace(
            self,
            starts=self.starts[chosen],
            lengths=self.lengths[chosen],
            ids=self.ids[chosen],
            labels=None if self.labels is None else self.labels[chosen],
            values=None if self.values is None else self.values[chosen],
        )

    def with_classes(self, scheme: ClassScheme, classes: Sequence[str] | None = None) -> Pack:
        """Return the clips that `scheme` keeps, labelled by its classes.

        Parameters
        ----------
        scheme
            Raw genre → class; call this on a pack as it was opened, whose labels are still the raw ones.
        classes
            The training set's classes, for every other set.  None means that this is the training set.

        Raises
        ------
        DataError
            If the pack has no genres, or a clip's class is not in `classes`.
        """
        raw = self.names()
        names = scheme.classes(raw) if classes is None else tuple(classes)
        try:
            codes = scheme.encode(raw, names)
        except DataError as error:
            raise DataError(f"{self.source}/{self.split}: {error}") from error
        kept = np.flatnonzero(codes != DROPPED)
        return replace(self.select(kept), labels=codes[kept], classes=names)

    def _labels(self) -> npt.NDArray[np.int64]:
        if self.labels is None:
            raise DataError(f"{self.source}/{self.split}: its clips have no genre")
        return self.labels


def pack(
    root: Path, folder: DataFolder, split: SplitName, cache: FolderCache, progress: Progress | None = None
) -> Pack:
    """Return the pack of one split, built if it is not whole in the cache or if the source has changed.

    Parameters
    ----------
    root
        The data root.
    folder, split
        Which of the four folders, and ``train`` or ``test``.
    cache
        Where packs are kept; it sees to several processes that build at once.
    progress
        Called with the number of clips written and their total while building; what it raises ends the build.

    Raises
    ------
    DataError
        If the source is missing or malformed; `problems` has everything that is wrong.
    """
    source = fingerprint(root, [folder], [split])

    def build(target: Path) -> None:
        opened = open_split(root, folder, split)
        write_pack(target, opened, source=source, progress=progress)
        if fingerprint(root, [folder], [split]) != source:
            raise DataError(f"{root / folder / split}: its files changed while they were read; run this again")

    def usable(there: Path) -> bool:
        try:
            return open_pack(there).fingerprint == source
        except DataError:  # of another version, or damaged in a way that its own sums do not tell
            return False

    return open_pack(cache.folder(f"pack-{folder}-{split}@{_FORMAT}-{source}", build, usable))


def write_pack(folder: Path, split: Split, *, source: str, progress: Progress | None = None) -> None:
    """Write the pack of `split` into an existing empty folder.

    Reads each file once, with a few clips in memory at a time.

    Parameters
    ----------
    folder
        Where to write; publishing it whole is the caller's part.
    split
        From `open_split`.
    source
        Fingerprint of the files, kept in the pack.
    progress
        Called with the number of clips written and their total.

    Raises
    ------
    DataError
        If a file turns out to be malformed (all of them are named), or the disk has no room.
    """
    size = sum(split.lengths) * N_ROWS * 4
    free = shutil.disk_usage(folder).free
    if free < size + 2**24:
        raise NoRoomError(
            f"{folder.parent}: packing {split.folder}/{split.name} needs {_in_words(size + 2**24)} and "
            f"{_in_words(free)} are free; make room, or keep the cache elsewhere (WORKBENCH_CACHE_DIR)"
        )
    try:
        _write_files(folder, split, source, progress)
    except OSError as error:  # reading has errors of its own, so this one is about writing
        raise NoRoomError(
            f"{folder.parent}: a pack cannot be written ({error.strerror}); make room, "
            "or keep the cache elsewhere (WORKBENCH_CACHE_DIR)"
        ) from error


def _in_words(size: int) -> str:
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _write_files(folder: Path, split: Split, source: str, progress: Progress | None) -> None:
    genres = sorted(set(split.labels))
    files = _write_frames(folder, split, progress)
    columns: dict[str, npt.NDArray[Any]] = {
        "ids.npy": np.array(split.ids, np.int64),
        "lengths.npy": np.array(split.lengths, np.int64),
    }
    if split.labels:
        code = {name: number for number, name in enumerate(genres)}
        columns["labels.npy"] = np.array([code[label] for label in split.labels], np.int64)
    if split.values:
        columns["values.npy"] = np.array(split.values, np.float64)
    for name, column in columns.items():
        np.save(folder / name, column, allow_pickle=False)
        files[name] = _describe(folder / name)
    manifest = {
        "format": _FORMAT,
        "folder": str(split.folder),
        "split": split.name,
        "fingerprint": source,
        "genres": genres,
        "axes": list(split.axes),
        "files": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / _MANIFEST).write_text(text, "utf-8")


def _write_frames(folder: Path, split: Split, progress: Progress | None) -> dict[str, dict[str, Any]]:
    """Write all clips' frames; return each file's size and checksum, which are taken along the way."""
    problems: list[Problem] = []
    with ExitStack() as opened:
        growing = {
            name: opened.enter_context(_Growing(folder / name, (sum(split.lengths), len(range(N_ROWS)[rows]))))
            for name, rows in _ROWS.items()
        }
        for done, (path, length, clip) in enumerate(_clips(split), 1):
            if isinstance(clip, DataError):
                problems.append(Problem(path, None, str(clip)))
            elif len(clip) != length:
                problems.append(Problem(path, None, "changed while it was read"))
            elif not problems:
                for name, rows in _ROWS.items():
                    growing[name].append(clip[:, rows])
            if progress is not None:
                progress(done, len(split))
    if problems:
        lines = [problem.text(split.root) for problem in problems]
        raise DataError(f"{split.root}: {len(lines)} unusable files, the first: {lines[0]}", lines)
    return {name: file.description() for name, file in growing.items()}


class _Growing:
    """A .npy file of float32 that grows by rows, and its checksum."""

    def __init__(self, path: Path, shape: tuple[int, int]) -> None:
        self._path, self._digest, self._size = path, hashlib.sha256(), 0
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": shape})
        self._file = path.open("wb")
        self._write(header.getbuffer())

    def append(self, rows: Frames) -> None:
        self._write(memoryview(np.ascontiguousarray(rows, "<f4")).cast("B"))

    def description(self) -> dict[str, Any]:
        return {"size": self._size, "sha256": self._digest.hexdigest()}

    def _write(self, data: memoryview) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _clips(split: Split) -> Iterator[tuple[Path, int, Frames | DataError]]:
    """Read the clips in order, a few ahead, on threads; a clip that cannot be read comes as its error."""
    waiting: deque[tuple[Path, int, Future[Frames | DataError]]] = deque()
    with ThreadPoolExecutor(_READERS) as pool:
        for path, length in zip(split.paths, split.lengths, strict=True):
            waiting.append((path, length, pool.submit(_read_or_error, path)))
            if len(waiting) >= _AHEAD:
                ready = waiting.popleft()
                yield ready[0], ready[1], ready[2].result()
        while waiting:
            ready = waiting.popleft()
            yield ready[0], ready[1], ready[2].result()


def _read_or_error(path: Path) -> Frames | DataError:
    try:
        return read_clip(path)
    except DataError as error:
        return error


def _describe(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return {"size": path.stat().st_size, "sha256": digest.hexdigest()}


def open_pack(folder: Path, *, verify: bool = False) -> Pack:
    """Open a pack; takes milliseconds, as frames are read when they are touched.

    Parameters
    ----------
    folder
        A folder that `write_pack` wrote.
    verify
        Compare every file's checksum; else their sizes only.

    Raises
    ------
    DataError
        If the folder is not a whole pack; the message names the file.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    try:
        for name, stored in manifest["files"].items():
            _verify(folder / name, stored, verify)
        columns = {name: _load(folder / name) for name in manifest["files"]}
        ids, lengths = columns["ids.npy"], columns["lengths.npy"]
        mel, chroma = (columns[name] for name in _ROWS)
        labels, values = columns.get("labels.npy"), columns.get("values.npy")
        opened = Pack(
            folder=folder,
            source=DataFolder(manifest["folder"]),
            split=manifest["split"],
            fingerprint=manifest["fingerprint"],
            mel=mel,
            chroma=chroma,
            starts=np.concatenate(([0], np.cumsum(lengths)[:-1])),
            lengths=lengths,
            ids=ids,
            labels=labels,
            classes=tuple(manifest["genres"]),
            values=values,
            axes=tuple(manifest["axes"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DataError(f"{folder / _MANIFEST}: does not describe a pack ({error!r}); {_REBUILD}") from error
    sizes = {len(column) for column in (ids, lengths, labels, values) if column is not None}
    expected = [((int(lengths.sum()), len(range(N_ROWS)[rows])), np.dtype(np.float32)) for rows in _ROWS.values()]
    if len(sizes) != 1 or [(array.shape, array.dtype) for array in (mel, chroma)] != expected:
        raise DataError(f"{folder}: its files do not fit together; {_REBUILD}")
    return opened


_REBUILD = "remove that folder and it is built again"


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); {_REBUILD}") from error
    except ValueError as error:
        raise DataError(f"{path}: is damaged ({error}); {_REBUILD}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise DataError(f"{path}: is not a pack of format {_FORMAT}; {_REBUILD}")
    return manifest


def _verify(path: Path, stored: dict[str, Any], full: bool) -> None:
    try:
        found = _describe(path) if full else {"size": path.stat().st_size}
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); {_REBUILD}") from error
    for key, value in found.items():
        if value != stored[key]:
            raise DataError(f"{path}: is damaged ({key} is {value}, should be {stored[key]}); {_REBUILD}")


def _load(path: Path) -> npt.NDArray[Any]:
    """Return a column, or frames as a memory map that looks like a plain array."""
    if path.name not in _ROWS:
        return np.asarray(np.load(path, allow_pickle=False))
    # the subclass that numpy returns costs microseconds at every slice
    mapped: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return mapped.view(np.ndarray)
