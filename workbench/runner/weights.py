"""Published weights on this machine: which are here, and which of them a run begins with.

Each is one safetensors file named by the SHA-256 of its content, so a run that records this name records the weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labsteps.context import ParameterValue
from labsteps.errors import DataError, WeightsError
from labsteps.models.weights_info import WeightsInfo, read_info
from workbench.store.atomic import write_file
from workbench.store.folders import make_folder
from workbench.store.places import weights_dir

HUB = "https://dl.fbaipublicfiles.com/deit"
FILES = {
    "tiny224": "deit_tiny_distilled_patch16_224-b40b3cf7.pth",
    "small224": "deit_small_distilled_patch16_224-649709d9.pth",
    "base224": "deit_base_distilled_patch16_224-df68dfff.pth",
    "base384": "deit_base_distilled_patch16_384-d0272ac0.pth",
}
SUFFIX = ".safetensors"
ASKS_FOR_WEIGHTS = "imagenet_pretrain"
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Stored:
    """Weights that are here.

    Attributes
    ----------
    digest
        SHA-256 of the file.
    size
        Its length in bytes.
    info
        What the weights are.
    """

    digest: str
    path: Path
    size: int
    info: WeightsInfo

    @property
    def short(self) -> str:
        """The beginning of the digest, by which the weights can be named."""
        return self.digest[:_SHORT]


def stored_weights(folder: Path | None = None) -> list[Stored]:
    """Return what is here, the newest first.

    Raises
    ------
    DataError
        If a file is damaged.
    """
    folder = folder or weights_dir()
    paths = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [Stored(path.stem, path, path.stat().st_size, read_info(path)) for path in paths]


def keep(content: bytes) -> Stored:
    """Keep the content of a file of weights, and return it as the newest of those that are here.

    Raises
    ------
    StorageError
        If the file system refuses.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = weights_dir() / f"{digest}{SUFFIX}"
    make_folder(path.parent)
    write_file(path, content)
    return Stored(digest, path, len(content), read_info(path))


def weights_for(parameters: Mapping[str, ParameterValue]) -> str:
    """Return the digest of the weights that a run with these parameters begins with; empty when it begins afresh.

    Raises
    ------
    WeightsError
        If it is to begin with published weights and none fit.
    """
    asked = next((name for name, value in parameters.items() if name.endswith(ASKS_FOR_WEIGHTS) and value), None)
    if asked is None:
        return ""
    # Where a part has settings of several networks, these stand under the network's name: ``ast_model_size``.
    owner = asked.removesuffix(ASKS_FOR_WEIGHTS)
    wanted, model_size = str(parameters.get(f"{owner}weights", "")).strip(), str(parameters[f"{owner}model_size"])
    here = [one for one in stored_weights() if not wanted or one.info.name == wanted or one.digest.startswith(wanted)]
    fitting = next((one for one in here if one.info.model_size == model_size), None)
    if fitting is not None:
        return fitting.digest
    if here and wanted:
        raise WeightsError(f"The weights {wanted!r} are of model_size={here[0].info.model_size}, not {model_size}.")
    raise WeightsError(
        f"{asked}=true needs published weights{f' {wanted!r}' if wanted else ''} for "
        f"model_size={model_size}, and none are here.\n"
        f"With an internet connection: python -m workbench models fetch {model_size}\n"
        "From a file (a distilled DeiT or an AST checkpoint): python -m workbench models import FILE\n"
        f"Or begin from scratch, without them: {asked}=false"
    )


def checked_weights(digest: str) -> Path:
    """Return the file of this digest, its content compared with it.

    Raises
    ------
    DataError
        If it is gone, or its content has changed.
    """
    path = weights_dir() / f"{digest}{SUFFIX}"
    if not digest or not path.exists():
        raise DataError(
            f"The weights that this run begins with ({digest[:_SHORT] or 'none recorded'}) are not in {path.parent}."
        )
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        raise DataError(f"{path} is damaged: its content is not what its name says. Remove it and import it again.")
    return path
