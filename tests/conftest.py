"""What every test shares: folders of its own for cache, state, configuration and sessions, and small data."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

# A shell gives what it starts in the background a Ctrl-C that is ignored, and what tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the whole run, so that what several processes of tests need is compiled once."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return tmp_path_factory.mktemp("cache")
    folder = tmp_path_factory.getbasetemp().parent / "cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep every test, and the processes it starts, away from the user's folders."""
    monkeypatch.setenv("WORKBENCH_CACHE_DIR", str(shared_cache))
    monkeypatch.setenv("WORKBENCH_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("WORKBENCH_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("WORKBENCH_SESSIONS_DIR", str(tmp_path / "sessions"))
    for name in ("NO_COLOR", "COLORTERM", "SSH_CONNECTION", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    yield


@pytest.fixture(scope="session")
def genre_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from data_sets import make_genre_set

    return make_genre_set(
        tmp_path_factory.mktemp("data"),
        {"Blues": 12, "Jazz": 12, "Metal": 12, "Indie-Rock": 3},
        test_per_class=5,
        lengths=(60, 80),
        multitask=False,
    )


@pytest.fixture(scope="module")
def clips(genre_root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, tuple[str, ...]]:
    """Return the training clips and the test clips of the small set, and its classes."""
    from data_sets import SimpleCache

    from labsteps.data.classes import ClassScheme
    from labsteps.data.folders import DataFolder
    from labsteps.data.pack import MEL, pack
    from labsteps.training.feed import Clips

    cache = SimpleCache(tmp_path_factory.mktemp("packs"))
    whole = pack(genre_root, DataFolder.GENRE_FULL, "train", cache).with_classes(ClassScheme())
    test = pack(genre_root, DataFolder.GENRE_FULL, "test", cache).with_classes(ClassScheme(), whole.classes)
    return Clips(whole, MEL, whole.labels), Clips(test, MEL, test.labels), whole.classes


@pytest.fixture(scope="module")
def as_torch_was() -> Iterator[None]:
    """Put back what holds for the whole process once tests that set how torch computes are done."""
    import torch

    cudnn, variable = torch.backends.cudnn, os.environ.get("CUBLAS_WORKSPACE_CONFIG")
    threads, mode, precision = (
        torch.get_num_threads(),
        torch.get_deterministic_debug_mode(),
        torch.get_float32_matmul_precision(),
    )
    fastest, tf32 = cudnn.benchmark, cudnn.allow_tf32
    yield
    torch.set_flush_denormal(False)
    torch.set_num_threads(threads)
    torch.set_deterministic_debug_mode(mode)
    torch.set_float32_matmul_precision(precision)
    cudnn.benchmark, cudnn.allow_tf32 = fastest, tf32
    if variable is None:
        os.environ.pop("CUBLAS_WORKSPACE_CONFIG", None)
