"""Batches on a device: the same whether they are cut from memory of the device or put together from the pack."""

from __future__ import annotations

import json
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from data_sets import SimpleCache, make_genre_set

from labsteps.data.batches import bucketed_batches, iterate
from labsteps.data.folders import DataFolder
from labsteps.data.pack import MEL, Pack, open_pack, pack
from labsteps.training import feed as feeding
from labsteps.training.feed import Clips, Feed

BATCH = 16


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    folder = tmp_path_factory.mktemp("feed")
    root = make_genre_set(folder / "data", lengths=(5, 30), beat=False, multitask=False)
    packed = pack(root, DataFolder.GENRE_FULL, "train", SimpleCache(folder / "cache"))
    chosen = packed.select(np.arange(len(packed))[::-2])  # neither the pack's order nor all of it
    assert chosen.labels is not None
    return Clips(chosen, MEL, chosen.labels)


@pytest.mark.parametrize("crop", [0, 20])
def test_what_lies_on_a_device_gives_the_batches_of_the_pack(
    clips: Clips, crop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "CLIPS_AT_ONCE", 3)
    from_pack, resident = Feed(clips, "cpu"), Feed(clips, "cpu", "whole")
    plan = from_pack.plan(4, crop, seed=1, epoch=2)
    batches = zip(from_pack.batches(plan), resident.batches(plan), strict=True)
    told = []
    for (x, lengths, targets), (held_x, held_lengths, held_targets) in batches:
        assert torch.equal(x, held_x)
        assert torch.equal(targets, held_targets)
        assert (lengths is None) == (held_lengths is None)
        assert lengths is None or torch.equal(lengths, held_lengths)
        assert lengths is None or int(lengths.min()) < x.shape[1] == int(lengths.max())
        told.append(lengths is not None)
    assert any(told)
    assert all(told) == (crop == 0)


def test_batches_are_made_where_they_are_used_once_the_file_cache_has_the_frames(
    clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def noted(*parts: object, **named: Any) -> Any:
        asked.append(named["prefetch"])
        return iterate(*parts, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(feeding, "iterate", noted)
    heard = int(clips.pack.lengths.sum()) * 128 * 4
    for memory, ahead in ((2 * heard, True), (2 * heard + 2, False)):
        monkeypatch.setattr(feeding, "physical_memory", lambda memory=memory: memory)
        feed = Feed(clips, "cpu")
        plan = feed.plan(4, 20, seed=1, epoch=2)
        first, second = ([x.clone() for x, _, _ in feed.batches(plan)] for _ in range(2))
        assert all(map(torch.equal, first, second))
        assert asked == [True, ahead]
        asked.clear()


def test_clips_have_one_feed_for_each_device(clips: Clips) -> None:
    # An evaluation asks anew after every epoch, and must not copy everything to the device again.
    assert clips.feed("cpu") is clips.feed("cpu")
    assert Clips(clips.pack, MEL, clips.targets).feed("cpu") is not clips.feed("cpu")


# Many clips


def sparse_pack(folder: Path, clips: int) -> Pack:
    """Return a pack of beats whose frames are a hole in a file."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from benchmarks import scale

    return open_pack(scale.sparse_pack(folder, scale.BEAT, clips))


def test_an_epoch_of_four_times_the_clips_holds_no_more_batches_in_memory(tmp_path: Path) -> None:
    held = []
    for clips in (1000, 4000):
        packed = sparse_pack(tmp_path / str(clips), clips)
        tracemalloc.start()
        for _ in iterate(packed, bucketed_batches(packed.lengths, BATCH, 0, 0), MEL, reuse=True):
            pass
        held.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    largest = BATCH * 129 * 128 * 4
    assert held[0] > 3 * largest
    assert held[1] < held[0] + largest / 2


def test_an_epoch_of_four_times_the_clips_takes_four_times_the_calls(tmp_path: Path) -> None:
    calls = []
    for clips in (500, 2000):
        packed, counted = sparse_pack(tmp_path / str(clips), clips), [0]

        def count(_frame: object, event: str, _argument: object, counted: list[int] = counted) -> None:
            counted[0] += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            batches = bucketed_batches(packed.lengths, BATCH, 0, 0)
            padded = sum(batch.x.shape[0] * batch.x.shape[1] for batch in iterate(packed, batches, MEL, prefetch=False))
        finally:
            sys.setprofile(None)
        calls.append(counted[0])
        assert padded < 1.1 * packed.lengths.sum()
    assert calls[0] > 500
    assert calls[1] < 4.2 * calls[0]


def test_a_sparse_pack_is_as_large_as_it_says_and_takes_no_disk(tmp_path: Path) -> None:
    packed = sparse_pack(tmp_path / "pack", 1000)
    told = json.loads((packed.folder / "pack.json").read_text())["files"]
    for name, width in (("mel.npy", 128), ("chroma.npy", 12)):
        file = (packed.folder / name).stat()
        assert file.st_size > 1000 * 29 * width * 4
        assert file.st_blocks * 512 < 2**20
        assert told[name]["size"] == file.st_size
