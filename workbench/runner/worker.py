"""A run's own process: ``python -m workbench.runner.worker RUN_DIR``.

It forks once.  The parent imports nothing heavy and only watches: when the child dies of a signal, the parent is
there to write down which one, so that a crash, a kill and an interruption are told apart.  The child holds the lock
too, takes its turn on the device, runs the part and writes its result.

SIGHUP is ignored; SIGTERM and SIGINT make the part save its state and leave as interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from workbench.exits import Exit
from workbench.runner.launch import PROFILE_VARIABLE
from workbench.runner.profiles import PROFILED, is_measured
from workbench.store.errors import RunLockedError, StoreError
from workbench.store.run import RunFolder

if TYPE_CHECKING:
    from labsteps.results import Figure, Result
    from workbench.runner.context import RunContext

NICENESS = 10
CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT, signal.SIGSYS}
LOG_LINES = 80
SHEET_OF_MATRICES = "confusion_matrices"
_LEAVE_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def main(arguments: list[str]) -> int:
    """Run the worker of the run folder that is named; return the exit code."""
    if len(arguments) != 1:
        print("usage: python -m workbench.runner.worker RUN_DIR", file=sys.stderr)
        return Exit.USAGE
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    run = RunFolder(Path(arguments[0]))
    try:
        lock = run.take()
    except RunLockedError as error:
        print(error, file=sys.stderr)
        return Exit.SESSION
    with lock:
        os.nice(NICENESS)
        signal.pthread_sigmask(signal.SIG_BLOCK, _LEAVE_SIGNALS)
        child = os.fork()
        if child == 0:
            _in_child(run)
        return _watch(run, child)


def _watch(run: RunFolder, child: int) -> int:
    """Pass signals on to the child until it ends, and write down how it ended."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        os.kill(child, number)

    for number in _LEAVE_SIGNALS:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _LEAVE_SIGNALS)
    killed_before = _out_of_memory_kills()
    while True:
        try:
            _, status = os.waitpid(child, 0)
            break
        except InterruptedError:
            continue
    if os.WIFSIGNALED(status):
        return _died(run, signal.Signals(os.WTERMSIG(status)), _out_of_memory_kills() - killed_before)
    code = os.waitstatus_to_exitcode(status)
    if code not in [int(known) for known in Exit]:
        _fail(run, "crash", f"The worker ended with code {code} without a result.", log=run.log_tail(LOG_LINES))
        return Exit.FAILED
    if code in (Exit.FAILED, Exit.DATA, Exit.USAGE) and run.failure() is None:
        # The child could not write why, for instance on a full disk that has room again by now.
        _fail(
            run,
            "error",
            f"The run failed and could not write why; {run.log_file} may tell.",
            log=run.log_tail(LOG_LINES),
        )
    return code


def _died(run: RunFolder, cause: signal.Signals, out_of_memory: int) -> int:
    if cause in CRASHES:
        text = f"The worker crashed with {cause.name} ({signal.strsignal(cause)})."
        _fail(run, "crash", text, signal=cause.name, log=run.log_tail(LOG_LINES))
        return Exit.FAILED
    reason = f"killed by {cause.name}"
    if cause is signal.SIGKILL and out_of_memory > 0:
        reason = "killed by the kernel: out of memory (a smaller batch_size or crop_frames needs less)"
    with run.writer() as events:
        events.append("left", reason=reason, signal=cause.name)
    return Exit.INTERRUPTED


