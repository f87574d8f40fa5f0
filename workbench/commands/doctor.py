"""``doctor``: what this machine can do, what may go wrong here, and what to do about it."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from labsteps.errors import DataError, LabError
from labsteps.host import available_threads
from workbench.commands.choose import sessions_of
from workbench.config.pointers import unknown_variables
from workbench.exits import Exit
from workbench.plots.text import cells
from workbench.runner.devices import devices
from workbench.speaking import field, said, told
from workbench.store.errors import DamagedError, MissingError, StorageError, StoreError, in_bytes
from workbench.store.folder_cache import BIG, FolderCache
from workbench.store.places import cache_dir, notice, state_dir
from workbench.wording import SIZE_VARIABLE

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "lustre", "gpfs", "beegfs", "ceph", "9p"}
PACKAGES = ("torch", "numpy", "scipy", "scikit-learn", "librosa", "textual", "plotext", "rich", "safetensors")
LOW_SPACE = 2e9
OLD_PACKS = "pack[0-9]*-*"  # of the first form, whose keys were named otherwise
LOGIND_FILES = ("/etc/systemd/logind.conf", "/usr/lib/systemd/logind.conf")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report.

    Attributes
    ----------
    level
        ``ok``, ``note`` (worth knowing) or ``problem`` (something will not work).
    advice
        What to do about it, empty when all is well.
    """

    name: str
    text: str
    level: str = "ok"
    advice: str = ""


def run_doctor(options: argparse.Namespace) -> int:
    """Print the report; exit code 1 when there is a problem."""
    findings = [finding for look in _looks(options) for finding in _guarded(look)]
    if getattr(options, "json", False):
        print(json.dumps({"format": 1, "findings": [asdict(f) for f in findings]}, ensure_ascii=False, indent=1))
    else:
        width = max(cells(said(finding.name)) for finding in findings)
        for finding in findings:
            print(f"{field(finding.level, 8)}  {field(finding.name, width)}  {told(finding.text)}")
            if finding.advice:
                print(f"{'':<8}  {'':<{width}}  → {told(finding.advice)}")
    return Exit.FAILED if any(finding.level == "problem" for finding in findings) else Exit.DONE


def _looks(options: argparse.Namespace) -> list[Callable[[], Iterator[Finding]]]:
    return [
        _python,
        _torch,
        _devices,
        _terminal,
        lambda: _data(options),
        lambda: _disks(options),
        _session_end,
        _variables,
        _numba,
        _packs,
    ]


