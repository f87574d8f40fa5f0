"""Which arithmetic and how many threads a model trains with on this machine.

bf16 autocast pays where the processor multiplies bf16 itself (AVX512-BF16, AMX, recent GPUs) and costs elsewhere.
The choice is made by timing a few steps of the real model, and kept in the cache folder, so that two runs of one
configuration on one machine agree to the bit.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from labsteps.abilities import check_compiler, check_recurrence
from labsteps.context import FolderCache
from labsteps.errors import DataError
from labsteps.host import available_threads, processor, processor_flags

COMPILERS: dict[str, dict[str, object]] = {
    "inductor": {"dynamic": True},
    "graphs": {"mode": "reduce-overhead"},
    "eager": {"backend": "eager", "dynamic": True},
}
# What makes cuBLAS repeat itself to the bit (cuBLAS documentation, "Results reproducibility"); read at its first use.
CUBLAS_WORKSPACE, CUBLAS_EXACT = "CUBLAS_WORKSPACE_CONFIG", (":4096:8", ":16:8")
PROBE_SECONDS = 4.0
PROBE_ROUNDS = 4
# What is so many times slower than the best after a round is not tried again.
PROBE_MARGIN = 3.0
PROBE_CLIPS = 32
PROBE_FRAMES = 2048  # of all clips together
# What was measured while other programs took more of the processors is measured again, so many times at most.
PROBE_OTHERS = 0.15
PROBE_TIMES = 4
LISTEN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How the forward pass computes.

    Attributes
    ----------
    precision
        ``float32`` or ``bf16``.
    threads
        CPU threads.
    attention
        How a transformer computes its attention: ``sdpa`` (torch's fused function) or ``plain`` (two products and a
        softmax); other models have none.
    channels_last
        Whether a convolutional network keeps the channels of a cell beside each other in memory.
    recurrence
        How CPU threads go through a recurrent network: ``shared`` (all in each product of each time step) or
        ``divided`` (each with a part of the batch); other networks have none.
    compile
        What `torch.compile` makes of the training's forward and backward pass: a key of `COMPILERS`, or ``off``.
    """

    precision: str
    threads: int
    attention: str = "sdpa"
    channels_last: bool = True
    compile: str = "off"
    recurrence: str = "shared"

    @classmethod
    def read(cls, file: Path) -> Arithmetic:
        """Return the choice that a run keeps in a file.

        Raises
        ------
        DataError
            If the file is missing or damaged.
        """
        try:
            found = cls(**json.loads(file.read_text(encoding="utf-8")))
            kinds = {name: type(value) for name, value in asdict(found).items()}
            if kinds != {name: type(value) for name, value in asdict(cls("", 1)).items()} or found.threads < 1:
                raise ValueError(f"{found} is none")
        except (OSError, ValueError, TypeError) as error:
            raise DataError(f"{file} cannot be read: {error!r}. Run its part again with --force.") from error
        return found

    def autocast(self, device: str) -> AbstractContextManager[None]:
        """Return the context in which the forward pass runs."""
        enabled = self.precision == "bf16"
        return torch.autocast(device.partition(":")[0], torch.bfloat16, enabled=enabled)

    def to_json(self) -> bytes:
        """Return the choice as JSON."""
        return (json.dumps(asdict(self)) + "\n").encode()

    def apply(self, model: nn.Module) -> None:
        """Set the number of threads and what each has, how attention is computed, and how images lie in memory."""
        divided = self.recurrence == "divided"
        torch.set_num_threads(1 if divided else self.threads)
        for module in _attentions(model):
            setattr(module, "kernel", self.attention)  # noqa: B010 (torch's types allow tensors only)
        for module in model.modules():
            if hasattr(module, "channels_last"):
                setattr(module, "channels_last", self.channels_last)  # noqa: B010
            if hasattr(module, "parts"):
                setattr(module, "parts", self.threads if divided else 1)  # noqa: B010

    def compiled(self, model: nn.Module) -> Callable[[Tensor, Tensor | None], Tensor]:
        """Return `model` as training calls it: compiled where that is chosen, with the same parameters."""
        if self.compile == "off":
            return model
        if torch.are_deterministic_algorithms_enabled():
            # Says it to the compiler too, which the worker's own call leaves unloaded.
            warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
            torch.use_deterministic_algorithms(True, warn_only=warn_only)
        options: Any = COMPILERS[self.compile]
        compiled: Callable[[Tensor, Tensor | None], Tensor] = torch.compile(model, **options)
        return compiled


