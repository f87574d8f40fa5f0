"""What this machine cannot compute with, of the settings of a part; told without torch, before anything is begun."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from labsteps.context import ParameterValue
from labsteps.errors import ParameterError
from labsteps.host import available_threads

CXX = ("g++", "clang++", "c++")
CC = ("gcc", "clang")


def check(parameters: Mapping[str, ParameterValue], device: str) -> None:
    """Refuse settings that no run could begin with here.

    Parameters
    ----------
    parameters
        Of a part, or some of them.
    device
        ``cpu`` or ``cuda:N``.

    Raises
    ------
    ParameterError
        If there are more threads than processors, or the machine cannot compile, or not with the other settings.
    """
    check_threads(int(parameters.get("threads", 0)))
    compiler = str(parameters.get("compile", "off"))
    check_compiler(compiler, device)
    check_recurrence(str(parameters.get("recurrence", "auto")), compiler)
    check_accumulation(int(parameters.get("accumulate", 1)), compiler)


def check_threads(threads: int) -> None:
    """Refuse more threads than processors, which only wait for each other.

    Raises
    ------
    ParameterError
        If there are more.
    """
    most = available_threads()
    if threads > most:
        raise ParameterError(
            f"threads cannot be {threads} here: it takes 0 (by a short probe) to {most}, as many processors as this "
            "process may use."
        )


def check_compiler(compiler: str, device: str) -> None:
    """Refuse a way of `torch.compile` that lacks a GPU, or a compiler of the language that it writes.

    Raises
    ------
    ParameterError
        If it lacks one.
    """
    on_gpu = device.startswith("cuda")
    if compiler == "graphs" and not on_gpu:
        raise ParameterError("compile=graphs records CUDA graphs, which takes a GPU; a CPU takes off or inductor.")
    if compiler not in ("inductor", "graphs"):
        return
    # On a GPU, Triton builds the part of each kernel that starts it.
    language, variable, known = ("C", "CC", CC) if on_gpu else ("C++", "CXX", CXX)
    if not any(name and shutil.which(name) for name in (os.environ.get(variable, ""), *known)):
        raise ParameterError(
            f"compile={compiler} writes {language} on a {'GPU' if on_gpu else 'CPU'}, and there is no compiler here. "
            f"Install {known[0]} or {known[1]}, set {variable} to another, or take compile=off."
        )


def check_recurrence(recurrence: str, compiler: str) -> None:
    """Refuse a network that is compiled and whose batches are divided.

    Raises
    ------
    ParameterError
        If both are asked for.
    """
    if recurrence == "divided" and compiler != "off":
        raise ParameterError(f"compile={compiler} cannot follow a batch onto threads; take recurrence=shared with it.")


def check_accumulation(batches: int, compiler: str) -> None:
    """Refuse to add up gradients in recorded graphs.

    A recorded backward pass leaves each gradient where the next batch's will lie (pytorch issue 169545).

    Raises
    ------
    ParameterError
        If both are asked for.
    """
    if compiler == "graphs" and batches > 1:
        raise ParameterError(
            f"compile=graphs cannot add up the gradients of {batches} batches; take accumulate=1 with it, or "
            "compile=inductor."
        )
