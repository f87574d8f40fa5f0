"""What a file of published weights says of itself, read without torch.

The workbench keeps such weights as safetensors files of its own, in the names of `labsteps.models.transformer`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from labsteps.errors import DataError

INFO_KEY = "workbench"
_LONGEST_HEADER = 2**26


@dataclass(frozen=True, slots=True)
class WeightsInfo:
    """What stands in the file beside the tensors.

    Attributes
    ----------
    name
        Of the file that the weights came from.
    source
        SHA-256 of that file.
    family
        What it was: ``DeiT`` or ``AST``, and whose names its tensors had.
    model_size
        A key of `labsteps.models.transformer.SIZES`.
    rows, columns
        Patches over frequency (or height) and time (or width) that the position embeddings stand for.
    """

    name: str
    source: str
    family: str
    model_size: str
    rows: int
    columns: int

    def to_metadata(self) -> dict[str, str]:
        """Return the text that goes into a safetensors file; one key, so that equal weights make equal files."""
        return {INFO_KEY: json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)}


def read_info(path: Path) -> WeightsInfo:
    """Return what a file of weights says of itself.

    Raises
    ------
    DataError
        If it cannot be read or is not one of ours.
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length)) if length < _LONGEST_HEADER else {}
        return WeightsInfo(**json.loads(header["__metadata__"][INFO_KEY]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is not a whole file of imported weights ({error!r}); import it again.") from error