def _in_child(run: RunFolder) -> NoReturn:
    """Do the work and end the process without returning into the parent's code."""
    code: int = Exit.FAILED
    try:
        _die_with_parent()
        code = _work(run)
    except BaseException:  # the last line of defence: whatever it is goes to the log
        traceback.print_exc()
        _fail(run, "error", "The worker failed unexpectedly.", log=run.log_tail(LOG_LINES))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _work(run: RunFolder) -> int:
    """Run the part: in turn, once, with every outcome written down."""
    import faulthandler

    from labsteps.catalogue import catalogue
    from labsteps.errors import LabError, StopRequestedError
    from workbench.runner.context import RunContext
    from workbench.runner.queue import DeviceTicket
    from workbench.store.session import Session

    faulthandler.enable()
    told: list[str] = []

    watcher = os.getppid()

    def leave(number: int, _frame: FrameType | None) -> None:
        orphaned = os.getppid() != watcher
        told.append("the process that watches it was killed" if orphaned else f"signal {signal.Signals(number).name}")

    for number in _LEAVE_SIGNALS:
        signal.signal(number, leave)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _LEAVE_SIGNALS)

    with run.writer() as events:
        lived = any(event["kind"] in ("started", "resumed") for event in run.events())
        earlier_lives = lived or any(run.path.glob("**/checkpoints/step-*"))  # of a log that was emptied too
        session = Session(run.path.parents[1])
        profiled = is_measured(run) or os.environ.get(PROFILE_VARIABLE) == "true"
        if profiled and not is_measured(run):
            run.update_record(**{PROFILED: True})
        context = RunContext(run, session, catalogue(), events, lambda: told[0] if told else "", profiled=profiled)
        try:
            part = catalogue().parts[context.part]
            with DeviceTicket(context.device, run.id) if part.takes_device else nullcontext() as ticket:
                if ticket is not None and not ticket.wait(
                    lambda count: context.emit("queued", before=count), context.stop_requested
                ):
                    raise StopRequestedError
                began = time.monotonic()
                _announce(run, context, earlier_lives)
                _check_data(context)
                _prepare_torch(context)
                _check_device(context)
                try:
                    result = part.run(context)
                finally:
                    context.write_profiles()
                _write_figures(context, result)
                _finish(run, context, result, time.monotonic() - began)
                return Exit.DONE
        except StopRequestedError:
            _say(context, "left", context.stop_reason or "stopped")
            return Exit.INTERRUPTED
        except (LabError, StoreError) as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            return _failed(run, context, error)
        except Exception as error:  # ours: the traceback goes to the log, a sentence to the screen
            traceback.print_exc()
            sys.stderr.flush()
            text = _sentence(error, context.device)
            _say(context, "failed", text)
            _fail(run, "error", text, log=run.log_tail(LOG_LINES))
            return Exit.FAILED


def _announce(run: RunFolder, context: RunContext, earlier_lives: bool) -> None:
    """Say that the run starts or goes on, and whether it can go on bit for bit."""
    from labsteps.catalogue import Kind, catalogue
    from workbench.runner.devices import title_of
    from workbench.runner.jobs import differences, environment

    now = {**environment(), "device": context.device}
    if context.device != "cpu":
        now["gpu"] = title_of(context.device)
    if not earlier_lives:
        run.update_record(environment=now)
        context.emit("started", pid=os.getpid(), device=context.device)
        return
    changed = differences(run.record.get("environment", {}), now)
    if Kind.RUN in catalogue().parts[context.part].kinds and not _is_exact(context):
        changed.append("mode=fast")
    context.emit("resumed", pid=os.getpid(), device=context.device, identical=not changed, differences=changed)


def _check_data(context: RunContext) -> None:
    """Refuse to go on with data that are not those of the run's record."""
    from labsteps.catalogue import catalogue
    from workbench.runner.jobs import DataChangedError, data_fingerprint

    wanted = context.run.record.get("data", "")
    found = data_fingerprint(context.data_root, catalogue().parts[context.part]) if wanted else ""
    if found != wanted:
        raise DataChangedError(
            f"The data in {context.data_root} are not those that run {context.run.id} began with; "
            "--force begins a new run on the data as they are."
        )


def _prepare_torch(context: RunContext) -> None:
    """Set what has to be set before torch's first parallel operation, for a part that trains or evaluates.

    A part that only shows data must not wait for torch's import; one that measures with torch sets it up itself.
    """
    from labsteps.catalogue import Kind, catalogue

    if Kind.RUN not in catalogue().parts[context.part].kinds:
        return
    from labsteps.training.precision import set_mode

    exact = _is_exact(context)
    set_mode(context.device, exact=exact, flush_denormal=bool(context.params.get("flush_denormal", True)))
    context.emit("mode", exact=exact)


def _is_exact(context: RunContext) -> bool:
    """Return whether the run computes so that it repeats itself to the bit."""
    mode = context.params.get("mode", "auto")
    return bool(mode == "exact" or (mode == "auto" and context.device == "cpu"))


def _check_device(context: RunContext) -> None:
    """Refuse to begin on a device that torch cannot use; say it where ``auto`` passed over a GPU for that reason."""
    from labsteps.catalogue import catalogue
    from labsteps.gpus import models, torch_problem

    if not catalogue().parts[context.part].takes_device:
        return
    if context.device != "cpu":
        from labsteps.training.device import require

        require(context.device)
    elif context.session.device == "auto" and models() and torch_problem():
        context.emit("warning", text=torch_problem())


# What torch's allocator, the kernel (ENOMEM) and the loader of libraries say.
_NO_MEMORY = ("DefaultCPUAllocator: ", "Cannot allocate memory", "failed to map segment from shared object")


