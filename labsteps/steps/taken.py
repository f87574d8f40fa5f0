"""Taking the model that an equal earlier run trained, where a report is made anew because others are to compare with.

A training is a function of its parameters, its seed, the clips it hears and what it begins with.  `recipe` writes all
of that down beside the model; a model is taken only where its recipe is the same, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable
from dataclasses import asdict
from pathlib import Path

from torch import Tensor, from_numpy

from labsteps.context import Context
from labsteps.models.heads import Model
from labsteps.models.saved import DESCRIPTION_FILE, WEIGHTS_FILE, Description
from labsteps.steps.opening import SPLIT_FILE
from labsteps.training.feed import Clips

RECIPE_FILE = "recipe.json"
MODEL = "checkpoints/best"


def recipe(
    context: Context,
    description: Description,
    clips: Iterable[Clips],
    tensors: Iterable[Tensor | None],
    begin_with: Model | None,
    *,
    without: Collection[str],
) -> bytes:
    """Return all that a training follows from besides the data folders and the run's own parameters.

    Parameters
    ----------
    clips
        What is trained and validated on; their targets count.
    tensors
        What else of the data goes into the model: normalisation and first outputs.
    begin_with
        A model whose backbone is begun with.
    without
        Parameters that do not matter to the training.
    """
    begun = () if begin_with is None else begin_with.backbone.state_dict().values()
    split = context.artifact(SPLIT_FILE)
    written = {
        "parameters": {name: value for name, value in sorted(context.params.items()) if name not in without},
        "seed": context.seed,
        "model": asdict(description),
        "clips": hashlib.sha256(split.read_bytes()).hexdigest() if split.exists() else "",
        "targets": _digest(from_numpy(one.targets) for one in clips),
        "data": _digest(tensor for tensor in tensors if tensor is not None),
        "begins_with": _digest(begun),
    }
    return (json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def take(context: Context, wanted: bytes, begun: str, *more: str) -> bool:
    """Copy the model of an equal earlier run into this one, with its files; tell whether there was one.

    Parameters
    ----------
    begun
        The file that says that a training of this run's own has begun, which then goes on.
    more
        The other files that are copied.
    """
    if context.artifact(begun).exists() and not context.artifact(RECIPE_FILE).exists():
        return False
    files = (*more, begun)  # that one last, for a copy that is cut short is to be made again
    folder = context.equal_folder()
    if folder is None or not _is_whole(folder, wanted, files):
        return False

    def copy(into: Path) -> None:
        for name in (WEIGHTS_FILE, DESCRIPTION_FILE):
            shutil.copyfile(folder / MODEL / name, into / name)

    context.save_model(copy)
    context.write_artifact(RECIPE_FILE, wanted)
    for name in files:
        context.write_artifact(name, (folder / name).read_bytes())
    context.emit("phase", text="the model is that of an equal earlier run", done=1, total=1)
    return True


def _is_whole(folder: Path, wanted: bytes, files: Collection[str]) -> bool:
    try:
        same = (folder / RECIPE_FILE).read_bytes() == wanted
    except OSError:  # a run that kept none is trained again
        return False
    needed = (*files, f"{MODEL}/{WEIGHTS_FILE}", f"{MODEL}/{DESCRIPTION_FILE}")
    return same and all((folder / name).is_file() for name in needed)


def _digest(tensors: Iterable[Tensor]) -> str:
    found = hashlib.sha256()
    for tensor in tensors:
        found.update(str((tuple(tensor.shape), tensor.dtype)).encode())
        found.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return found.hexdigest()