def _guarded(look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except (OSError, LabError, StoreError) as error:
        return [Finding("doctor", f"could not look: {error}", "problem")]


def _python() -> Iterator[Finding]:
    old = sys.version_info < (3, 11)
    yield Finding("python", platform.python_version(), "problem" if old else "ok", "needs 3.11 or newer" if old else "")
    missing, found = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    yield Finding("packages", ", ".join(found))
    if missing:
        advice = "install them with: pip install -c constraints.txt ."
        yield Finding("packages", f"missing: {', '.join(missing)}", "problem", advice)


def _torch() -> Iterator[Finding]:
    try:
        import torch

        from labsteps.training.precision import has_bf16
    except ImportError as error:
        yield Finding("torch", f"cannot be imported: {error}", "problem", "pip install torch==2.13.0")
        return
    # CUDA or ROCm builds on a machine without a GPU are a common mix-up, so the build is named.
    built = torch.version.cuda or "CPU"
    yield Finding("torch", f"{torch.__version__}, built for {built}, default {torch.get_num_threads()} threads")
    if has_bf16("cpu"):
        yield Finding("precision", "this processor computes bf16 itself: the probe chooses between bf16 and float32")
    else:
        yield Finding("precision", "float32 (this processor has no bf16 arithmetic)")


def _devices() -> Iterator[Finding]:
    found = devices()
    for device in found:
        yield Finding("device", f"{device.name}: {device.title}")
    if len(found) > 1:
        yield from _gpu_of_torch()
    busy = os.getloadavg()[0]
    if busy > available_threads():
        text = f"load {busy:.1f} on {available_threads()} threads"
        yield Finding("load", text, "note", "other work runs here; runs will be slower and timings worse")


def _gpu_of_torch() -> Iterator[Finding]:
    """Tell where torch cannot use the GPUs that the driver shows."""
    try:
        from labsteps.training.device import unusable
    except ImportError:  # told under "torch" already
        return
    reason, way = unusable()
    if reason:
        yield Finding("gpu", reason, "problem", way)


def _terminal() -> Iterator[Finding]:
    term = os.environ.get("TERM", "")
    columns, lines = _size_of_terminal()
    encoding = sys.stdout.encoding or "unknown"
    colours = "truecolor" if os.environ.get("COLORTERM", "") in ("truecolor", "24bit") else "256 or fewer colours"
    text = f"TERM={term or 'unset'}, {columns}×{lines}, {colours}, {encoding}"
    if term in ("", "dumb"):
        yield Finding("terminal", text, "note", "the app needs a terminal; --step works without one")
    elif columns < 60 or lines < 15:
        yield Finding("terminal", text, "note", "the app wants at least 60×15, and is at ease from 80×24 on")
    else:
        yield Finding("terminal", text)
    if "utf" not in encoding.lower():
        yield Finding("locale", f"encoding {encoding}", "note", "set LANG=C.UTF-8 for signs and curves; ASCII is used")
    if os.environ.get("SSH_CONNECTION"):
        inside = "tmux" if os.environ.get("TMUX") else "no tmux (none is needed: runs go on without you)"
        yield Finding("connection", f"over SSH, {inside}")


def _size_of_terminal() -> tuple[int, int]:
    """Return columns and lines; those of the app's terminal where it has started this, for one of its pages."""
    told = os.environ.get(SIZE_VARIABLE, "").split("x")
    if len(told) == 2 and all(number.isdigit() for number in told):
        return int(told[0]), int(told[1])
    size = shutil.get_terminal_size()
    return size.columns, size.lines


def _data(options: argparse.Namespace) -> Iterator[Finding]:
    root = getattr(options, "data", None)
    if root is None:
        sessions = sessions_of(options)
        name = getattr(options, "session", None) or sessions.last()
        root = sessions.open(name).data_root if name else None
    if root is None:
        yield Finding("data", "no session has data yet", "note", "--data ROOT, or: python -m workbench data demo")
        return
    from labsteps.data.layout import check

    try:
        report = check(Path(root).expanduser().absolute())
    except DataError as error:
        yield Finding("data", str(error), "problem")
        return
    clips = sum(part.clips for folder in report.folders for part in folder.splits.values())
    text = f"{root}: {clips} clips, {len(report.problems)} problems, {len(report.warnings)} warnings"
    advice = "" if report.ok else f"python -m workbench data check {root}"
    yield Finding("data", text, "ok" if report.ok else "problem", advice)


def _disks(options: argparse.Namespace) -> Iterator[Finding]:
    places = {"sessions": sessions_of(options).folder, "cache": cache_dir(), "state": state_dir()}
    for name, place in places.items():
        there = next(p for p in (place, *place.parents) if p.exists())
        if not there.is_dir():
            advice = "move it away, or choose another place with --sessions-dir or WORKBENCH_*_DIR"
            yield Finding(name, f"{place}: {there} is a file", "problem", advice)
            continue
        free = shutil.disk_usage(there).free
        kind = file_system(there)
        text = f"{place}: {free / 1e9:.1f} GB free, {kind or 'unknown file system'}"
        if not os.access(there, os.W_OK):
            yield Finding(name, text, "problem", "cannot be written to; --sessions-dir or WORKBENCH_*_DIR move it")
        elif free < LOW_SPACE:
            yield Finding(name, text, "note", "little space: a large model's checkpoint takes over 1 GB")
        elif kind in NETWORK_FILE_SYSTEMS:
            advice = "a network file system: safe, but slower; keep the cache on a local disk (WORKBENCH_CACHE_DIR)"
            yield Finding(name, text, "note", advice if name == "cache" else "")
        else:
            yield Finding(name, text)
    if notice():
        yield Finding("home", notice(), "note")


def file_system(place: Path) -> str:
    """Return the type of the file system that holds a path, as the kernel names it; empty where it does not tell."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    wanted = place.resolve()
    best, kind = -1, ""
    for line in mounts:
        fields = line.split()
        point = Path(fields[1].replace("\\040", " "))
        if (wanted == point or point in wanted.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def _session_end() -> Iterator[Finding]:
    """Look whether systemd would end a run when its user logs out."""
    setting = "no (systemd's default)"
    folders = [Path(name) for name in LOGIND_FILES]
    drop_ins = [p for base in folders for p in sorted(base.with_name("logind.conf.d").glob("*.conf"))]
    for path in [*reversed(folders), *drop_ins]:
        if not path.is_file():
            continue
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.strip().startswith("KillUserProcesses="):
                setting = line.partition("=")[2].strip()
    if setting.lower() in ("yes", "true", "1", "on"):
        advice = "start the workbench with: systemd-run --user --scope python -m workbench (or: loginctl enable-linger)"
        yield Finding("log-out", "systemd ends all processes of a user who logs out", "problem", advice)
    elif Path("/run/systemd/system").is_dir():
        yield Finding("log-out", f"KillUserProcesses={setting}: runs go on after you log out")
    else:
        yield Finding("log-out", "no systemd: runs go on after you log out")


def _variables() -> Iterator[Finding]:
    for variable in unknown_variables():
        yield Finding("environment", f"the variable {variable.name} counts for nothing", "note", variable.hint)


def _numba() -> Iterator[Finding]:
    from labsteps.features.numba_cache import compiled

    copy = compiled(cache_dir())
    if copy is None:
        yield Finding("numba cache", "not compiled yet; the first use of librosa compiles for up to a minute", "note")
    else:
        yield Finding("numba cache", f"compiled, in {copy}")


def _packs() -> Iterator[Finding]:
    """Compare the packed data with their sums, and name what no part asks for any more."""
    cache = FolderCache(cache_dir())
    packs = sorted(path for path in cache.root.glob("pack-*") if path.is_dir())
    whole = 0
    for number, path in enumerate(packs, 1):
        size = _size(path)
        if size > BIG:
            text = f"{path.name}: comparing {in_bytes(size)} with their sums, {number} of {len(packs)}"
            print(told(text), file=sys.stderr, flush=True)
        try:
            cache.verify(path.name)
        except MissingError:  # pruned at this instant
            continue
        except DamagedError as error:
            level, advice = "note", "the next run that needs it builds it again; if this comes back, look at the disk"
            if not os.access(cache.root, os.W_OK):
                level, advice = "problem", "no run can build it again there; WORKBENCH_CACHE_DIR chooses another folder"
            yield Finding("packs", f"{error.path}: is not what was written there", level, advice)
        except StorageError as error:
            advice = "make it readable, or choose another cache folder with WORKBENCH_CACHE_DIR"
            yield Finding("packs", f"{error.path or path}: cannot be read", "problem", advice)
        else:
            whole += 1
    if whole:
        yield Finding("packs", f"{whole} whole in {cache.root}")
    old = [path for path in cache.root.glob(OLD_PACKS) if path.is_dir()]
    if old:
        text = f"{cache.root}: {in_bytes(sum(map(_size, old)))} that no part asks for any more (old packs: {len(old)})"
        yield Finding("packs", text, "note", f"rm -r {shlex.quote(str(cache.root))}/{OLD_PACKS}")


def _size(folder: Path) -> int:
    sizes = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # pruned at this instant
            sizes += path.stat().st_size if path.is_file() else 0
    return sizes