def set_mode(device: str, *, exact: bool, flush_denormal: bool = True) -> None:
    """Set for the whole process how torch computes: so that a run can be repeated to the bit, or as fast as it can.

    It can be called again, for the other mode.

    Parameters
    ----------
    device
        ``cpu`` or ``cuda:N``.
    exact
        Deterministic algorithms, and an error where there is none; on a GPU float32 that is float32.  Else cuDNN's
        fastest algorithms and TF32.
    flush_denormal
        Whether numbers below the normal range are taken for 0.  Threads that torch has started keep what they have,
        so the first call should come before the first parallel operation.
    """
    # Last-step losses send gradients into slow subnormals.
    torch.set_flush_denormal(flush_denormal)
    if exact and device != "cpu" and os.environ.get(CUBLAS_WORKSPACE) not in CUBLAS_EXACT:
        os.environ[CUBLAS_WORKSPACE] = CUBLAS_EXACT[0]
    # Where it should only warn, torch's fused attention takes a backward pass that is not deterministic.
    # This call means the same as use_deterministic_algorithms, which imports the whole compiler: a second.
    torch.set_deterministic_debug_mode("error" if exact else "default")
    # Nothing of ours reads memory before it is written; to fill all that is allocated takes a twentieth of a step.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # torch hides it
    torch.backends.cudnn.benchmark = not exact
    torch.backends.cudnn.allow_tf32 = not exact
    torch.set_float32_matmul_precision("highest" if exact else "high")


