"""Whether torch can compute on a device, and in plain words why it cannot."""

from __future__ import annotations

import warnings

import torch

from labsteps.errors import DeviceError
from labsteps.gpus import torch_problem, without_cuda

# What torch says, and what a user can do about it.
_WAYS = (
    ("driver on your system is too old", "update the NVIDIA driver, or install a torch for an older CUDA"),
    ("no kernel image", "this torch is not built for such a GPU: install another one, or take --device cpu"),
    ("out of memory", "other programs fill its memory (nvidia-smi lists them): wait, or take another device"),
    ("busy or unavailable", "another program has it for itself (nvidia-smi lists it): wait, or take another device"),
)
_ELSE = "nvidia-smi tells whether the driver works; --device cpu computes without a GPU"


def unusable() -> tuple[str, str]:
    """Return why torch sees no GPU and what to do about it; both empty where it sees one."""
    if any(without_cuda()):
        return without_cuda()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        if torch.cuda.is_available():
            return "", ""
    said = str(told[-1].message) if told else "it finds none that it may use"
    return f"torch {torch.__version__} can use no GPU: {_first_sentence(said)}", _way_out(said)


def require(device: str) -> None:
    """Compute something small on a device.

    Raises
    ------
    DeviceError
        If torch cannot; the message says why and what to do.
    """
    if device == "cpu":
        return
    if problem := torch_problem():
        raise DeviceError(problem)
    try:
        torch.ones(2, device=device).sum().item()
    except (RuntimeError, AssertionError) as error:
        said = str(error)
        raise DeviceError(
            f"torch {torch.__version__} cannot compute on {device}: {_first_sentence(said)}; {_way_out(said)}."
        ) from error


def _first_sentence(said: str) -> str:
    """Return the first sentence of what torch says, whose later lines are for its developers."""
    line = (said.strip().splitlines() or ["it does not say why"])[0]
    return line.partition(". ")[0].rstrip(".").removeprefix("CUDA initialization: ")


def _way_out(said: str) -> str:
    return next((way for sign, way in _WAYS if sign in said), _ELSE)
