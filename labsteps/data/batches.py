"""Which clips come together in which order, and their frames in one padded array.

Nothing here keeps state: an order is a function of (seed, epoch), so a resumed run goes on with the very
batches that the uninterrupted one would have had.

Padding comes *before* normalisation, which is a network's first layer: a clip is continued by silence, −80 dB in the
mel rows and 0 in the chroma rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from labsteps.data.clip_files import Frames, quietest
from labsteps.data.pack import Pack
from labsteps.errors import DataError, ParameterError

Indices = npt.NDArray[np.int64]
Made = TypeVar("Made")

_ORDER, _BATCHES, _CROPS = range(3)
_BATCHES_IN_CHUNK = 32
_AHEAD = 2  # batches made before they are asked for, so that the thread that makes them need not wait for the asker


class Batch(NamedTuple):
    """Clips put together.

    Attributes
    ----------
    indices : np.ndarray [shape=(B,), dtype=int64]
        Positions of the clips in the pack.
    x : np.ndarray [shape=(B, T, n_rows), dtype=float32]
        Frames, padded at the end.
    lengths : np.ndarray [shape=(B,), dtype=int64]
        Valid frames of each clip.
    """

    indices: Indices
    x: Frames
    lengths: Indices


def permutation(n: int, seed: int, epoch: int) -> Indices:
    """Return the numbers 0…n−1 in an order that depends on (n, seed, epoch) alone."""
    return _generator(_ORDER, seed, epoch).permutation(n)


def bucketed_batches(lengths: npt.ArrayLike, batch_size: int, seed: int, epoch: int) -> list[Indices]:
    """Return batches of clips of similar length in a random order, every clip once.

    A random order is cut into chunks of 32 batches, each chunk sorted by length and cut into batches, and the
    batches are shuffled: so there is little padding and yet other clips meet in every epoch.

    Parameters
    ----------
    lengths : array_like of int [shape=(n,)]
        Frames of each clip.
    batch_size : int > 0
        Clips a batch; the batches that are left over at the end of the order may have fewer.
    seed, epoch
        What the order depends on.

    Returns
    -------
    list of np.ndarray [dtype=int64]
        Positions in `lengths`.
    """
    sizes = np.asarray(lengths, np.int64)
    _require_positive("batch_size", batch_size)
    order = permutation(len(sizes), seed, epoch)
    chunk = batch_size * _BATCHES_IN_CHUNK
    batches: list[Indices] = []
    for begin in range(0, len(order), chunk):
        part = order[begin : begin + chunk]
        batches += _cut(part[np.argsort(sizes[part], kind="stable")], batch_size)
    return [batches[i] for i in _generator(_BATCHES, seed, epoch).permutation(len(batches))]


def random_batches(lengths: npt.ArrayLike, batch_size: int, seed: int, epoch: int) -> list[Indices]:
    """Return batches of any clips in a random order, every clip once; the arguments are those of `bucketed_batches`."""
    _require_positive("batch_size", batch_size)
    return _cut(permutation(len(np.asarray(lengths)), seed, epoch), batch_size)


def sorted_batches(lengths: npt.ArrayLike, batch_size: int) -> list[Indices]:
    """Return batches in order of length, shortest first, every clip once: for evaluation."""
    _require_positive("batch_size", batch_size)
    return _cut(np.argsort(np.asarray(lengths, np.int64), kind="stable"), batch_size)


def crop_offsets(lengths: npt.ArrayLike, crop: int, seed: int, epoch: int) -> Indices:
    """Return the frame at which each clip's random crop of `crop` frames begins.

    Parameters
    ----------
    lengths : array_like of int [shape=(n,)]
        Frames of each clip; a clip no longer than the crop begins at 0.
    crop : int > 0
        Frames of the crop.
    seed, epoch
        What the offsets depend on, beside the clip's position.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=int64]
        Each crop lies inside its clip; all places are equally likely.
    """
    _require_positive("crop", crop)
    room = np.maximum(np.asarray(lengths, np.int64) - crop, 0)
    return _generator(_CROPS, seed, epoch).integers(0, room, endpoint=True, dtype=np.int64)


def collate(
    pack: Pack,
    indices: npt.ArrayLike,
    rows: slice,
    *,
    crop: int | None = None,
    offsets: npt.ArrayLike | None = None,
    pad_to: int = 0,
    out: Frames | None = None,
) -> tuple[Frames, Indices]:
    """Put clips into one array, padded with silence.

    Parameters
    ----------
    pack
        Where the clips are.
    indices : array_like of int [shape=(B,)]
        Which clips.
    rows
        Which rows of a clip, such as `MEL`.
    crop : int > 0
        Take at most so many frames of each clip; the whole clip when None.
    offsets : array_like of int [shape=(len(pack),)]
        First frame taken of each clip *of the pack*, from `crop_offsets`; 0 when None.
    pad_to
        Make the array at least so many frames long.
    out : np.ndarray [shape=(n,), dtype=float32]
        Flat buffer to write into, of at least B · T · n_rows numbers; `x` is then a view of its beginning.

    Returns
    -------
    x : np.ndarray [shape=(B, T, n_rows), dtype=float32]
        Contiguous; T is that of the longest clip taken, or `pad_to`.
    lengths : np.ndarray [shape=(B,), dtype=int64]
        Valid frames of each clip.

    Raises
    ------
    ParameterError
        If a number is out of range.
    """
    first, lengths = _windows(pack, np.asarray(indices, np.int64), crop, offsets)
    return _put_together(pack.columns(rows), quietest(rows), first, lengths, pad_to, out), lengths


def iterate(
    pack: Pack,
    batches: Sequence[Indices],
    rows: slice,
    *,
    crop: int | None = None,
    offsets: npt.ArrayLike | None = None,
    pad_to: int = 0,
    prefetch: bool = True,
    reuse: bool = False,
) -> Iterator[Batch]:
    """Yield the collated batches in order; the arguments not named here are those of `collate`.

    Parameters
    ----------
    pack
        Where the clips are.
    batches
        Positions of the clips of each batch, from `bucketed_batches` or `sorted_batches`.
    rows
        Which rows of a clip.
    crop, offsets, pad_to
        As in `collate`.
    prefetch
        Put the next two batches together on a thread while this one is used; what is yielded is the same.
    reuse
        Write into a few buffers in turn, which saves the cost of new memory.  A batch's `x` then holds until the
        next batch is asked for, and no longer.

    Yields
    ------
    Batch
        One for each of `batches`.
    """
    buffers = [np.empty(0, np.float32)] * (1 + _AHEAD if prefetch else 1)
    columns, silence = pack.columns(rows), quietest(rows)
    first, lengths = _windows(pack, np.arange(len(pack)), crop, offsets)

    def make(number: int) -> Batch:
        chosen, place = np.asarray(batches[number], np.int64), number % len(buffers)
        taken = lengths[chosen]
        if reuse:
            size = len(chosen) * max(int(taken.max(initial=0)), pad_to) * len(silence)
            if buffers[place].size < size:
                buffers[place] = np.empty(size, np.float32)
        out = buffers[place] if reuse else None
        return Batch(chosen, _put_together(columns, silence, first[chosen], taken, pad_to, out), taken)

    made = map(make, range(len(batches)))
    yield from ahead(made) if prefetch else made


def ahead(source: Iterator[Made]) -> Iterator[Made]:
    """Yield what `source` yields, of which the next two are made on a thread while one is used."""
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as pool:
        coming = deque(pool.submit(next, source, None) for _ in range(_AHEAD))
        while (item := coming.popleft().result()) is not None:
            # asked for before this one is handed over, so that it is made while this one is used
            coming.append(pool.submit(next, source, None))
            yield item


def _generator(purpose: int, seed: int, epoch: int) -> np.random.Generator:
    if seed < 0 or epoch < 0:
        raise ParameterError(f"seed {seed} and epoch {epoch} should not be negative")
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, epoch, purpose])))


def _require_positive(name: str, value: int) -> None:
    if value < 1:
        raise ParameterError(f"{name} is {value}; it should be at least 1")


def _cut(order: Indices, batch_size: int) -> list[Indices]:
    return [order[begin : begin + batch_size] for begin in range(0, len(order), batch_size)]


def _windows(pack: Pack, chosen: Indices, crop: int | None, offsets: npt.ArrayLike | None) -> tuple[Indices, Indices]:
    """Return for each chosen clip the first frame taken, counted in the pack, and how many are taken."""
    lengths = pack.lengths[chosen]
    begin = np.zeros_like(lengths)
    if offsets is not None:
        begin = np.asarray(offsets, np.int64)[chosen]
        if (begin < 0).any() or (begin >= lengths).any():
            raise ParameterError(f"an offset lies outside its clip (largest {begin.max()}); see `crop_offsets`")
    taken = lengths - begin
    if crop is not None:
        _require_positive("crop", crop)
        taken = np.minimum(taken, crop)
    return pack.starts[chosen] + begin, taken


def _put_together(
    columns: Sequence[tuple[Frames, slice]],
    silence: Frames,
    first: Indices,
    lengths: Indices,
    pad_to: int,
    out: Frames | None,
) -> Frames:
    """Return the frames from `first` on of each clip, continued by silence, shape (B, T, n_rows)."""
    longest = max(int(lengths.max(initial=0)), pad_to)
    shape = (len(first), longest, len(silence))
    x = np.empty(shape, np.float32) if out is None else _view(out, shape)
    if not len(first):
        return x
    ends, padding = (first + lengths).tolist(), (longest - lengths).tolist()
    quiet = silence[np.newaxis].repeat(max(padding), axis=0)
    for held, among in columns:
        # One call for all clips: a clip of beats takes two microseconds to copy, as long as a call of its own.
        pieces = []
        for start, end, missing in zip(first.tolist(), ends, padding, strict=True):
            pieces.append(held[start:end])
            if missing:
                pieces.append(quiet[:missing, among])
        np.concatenate(pieces, out=x.reshape(-1, len(silence))[:, among])
    return x


def _view(buffer: Frames, shape: tuple[int, int, int]) -> Frames:
    size = shape[0] * shape[1] * shape[2]
    if buffer.ndim != 1 or buffer.size < size or buffer.dtype != np.float32:
        raise DataError(f"buffer of {buffer.size} {buffer.dtype} for a batch of {size} float32; make it larger")
    return buffer[:size].reshape(shape)
