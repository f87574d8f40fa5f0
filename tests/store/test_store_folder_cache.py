"""A cached folder is built once, whole, and by one process."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_children import every_kill, flipped, leftovers, run_in_child

from workbench.store.errors import DamagedError, MissingError, UnusableNameError
from workbench.store.folder_cache import FolderCache


class Build:
    """Builds a folder and counts how often."""

    def __init__(self, content: bytes = b"data", seconds: float = 0.0) -> None:
        self.content, self.seconds, self.count = content, seconds, 0

    def __call__(self, folder: Path) -> None:
        self.count += 1
        time.sleep(self.seconds)
        (folder / "frames.npy").write_bytes(self.content)


@pytest.fixture
def cache(tmp_path: Path) -> FolderCache:
    return FolderCache(tmp_path / "cache")


def folders(cache: FolderCache) -> set[str]:
    return {name for name in os.listdir(cache.root) if name != "locks"}


def test_a_folder_is_built_once(cache: FolderCache) -> None:
    build = Build()
    assert not cache.holds("pack@1")
    first = cache.folder("pack@1", build)
    assert cache.holds("pack@1")
    assert (first / "frames.npy").read_bytes() == b"data"
    assert cache.folder("pack@1", build) == first
    assert FolderCache(cache.root).folder("pack@1", build) == first
    assert build.count == 1
    assert cache.verify("pack@1")["info"] == {"key": "pack@1"}


def test_a_damaged_folder_is_built_again(cache: FolderCache) -> None:
    build = Build()
    file = cache.folder("pack@1", build) / "frames.npy"
    file.write_bytes(b"cut")
    assert cache.folder("pack@1", build) / "frames.npy" == file
    assert (file.read_bytes(), build.count) == (b"data", 2)
    file.write_bytes(flipped(b"data", 1, 1))
    cache.folder("pack@1", build)
    assert build.count == 2  # sizes are all that the cheap look compares
    with pytest.raises(DamagedError, match=r"frames\.npy"):
        cache.verify("pack@1")
    cache.folder("pack@1", build, full=True)
    assert (file.read_bytes(), build.count) == (b"data", 3)
    with pytest.raises(MissingError):
        cache.verify("never")


def test_a_failed_build_leaves_nothing_and_passes_its_error_on(cache: FolderCache) -> None:
    def broken(folder: Path) -> None:
        (folder / "half").write_bytes(b"1")
        raise ValueError("12 files are malformed")

    with pytest.raises(ValueError, match="12 files"):
        cache.folder("pack@1", broken)
    assert folders(cache) == set()
    cache.folder("pack@1", Build())


def test_several_processes_at_once_build_once(cache: FolderCache, tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        (tmp_path / f"built-by-{os.getpid()}").touch()
        Build(seconds=0.1)(folder)

    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            code = 3
            try:
                code = 0 if (cache.folder("pack@1", build) / "frames.npy").read_bytes() == b"data" else 1
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert len(list(tmp_path.glob("built-by-*"))) == 1


def test_a_killed_builder_leaves_nothing_half(cache: FolderCache) -> None:
    for _ in every_kill(lambda: cache.folder("pack@1", Build()), lambda: shutil.rmtree(cache.root, ignore_errors=True)):
        build = Build()
        assert (cache.folder("pack@1", build) / "frames.npy").read_bytes() == b"data"
        assert folders(cache) == {"pack@1"}
        assert cache.verify("pack@1")


def test_one_who_waits_can_give_up(cache: FolderCache) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    def build(folder: Path) -> None:
        def wait() -> None:
            with pytest.raises(StopError):
                FolderCache(cache.root, check=stop).folder("pack@1", Build())

        assert run_in_child(wait) == 0
        Build()(folder)

    cache.folder("pack@1", build)


def test_old_folders_of_a_name_go_and_those_in_use_stay(cache: FolderCache) -> None:
    for number in (1, 2, 3):
        os.utime(cache.folder(f"pack@{number}", Build()), (number, number))
        cache.folder(f"other@{number}", Build())
    cache.folder("plain", Build())
    os.utime(cache.root / "plain", (1, 1))
    cache.folder("pack@4", Build())
    assert folders(cache) == {"pack@3", "pack@4", "other@1", "other@2", "other@3", "plain"}
    os.utime(cache.root / "pack@3", (3, 3))
    cache.folder("pack@3", Build())  # using it is what keeps it
    os.utime(cache.root / "pack@4", (4, 4))
    cache.folder("pack@5", Build())
    assert {name for name in folders(cache) if name.startswith("pack")} == {"pack@3", "pack@5"}
    assert leftovers(cache.root) == []


@settings(deadline=None, max_examples=60)
@given(keys=st.sets(st.text(min_size=1, max_size=12), min_size=2, max_size=2))
def test_any_two_keys_have_two_plain_names(keys: set[str]) -> None:
    cache = FolderCache(Path("/cache"))
    paths = [cache.path(key) for key in keys]
    assert len(set(paths)) == 2
    for path in paths:
        assert path.parent == Path("/cache")
        assert path.name.isascii()
        assert not path.name.startswith(".")
        assert path.name != "locks"


def test_a_name_with_any_sign_keeps_its_fingerprints_together() -> None:
    cache = FolderCache(Path("/cache"))
    first, second = (cache.path(f"πακέτο/mel@{fingerprint}").name for fingerprint in ("aa", "bb"))
    assert first.partition("@")[0] == second.partition("@")[0]
    assert first != second
    with pytest.raises(UnusableNameError, match="empty"):
        cache.path("")
