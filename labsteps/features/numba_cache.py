"""One compiled copy of librosa's numeric code, made by one process before several use it.

numba writes the cache of a vectorised function in two files without a lock. Processes that compile at the
same time can mix them, and from then on every process that loads the pair dies with a segmentation fault.
So the cache lies in a folder of our own, keyed by everything it depends on; one process fills it under an
exclusive lock, and a marker that is written last says which copy is whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from labsteps.errors import LabError

MARKER = "complete.json"
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")}
_ATTEMPTS = 2
_COMPILES = "librosa compiles its numeric code on first use; this takes 10 to 50 seconds, more on a busy machine, once."


def prepare(cache_folder: Path, say: Callable[[str], None]) -> Path:
    """Point numba at a compiled copy of librosa's code, and make that copy when there is none.

    Call it before librosa is imported, and before starting processes that import it: they inherit the setting.

    Parameters
    ----------
    cache_folder
        Where the workbench keeps what it can make again; made when it is not there.
    say
        Told, in a sentence, when compiling begins, is waited for or is over; not called when the copy is there.

    Returns
    -------
    Path
        The folder that ``NUMBA_CACHE_DIR`` now names.

    Raises
    ------
    LabError
        If the folder cannot be written, or compiling fails twice.
    """
    return _prepare(cache_folder, say, spoilt=None)


def rebuild(cache_folder: Path, spoilt: Path, say: Callable[[str], None]) -> Path:
    """Make a new copy after a process that used the copy in `spoilt` died of a segmentation fault.

    The old copy stays where it is, because other processes may be reading it; one that was already
    replaced by somebody else is not made again.

    Parameters
    ----------
    cache_folder, say
        As in `prepare`.
    spoilt
        The folder that `prepare` returned.

    Returns
    -------
    Path
        The folder that ``NUMBA_CACHE_DIR`` now names.

    Raises
    ------
    LabError
        As in `prepare`.
    """
    return _prepare(cache_folder, say, spoilt=spoilt)


def compiled(cache_folder: Path) -> Path | None:
    """Return the folder of the compiled copy for this machine and these versions, or None when there is none yet."""
    return _whole_copy(cache_folder / "numba" / cache_key())


def _prepare(cache_folder: Path, say: Callable[[str], None], spoilt: Path | None) -> Path:
    home = cache_folder / "numba" / cache_key()
    copy = _whole_copy(home)
    if copy is None or copy == spoilt:
        try:
            home.mkdir(parents=True, exist_ok=True)
            with _locked(home / "lock", say):
                copy = _whole_copy(home)
                if copy is None or copy == spoilt:
                    say(_COMPILES)
                    copy = _compile(home, keep=spoilt)
                    say("librosa's numeric code is compiled.")
        except OSError as error:
            raise LabError(f"{home}: cannot be written ({error.strerror}); choose another cache folder") from error
    use(copy)
    return copy


def cache_key(package: str = "librosa", modules: Sequence[str] = ("librosa",)) -> str:
    """Return a name that changes with whatever compiled code depends on.

    These are the versions of Python, numba, llvmlite, numpy and the package, the place and date of its files
    (numba compiles anew when those change), and the processor.

    Parameters
    ----------
    package
        Name under which it is installed.
    modules
        The modules whose files numba compiles.

    Raises
    ------
    LabError
        If a module is not installed.
    """
    sources: list[Path] = []
    for module in modules:
        spec = importlib.util.find_spec(module)
        if spec is None or spec.origin is None:
            raise LabError(f"{module} is not installed; install the packages that the project's pyproject.toml names")
        sources += sorted(Path(spec.origin).parent.rglob("*.py"))
    facts = [platform.python_implementation(), platform.python_version(), platform.machine(), _processor()]
    facts += [f"{name} {version(name)}" for name in ("numba", "llvmlite", package, "numpy")]
    facts += [f"{path} {path.stat().st_mtime_ns}" for path in sources]
    digest = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]
    return f"python{sys.version_info.major}.{sys.version_info.minor}-{package}{version(package)}-{digest}"


def use(copy: Path) -> None:
    """Point numba, in this process and in those it starts, at a folder with compiled code."""
    os.environ["NUMBA_CACHE_DIR"] = str(copy)
    numba = sys.modules.get("numba")
    if numba is not None:
        numba.config.CACHE_DIR = str(copy)


def fill(copy: Path, module: str) -> str:
    """Run a module in a process of its own, whose compiled code goes into the folder `copy`.

    Returns
    -------
    str
        Empty when it went well; else the exit status and the last lines that it wrote.
    """
    # A process of its own, because one that meets a damaged cache dies without an exception.
    done = subprocess.run(
        [sys.executable, "-m", module],
        env={**os.environ, **ONE_THREAD, "NUMBA_CACHE_DIR": str(copy), "PYTHONPATH": _python_path()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    last = "\n".join(done.stdout.strip().splitlines()[-5:])
    return f"exit status {done.returncode}:\n{last}"


def _processor() -> str:
    """Return the processor's name and abilities, for which the code is compiled."""
    info = Path("/proc/cpuinfo")
    if not info.is_file():
        return platform.processor()
    lines = info.read_text(encoding="utf-8", errors="replace").split("\n\n")[0].splitlines()
    return " ".join(line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part")))


def _whole_copy(home: Path) -> Path | None:
    """Return the folder that the marker names, or None when there is no whole copy."""
    marker = home / MARKER
    if not marker.is_file():
        return None
    copy = home / str(json.loads(marker.read_text(encoding="utf-8"))["folder"])
    return copy if copy.is_dir() else None


@contextmanager
def _locked(path: Path, say: Callable[[str], None]) -> Iterator[None]:
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process is compiling librosa's numeric code; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _compile(home: Path, keep: Path | None) -> Path:
    """Fill a new folder under `home` in a process of its own, and let the marker name it."""
    for attempt in range(1, _ATTEMPTS + 1):
        copy = Path(tempfile.mkdtemp(prefix="compiled-", dir=home))
        problem = fill(copy, "labsteps.features.numba_cache")
        if not problem:
            break
        shutil.rmtree(copy)
        if attempt == _ATTEMPTS:
            raise LabError(f"librosa does not run on this machine: {problem}")
    temporary = home / f"{MARKER}.{os.getpid()}"
    temporary.write_text(json.dumps({"folder": copy.name}), encoding="utf-8")
    temporary.replace(home / MARKER)
    for other in home.glob("compiled-*"):
        if other not in (copy, keep):
            shutil.rmtree(other)
    return copy


def _python_path() -> str:
    """Return a search path on which a child process finds this package."""
    here = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))


def warm_up() -> None:
    """Compute the features of a made-up clip, so that numba compiles and stores all they need."""
    import numpy as np

    from labsteps.features.fused import fused
    from labsteps.features.grid import SAMPLE_RATE

    time = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    clicks = np.exp(-40 * (time % 0.5)) * np.random.default_rng(0).standard_normal(len(time))
    fused((0.3 * np.sin(2 * np.pi * 220 * time) + 0.2 * clicks).astype(np.float32))


if __name__ == "__main__":
    warm_up()
