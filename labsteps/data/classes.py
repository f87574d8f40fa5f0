"""Which raw genres count as which class.

The table is data: it applies to the genres it knows, every other genre passes unchanged, and another table can
be given as a dict or as a JSON or TOML file.  Classes are coded in alphabetical order.  The list of classes is
decided from the *training* index and then holds for the test clips too.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from labsteps.errors import DataError

DROPPED = -1

DEFAULT_MERGE: Mapping[str, str | None] = MappingProxyType(
    {
        "Psych-Rock": "Rock",
        "Post-Rock": "Rock",
        "Psych-Folk": "Folk",
        "Punk": "Metal",
        "Chiptune": "Electronic",
        "Indie-Rock": None,
        "Post-Punk": None,
        "Soundtrack": None,
        "International": None,
        "Old-Time": None,
    }
)


@dataclass(frozen=True)
class ClassScheme:
    """A table raw genre → class, with None for a genre that is dropped.

    Parameters
    ----------
    table
        Applied once; a genre that is not in it is its own class.

    Raises
    ------
    DataError
        If a class that others are merged into is itself merged elsewhere or dropped.
    """

    table: Mapping[str, str | None] = field(default_factory=lambda: DEFAULT_MERGE)

    def __post_init__(self) -> None:
        for raw, merged in self.table.items():
            if merged is not None and self.table.get(merged, merged) != merged:
                onward = self.table[merged] or "nothing"
                raise DataError(f"class table: {raw} becomes {merged}, but {merged} becomes {onward}; name the last")

    @classmethod
    def from_file(cls, path: Path) -> ClassScheme:
        """Read a table from a ``.json`` or ``.toml`` file.

        The file is one table of ``"raw genre" = "class"``; an empty text (in JSON also null) drops the genre.

        Raises
        ------
        DataError
            If the file cannot be read or holds anything else.
        """
        path = Path(path)
        try:
            text = path.read_text("utf-8-sig")
            table = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        except OSError as error:
            raise DataError(f"{path}: cannot be read ({error.strerror})") from error
        except ValueError as error:  # both parsers' errors, and text that is not UTF-8
            raise DataError(f"{path}: is no JSON or TOML table of classes ({error})") from error
        if not isinstance(table, dict) or not all(isinstance(v, str | None) for v in table.values()):
            raise DataError(f"{path}: should map each raw genre to a class, or to an empty text to drop it")
        return cls({raw: merged or None for raw, merged in table.items()})

    def merge(self, raw: str) -> str | None:
        """Return the class of a raw genre, or None when it is dropped."""
        return self.table.get(raw, raw)

    def classes(self, train_labels: Iterable[str]) -> tuple[str, ...]:
        """Return the classes that the training labels give, in the order of their codes.

        Parameters
        ----------
        train_labels
            Raw genres of the training index.
        """
        merged = {self.merge(raw) for raw in set(train_labels)}
        return tuple(sorted(name for name in merged if name is not None))

    def encode(self, labels: Sequence[str], classes: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the class code of each raw label, `DROPPED` (−1) where the scheme drops it.

        Parameters
        ----------
        labels
            Raw genres, one a clip.
        classes
            From `classes`, decided on the training labels.

        Raises
        ------
        DataError
            If a label gives a class that is not in `classes`; all of them are named.
        """
        code = {name: number for number, name in enumerate(classes)}
        merged = {raw: self.merge(raw) for raw in set(labels)}
        unknown = sorted({name for name in merged.values() if name is not None and name not in code})
        if unknown:
            raise DataError(f"classes that the training clips do not have: {', '.join(unknown)}")
        codes = {raw: DROPPED if name is None else code[name] for raw, name in merged.items()}
        return np.array([codes[raw] for raw in labels], np.int64)