def has_bf16(device: str) -> bool:
    """Return whether the device multiplies bf16 in hardware."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_capability(torch.device(device)) >= (8, 0)
    return bool({"avx512_bf16", "amx_bf16", "bf16"} & set(processor_flags()))


def machine_name() -> str:
    """Return what identifies this kind of machine: processor, its flags and the number of threads."""
    flags = hashlib.sha256(" ".join(sorted(processor_flags())).encode()).hexdigest()[:8]
    return f"{processor()} / {flags} / {available_threads()} threads / torch {torch.__version__}"


def choose(
    model: nn.Module,
    device: str,
    *,
    precision: str,
    threads: int,
    batch_size: int,
    frames: int,
    rows: int,
    loss: Callable[[Tensor], Tensor],
    cache: FolderCache,
    kept: Callable[[str, Callable[[], bytes]], bytes] = lambda _, make: make(),
    attention: str = "auto",
    channels_last: bool = True,
    compiler: str = "off",
    recurrence: str = "auto",
) -> Arithmetic:
    """Return the arithmetic to train `model` with.

    Parameters
    ----------
    model
        The model; it is copied, never changed.
    precision, threads
        What the user asked for: ``auto`` and 0 leave the choice to the probe.
    batch_size
        Clips of a training step.
    frames, rows
        Shape of a training clip (T, F).
    loss
        A scalar of the outputs, so that the backward pass is timed too.
    cache
        Where the outcome is kept.
    kept
        Gives what the run made first under a name, and makes it where that is nothing yet, so that a run that is taken
        up computes on as it did.
    attention
        ``sdpa``, ``plain``, or ``auto`` for the probe's choice.
    recurrence
        ``shared``, ``divided``, or ``auto`` for the probe's choice.
    channels_last, compiler
        As in `Arithmetic`; they are taken as they are, since to compile takes longer than a probe may.

    Returns
    -------
    Arithmetic
        The fastest of what the user left open.

    Raises
    ------
    ParameterError
        If this machine cannot compile in the way that is asked for, or not a network whose batches are divided.
    """
    check_compiler(compiler, device)
    check_recurrence(recurrence, compiler)
    if device.startswith("cuda"):
        # A recurrent layer computes in float32 there (see `labsteps.models.divided.states`).
        wanted = precision
        if precision == "auto":
            wanted = "bf16" if not _recurrent(model) and has_bf16(device) else "float32"
        kernel = "sdpa" if attention == "auto" else attention
        return Arithmetic(wanted, threads or available_threads(), kernel, channels_last, compiler)
    precisions = [precision] if precision != "auto" else ["bf16", "float32"] if has_bf16(device) else ["float32"]
    counts = [threads] if threads else _thread_counts(available_threads())
    # The fused function wins in float32; in bf16 on a CPU it depends on the machine and the number of tokens.
    candidates = [
        Arithmetic(p, n, kernel, channels_last, compiler, way)
        for n in counts
        for way in _recurrences(recurrence, n, compiler, model)
        for p in precisions
        for kernel in _kernels(attention, p, model)
    ]
    if len(candidates) == 1:
        return candidates[0]
    clips, frames = _probe_shape(model, batch_size, frames)
    shapes = [(name, tuple(p.shape)) for name, p in model.named_parameters()]
    key = repr((machine_name(), shapes, clips, frames, rows, candidates))

    def build(folder: Path) -> None:
        x = torch.zeros(clips, frames, rows)
        load = Load()
        seconds = _probe(model, x, candidates, loss)
        fastest = min(seconds, key=lambda a: seconds[a])
        record = {
            "chosen": asdict(fastest),
            "seconds_per_step": {
                f"{a.precision}, {a.threads} threads, {a.attention}, {a.recurrence}": s for a, s in seconds.items()
            },
            "others": load.others(),
            "machine": machine_name(),
        }
        (folder / "arithmetic.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")

    name = f"arithmetic-{hashlib.sha256(key.encode()).hexdigest()[:24]}"
    chosen = kept(f"{name}.json", lambda: _outcome(cache, name, build).to_json())
    return Arithmetic(**json.loads(chosen))


def _outcome(cache: FolderCache, name: str, build: Callable[[Path], None]) -> Arithmetic:
    """Return the outcome of the probe that is kept; one that others disturbed is measured once more where it is quiet.

    What was measured stays for those that read it, and the last outcome counts.
    """
    there = cache.holds(name)
    record = _record(cache.folder(name, build))
    for number in range(2, PROBE_TIMES + 1):
        again = f"{name}-{number}"
        if record.get("others", 1.0) <= PROBE_OTHERS or not (cache.holds(again) or (there and is_quiet())):
            break
        there = cache.holds(again)
        record = _record(cache.folder(again, build))
    return Arithmetic(**record["chosen"])


def _record(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "arithmetic.json").read_text(encoding="utf-8"))
    return read


class Load:
    """What other programs take of the processors that this one may use, from now on."""

    def __init__(self) -> None:
        self._began, self._own, self._busy = time.perf_counter(), time.process_time(), _busy_seconds()

    def others(self) -> float:
        """Return their share, 0 … 1; 0 where the system does not tell."""
        busy, own = _busy_seconds(), time.process_time() - self._own
        if busy is None or self._busy is None:
            return 0.0
        whole = (time.perf_counter() - self._began) * available_threads()
        return min(1.0, max(0.0, busy - self._busy - own) / max(whole, 1e-9))


def is_quiet() -> bool:
    """Return whether other programs leave the processors alone now; takes `LISTEN_SECONDS`."""
    load = Load()
    time.sleep(LISTEN_SECONDS)
    return load.others() <= PROBE_OTHERS


def _busy_seconds() -> float | None:
    """Return for how long the processors that this process may use have worked, all of them together."""
    try:
        lines = Path("/proc/stat").read_text(encoding="ascii", errors="replace").splitlines()
        ours = {f"cpu{number}" for number in os.sched_getaffinity(0)}
        ticks = [[int(word) for word in line.split()[1:9]] for line in lines if line.partition(" ")[0] in ours]
    except (AttributeError, OSError, ValueError):
        return None
    # user, nice, system, idle, waiting for disks, two kinds of interrupts, taken by other guests of the host (proc(5))
    return sum(sum(one[:3]) + sum(one[5:]) for one in ticks) / os.sysconf("SC_CLK_TCK") if ticks else None


def _probe_shape(model: nn.Module, batch_size: int, frames: int) -> tuple[int, int]:
    """Return clips and frames of the probe's batch: a small one that is like the training's where that decides.

    What attention costs beside the rest grows with the clip, so a transformer hears whole ones; what a thread gains
    depends on how many clips go through a step together, so other networks get a whole batch of short ones.
    """
    if _attentions(model):
        return max(1, min(batch_size, PROBE_FRAMES // frames)), frames
    clips = min(batch_size, PROBE_CLIPS)
    return clips, min(frames, PROBE_FRAMES // clips)


def _probe(
    model: nn.Module, x: Tensor, candidates: list[Arithmetic], loss: Callable[[Tensor], Tensor]
) -> dict[Arithmetic, float]:
    """Time steps of the candidates in turn, the least of each; one that no time is left for is left out.

    In turn, and the least: on a machine that others use, a candidate would else be judged by what they did just then.
    """
    trial = copy.deepcopy(model).train()
    before, started = torch.get_num_threads(), time.perf_counter()
    seconds: dict[Arithmetic, float] = {}
    left = candidates
    for _ in range(PROBE_ROUNDS):
        for candidate in left:
            if seconds and time.perf_counter() - started > PROBE_SECONDS:
                break
            candidate.apply(trial)
            steps = [_seconds_of_a_step(trial, x, candidate, loss)]
            if steps[0] < PROBE_SECONDS / 2:  # the first step of a way is slow, which matters where steps are short
                steps.append(_seconds_of_a_step(trial, x, candidate, loss))
            seconds[candidate] = min(*steps, seconds.get(candidate, math.inf))
        within = PROBE_MARGIN * min(seconds.values())
        left = [candidate for candidate in left if seconds.get(candidate, math.inf) <= within]
    torch.set_num_threads(before)
    return seconds


def _seconds_of_a_step(trial: nn.Module, x: Tensor, candidate: Arithmetic, loss: Callable[[Tensor], Tensor]) -> float:
    start = time.perf_counter()
    with candidate.autocast("cpu"):
        outputs = trial(x, None)
    loss(outputs.float()).backward()
    trial.zero_grad(set_to_none=True)
    return time.perf_counter() - start


def _kernels(attention: str, precision: str, model: nn.Module) -> tuple[str, ...]:
    """Return the ways to compute attention that are worth a try."""
    if attention != "auto":
        return (attention,)
    return ("sdpa", "plain") if precision == "bf16" and _attentions(model) else ("sdpa",)


def _recurrences(recurrence: str, threads: int, compiler: str, model: nn.Module) -> tuple[str, ...]:
    """Return the ways for threads to go through a recurrent network that are worth a try."""
    if threads == 1 or compiler != "off" or not _recurrent(model):
        return ("shared",)
    return ("divided", "shared") if recurrence == "auto" else (recurrence,)


def _attentions(model: nn.Module) -> list[nn.Module]:
    """Return the modules of a model that leave it open how they compute their attention."""
    return [module for module in model.modules() if hasattr(module, "kernel")]


def _recurrent(model: nn.Module) -> bool:
    """Return whether a model goes through time step by step."""
    return any(hasattr(module, "parts") for module in model.modules())


def _thread_counts(available: int) -> list[int]:
    return sorted({available, max(1, available // 2)}, reverse=True)
