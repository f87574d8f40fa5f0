"""The newest whole checkpoint is found, whatever happened to the others."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from store_children import every_kill, flipped, leftovers, with_file_limit

from workbench.store.checkpoints import Checkpoint, CheckpointStore, step_name
from workbench.store.errors import DamagedError, StorageError


def writer(content: bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(content * 100)
        (folder / "optimizer.safetensors").write_bytes(content * 50)

    return write


def save(store: CheckpointStore, step: int, keep: tuple[int, ...] = ()) -> None:
    store.save(step, writer(str(step).encode()), {"step": step}, keep)


def silent(text: str) -> None:
    raise AssertionError(f"nothing should be reported: {text}")


@pytest.fixture
def store(tmp_path: Path) -> CheckpointStore:
    return CheckpointStore(tmp_path / "checkpoints")


def test_without_checkpoints_there_is_none(store: CheckpointStore) -> None:
    assert store.newest(report=silent) is None
    assert store.steps() == []
    assert store.get(3) is None


def test_the_newest_two_and_those_to_keep_stay(store: CheckpointStore) -> None:
    for step in range(1, 7):
        save(store, step, keep=(2,))
    assert store.steps() == [2, 5, 6]
    save(store, 7, keep=(5,))
    assert store.steps() == [5, 6, 7]
    assert sorted(os.listdir(store.folder)) == [step_name(step) for step in (5, 6, 7)]


def test_order_is_by_number_and_not_by_clock(store: CheckpointStore) -> None:
    save(store, 100)
    save(store, 20_000_000_0)
    os.utime(store.folder / step_name(100), (time.time() + 1e6,) * 2)
    newest = store.newest(report=silent)
    assert newest is not None
    assert newest.step == 200_000_000


def test_a_checkpoint_gives_back_files_and_info(store: CheckpointStore) -> None:
    save(store, 12)
    found = store.get(12)
    assert found is not None
    assert (found.step, found.folder.name, found.info) == (12, "step-00000012", {"step": 12})
    assert (found.folder / "model.safetensors").read_bytes() == b"12" * 100


def damage_flip(path: Path) -> None:
    path.write_bytes(flipped(path.read_bytes(), 20, 3))


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def damage_remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("name", ["model.safetensors", "optimizer.safetensors", "manifest.json"])
@pytest.mark.parametrize("damage", [damage_flip, damage_cut, damage_remove])
def test_a_damaged_one_is_named_and_the_one_before_is_used(
    store: CheckpointStore, name: str, damage: Callable[[Path], None]
) -> None:
    save(store, 1)
    save(store, 2)
    damage(store.folder / step_name(2) / name)
    told: list[str] = []
    newest = store.newest(report=told.append)
    assert newest is not None
    assert newest.step == 1
    assert len(told) == 1
    assert name in told[0]
    assert "step-00000002" in told[0]
    with pytest.raises(DamagedError, match=name):
        store.get(2)


def test_when_all_are_damaged_each_is_told(store: CheckpointStore) -> None:
    save(store, 1)
    save(store, 2)
    for step in (1, 2):
        damage_cut(store.folder / step_name(step) / "model.safetensors")
    told: list[str] = []
    assert store.newest(report=told.append) is None
    assert ["step 2" in told[0], "step 1" in told[1]] == [True, True]


def test_one_that_cannot_be_gone_on_from_is_passed_over_with_the_reason(store: CheckpointStore) -> None:
    save(store, 1)
    save(store, 2)

    def usable(checkpoint: Checkpoint) -> None:
        if checkpoint.info["step"] == 2:
            raise ValueError("made with 3 devices")

    told: list[str] = []
    newest = store.newest(usable, report=told.append)
    assert newest is not None
    assert newest.step == 1
    assert "made with 3 devices" in told[0]


def test_an_error_that_is_not_a_refusal_is_not_swallowed(store: CheckpointStore) -> None:
    save(store, 1)

    def broken(checkpoint: Checkpoint) -> None:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        store.newest(broken, report=silent)


def test_a_step_can_be_saved_again_over_a_damaged_or_whole_one(store: CheckpointStore) -> None:
    save(store, 1)
    save(store, 2)
    damage_cut(store.folder / step_name(2) / "manifest.json")
    for content in (b"again", b"and again"):
        store.save(2, writer(content), {"content": content.decode()})
        found = store.newest(report=silent)
        assert found is not None
        assert (found.step, found.info) == (2, {"content": content.decode()})
        assert sorted(os.listdir(store.folder)) == [step_name(1), step_name(2)]


def test_damaged_ones_are_not_counted_among_those_kept(store: CheckpointStore) -> None:
    for step in (1, 2):
        save(store, step)
    damage_cut(store.folder / step_name(2) / "model.safetensors")
    save(store, 3)
    assert store.steps() == [1, 3]


def test_going_on_from_an_older_one_drops_those_passed_over(store: CheckpointStore) -> None:
    save(store, 10)
    save(store, 20)
    damage_flip(store.folder / step_name(20) / "model.safetensors")
    store.newest(report=lambda text: None)
    save(store, 15)
    assert store.steps() == [10, 15]


def test_a_kill_anywhere_leaves_the_old_newest_or_the_new_one(tmp_path: Path) -> None:
    store = CheckpointStore(tmp_path / "checkpoints")

    def prepare() -> None:
        shutil.rmtree(store.folder, ignore_errors=True)
        for step in (1, 2):
            save(store, step)

    seen = set()
    for _ in every_kill(lambda: save(store, 3), prepare):
        newest = store.newest(report=silent)
        assert newest is not None
        seen.add(newest.step)
        save(store, 4)  # the next life goes on as if nothing had been
        assert store.newest(report=silent) == (4, store.folder / step_name(4), {"step": 4})
        assert len(store.steps()) == 2
        assert leftovers(store.folder) == []
    assert seen == {2, 3}


def test_a_kill_while_a_step_is_replaced_leaves_one_of_the_two(tmp_path: Path) -> None:
    store = CheckpointStore(tmp_path / "checkpoints")

    def prepare() -> None:
        shutil.rmtree(store.folder, ignore_errors=True)
        store.save(1, writer(b"old"), {"is": "old"})

    seen, places = set(), set()
    for place in every_kill(lambda: store.save(1, writer(b"new"), {"is": "new"}), prepare):
        newest = store.newest(report=silent)
        assert newest is not None
        assert newest.step == 1
        content = (newest.folder / "model.safetensors").read_bytes()
        assert content == str(newest.info["is"]).encode() * 100
        seen.add(newest.info["is"])
        places.add(place.partition(":")[0])
        save(store, 2)
        assert sorted(os.listdir(store.folder)) == [step_name(1), step_name(2)]
    assert seen == {"old", "new"}
    assert "aside" in places


def test_a_file_limit_keeps_the_earlier_checkpoints(store: CheckpointStore) -> None:
    save(store, 1)

    def too_much() -> None:
        with pytest.raises(StorageError, match="step-00000002"):
            store.save(2, writer(b"x" * 1000), {})

    with_file_limit(50_000, too_much)
    newest = store.newest(report=silent)
    assert newest is not None
    assert newest.step == 1
    assert leftovers(store.folder) == []


def test_a_negative_step_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        step_name(-1)
