"""A cached folder is built once, whole, and by one process."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_children import every_kill, flipped, leftovers, run_in_child

from workbench.store.errors import CacheError, DamagedError, MissingError, UnusableNameError
from workbench.store.folder_cache import FolderCache
from workbench.store.stamps import STAMP


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
    with pytest.raises(DamagedError, match=r"frames\.npy"):
        cache.verify("pack@1")
    told: list[str] = []
    FolderCache(cache.root, report=told.append).folder("pack@1", build)
    assert (file.read_bytes(), build.count) == (b"data", 3)
    assert told == [f"{file}: is not what was written there; its folder is built again."]
    with pytest.raises(MissingError):
        cache.verify("never")


def compared_in(cache: FolderCache) -> list[Path]:
    """Ask for a folder, and return what of its content was compared for that."""
    seen: list[Path] = []
    FolderCache(cache.root, progress=lambda folder, *_: seen.append(folder)).folder("pack@1", Build())
    return seen


def test_content_is_compared_only_after_a_change(cache: FolderCache) -> None:
    file = cache.folder("pack@1", Build()) / "frames.npy"
    afterwards(file.parent)
    assert compared_in(cache) == []
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    os.utime(file, (1, 1))
    assert compared_in(cache) == [file.parent]
    afterwards(file.parent)
    assert compared_in(cache) == []
    os.utime(file, ns=times)  # as a copy that keeps the times leaves it
    assert compared_in(cache) == [file.parent]
    (file.parent / STAMP).write_text('{"frames.n')
    assert compared_in(cache) == [file.parent]


def test_a_change_in_the_same_tick_of_the_clock_is_seen(cache: FolderCache) -> None:
    """The time of a file that was just written may stay the same when it is written once more."""
    folder = cache.folder("pack@1", Build())
    written = (folder / "frames.npy").stat().st_mtime_ns
    os.utime(folder / STAMP, ns=(written, written))
    assert compared_in(cache) == [folder]


def test_what_is_changed_with_its_old_time_is_seen(cache: FolderCache) -> None:
    file = cache.folder("pack@1", Build()) / "frames.npy"
    afterwards(file.parent)
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    file.write_bytes(flipped(b"data", 1, 1))
    os.utime(file, ns=times)
    assert cache.folder("pack@1", Build()) == file.parent
    assert file.read_bytes() == b"data"


def test_a_comparison_can_be_ended_and_is_done_next_time(cache: FolderCache) -> None:
    class StopError(Exception):
        pass

    def stop(folder: Path, done: int, total: int) -> None:
        assert (folder.name, done, total) == ("pack@1", 4, 4)
        raise StopError

    file = cache.folder("pack@1", Build()) / "frames.npy"
    file.write_bytes(flipped(b"data", 1, 1))
    with pytest.raises(StopError):
        FolderCache(cache.root, progress=stop).folder("pack@1", Build())
    cache.folder("pack@1", Build())
    assert file.read_bytes() == b"data"


def test_several_processes_at_once_mend_a_folder_once(cache: FolderCache, tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        (tmp_path / f"built-by-{os.getpid()}").touch()
        Build(seconds=0.1)(folder)

    def ask() -> None:
        assert (cache.folder("pack@1", build) / "frames.npy").read_bytes() == b"data"

    (cache.folder("pack@1", Build()) / "frames.npy").write_bytes(b"atad")
    at_once(4, ask)
    assert len(list(tmp_path.glob("built-by-*"))) == 1


def test_one_killed_while_it_notes_leaves_nothing_half(cache: FolderCache) -> None:
    folder = cache.folder("pack@1", Build())
    times = iter(range(1, 1000))

    def change() -> None:
        os.utime(folder / "frames.npy", ns=(0, next(times)))

    for _ in every_kill(lambda: cache.folder("pack@1", Build()), change):
        build = Build()
        assert cache.folder("pack@1", build) == folder
        assert (build.count, leftovers(folder)) == (0, [])


def test_a_folder_that_is_of_no_use_is_built_again(cache: FolderCache) -> None:
    told: list[str] = []
    cache.folder("pack@1", Build(b"old"))
    asked = FolderCache(cache.root, report=told.append)
    path = asked.folder("pack@1", Build(b"new"), lambda there: (there / "frames.npy").read_bytes() == b"new")
    assert (path / "frames.npy").read_bytes() == b"new"
    assert told == [f"{path}: is of no use to this version; it is built again."]


@pytest.mark.parametrize(("code", "what"), [(errno.EROFS, "cannot be written to"), (errno.ENOSPC, "is full")])
def test_a_cache_that_takes_nothing_is_named_with_its_setting(cache: FolderCache, code: int, what: str) -> None:
    def build(folder: Path) -> None:
        raise OSError(code, os.strerror(code), str(folder / "frames.npy"))

    with pytest.raises(CacheError, match=f"^{cache.root}: the cache folder {what}.*WORKBENCH_CACHE_DIR.*cache_dir"):
        cache.folder("pack@1", build)


def test_a_file_in_place_of_the_cache_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for root in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(CacheError, match=f"^{root}: .* as {tmp_path / 'file'} is a file; .*WORKBENCH_CACHE_DIR"):
            FolderCache(root).folder("pack@1", Build())


def test_of_a_cache_that_takes_nothing_whole_folders_are_used(
    cache: FolderCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = cache.folder("pack@1", Build()) / "frames.npy"
    afterwards(file.parent)
    shut(monkeypatch)
    build = Build()
    assert cache.folder("pack@1", build) == file.parent
    os.utime(file, ns=(1, 1))
    for _ in range(2):  # nothing can be noted, so that it is compared each time
        assert compared_in(cache) == [file.parent]
    monkeypatch.undo()
    file.write_bytes(b"atad")
    shut(monkeypatch)
    told: list[str] = []
    with pytest.raises(CacheError, match=f"{file} is not what was written there; choose .*WORKBENCH_CACHE_DIR"):
        FolderCache(cache.root, report=told.append).folder("pack@1", build)
    assert (told, build.count) == ([], 0)  # not told to be built again


def afterwards(folder: Path) -> None:
    """Let the comparison of a folder have been noted long after its files were written."""
    later = time.time() + 60
    os.utime(folder / STAMP, (later, later))


def shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be read and none be written or made."""

    def opened(path: Any, flags: int, *more: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return real(path, flags, *more)

    real = os.open
    monkeypatch.setattr(os, "open", opened)


def at_once(number: int, act: Callable[[], None]) -> None:
    """Do something in several processes at the same time."""
    children = []
    for _ in range(number):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                act()
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * number


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

    def ask() -> None:
        assert (cache.folder("pack@1", build) / "frames.npy").read_bytes() == b"data"

    at_once(4, ask)
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