def _sentence(error: Exception, device: str) -> str:
    """Return an exception that nobody foresaw as a sentence; what a GPU lacks is not the workbench's mistake."""
    if type(error).__name__ == "OutOfMemoryError":
        return (
            f"The memory of {device} is full: {str(error).partition('. ')[0]}. A smaller batch_size (with accumulate, "
            "for as many clips a step) or crop_frames needs less; `system` tells what else is there."
        )
    if isinstance(error, MemoryError) or any(text in str(error) for text in _NO_MEMORY):
        return (
            "This process may have no more memory. A smaller batch_size or crop_frames needs less; `ulimit -v` and the "
            "scheduler's limits tell how much it may have."
        )
    if "does not have a deterministic implementation" in str(error):
        return f"{device} cannot compute this to the bit: {str(error).partition(',')[0]}. Take mode=fast."
    return f"{type(error).__name__}: {error}. This is a mistake of the workbench; the log has its traceback."


def _write_figures(context: RunContext, result: Result) -> None:
    """Draw the figures as PNG, and several confusion matrices once more beside each other.

    One that cannot be drawn is named and does not cost the result.
    """
    from labsteps.results import Heatmap
    from workbench.plots.png import save_sheet

    sheets: dict[str, Sequence[Figure]] = {name: [figure] for name, figure in result.figures.items()}
    matrices = [figure for figure in result.figures.values() if isinstance(figure, Heatmap) and figure.counts]
    if len(matrices) > 1:
        sheets[SHEET_OF_MATRICES] = matrices
    for name, figures in sheets.items():
        context.answer_while_finishing()
        try:
            save_sheet(figures, context.artifact(f"figures/{name}.png"))
        except (ValueError, OSError) as error:
            traceback.print_exc()
            context.emit("warning", text=f"figures/{name}.png could not be drawn: {error}")


def _finish(run: RunFolder, context: RunContext, result: Result, seconds: float) -> None:
    from labsteps import results

    context.answer_while_finishing()
    run.write_result({"format": 1, "part": context.part, "run": run.id, **results.to_json(result)})
    context.emit("finished", seconds=round(seconds, 3))
    _write_events(run, context)


def _write_events(run: RunFolder, context: RunContext) -> None:
    """Write TensorBoard's event files where the settings ask for them; failing at it does not cost the result."""
    from labsteps.errors import LabError
    from workbench.config.resolve import switched_on

    try:
        if switched_on("tensorboard", None, context.session):
            from workbench.export.tensorboard import folder_of, write_run

            write_run(run, folder_of(context.session))
    except (LabError, StoreError) as error:
        context.emit("warning", text=f"TensorBoard's event files were not written: {error}")


def _failed(run: RunFolder, context: RunContext, error: Exception) -> int:
    from labsteps.errors import DataError, UsageError
    from workbench.store.errors import CacheError

    kind, code = "error", Exit.FAILED
    if isinstance(error, DataError):
        kind, code = "data", Exit.DATA
    elif isinstance(error, CacheError):  # the user's to mend, so that the log does not help
        kind = "cache"
    elif isinstance(error, UsageError):
        kind, code = "usage", Exit.USAGE
    _say(context, "failed", str(error))
    _fail(run, kind, str(error), problems=list(getattr(error, "problems", ())), log=run.log_tail(LOG_LINES))
    return code


def _say(context: RunContext, kind: str, reason: str) -> None:
    """Put the end of the run into its events; where even that fails, the log has it."""
    try:
        context.emit(kind, reason=reason)
    except StoreError as error:
        print(f"{kind}: {reason}\nThe event could not be written: {error}", file=sys.stderr, flush=True)


def _fail(run: RunFolder, kind: str, message: str, **more: Any) -> None:
    """Write the failure record; where even that fails, the log has the reason."""
    try:
        run.write_failure({"kind": kind, "message": message, "time": round(time.time(), 3), **more})
    except StoreError as error:
        print(f"{message}\nThe failure could not be recorded: {error}", file=sys.stderr, flush=True)


def _die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the watching parent is killed, so that no worker goes on unwatched."""
    if sys.platform == "linux":
        import ctypes

        set_parent_death_signal = 1
        ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, signal.SIGTERM, 0, 0, 0)


def _out_of_memory_kills() -> int:
    """Return how many processes of our control group the kernel has killed for memory; 0 where it does not tell."""
    try:
        group = Path("/proc/self/cgroup").read_text(encoding="utf-8").strip().rpartition("::")[2]
        events = Path(f"/sys/fs/cgroup{group}/memory.events").read_text(encoding="utf-8")
    except OSError:
        return 0
    counts = dict(line.split() for line in events.splitlines())
    return int(counts.get("oom_kill", 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
