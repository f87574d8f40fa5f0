"""Mean and deviation of every feature row over the training part, so that chroma counts beside decibels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labsteps.data.clip_files import N_ROWS
from labsteps.data.pack import Pack
from labsteps.errors import DataError

Row = npt.NDArray[np.float64]

# below what single precision can tell apart at 80 dB, a row only carries rounding
_CONSTANT = 1e-5


@dataclass(frozen=True, eq=False)
class Normaliser:
    """Takes each feature row to mean 0 and deviation 1 over the frames that it was fitted on.

    Attributes
    ----------
    rows
        The rows of a clip that it belongs to.
    mean, deviation : np.ndarray [shape=(n_rows,), dtype=float64]
        In the rows' own unit (dB for mel, 1 for chroma); a constant row has deviation 1.
    """

    rows: slice
    mean: Row
    deviation: Row

    @classmethod
    def fit(cls, pack: Pack, indices: npt.ArrayLike, rows: slice) -> Normaliser:
        """Fit on the clips at `indices`, which should be those of the training part and no others.

        The clips are added up in the order of their ids in double precision, so the outcome does not depend on
        the order of `indices`.

        Raises
        ------
        DataError
            If `indices` is empty.
        """
        chosen = np.asarray(indices, np.int64)
        if not len(chosen):
            raise DataError("no clip to take the mean and deviation from; the training part is empty")
        chosen = chosen[np.argsort(pack.ids[chosen], kind="stable")]
        # sums of differences from one frame keep full precision and are exactly 0 for a constant row
        origin = pack.clip(int(chosen[0]), rows)[0].astype(np.float64)
        total, squares, n_frames = np.zeros_like(origin), np.zeros_like(origin), 0
        for index in chosen.tolist():
            difference = np.subtract(pack.clip(index, rows), origin, dtype=np.float64)
            total += difference.sum(axis=0)
            squares += np.einsum("tf,tf->f", difference, difference)
            n_frames += len(difference)
        mean = total / n_frames
        deviation = np.sqrt(np.maximum(squares / n_frames - mean * mean, 0.0))
        deviation[deviation < _CONSTANT] = 1.0
        return cls(_plain(rows), origin + mean, deviation)

    def apply(self, x: npt.NDArray[np.float32], out: npt.NDArray[np.float32] | None = None) -> npt.NDArray[np.float32]:
        """Return `x` normalised.

        Parameters
        ----------
        x : np.ndarray [shape=(..., n_rows), dtype=float32]
            Values in the rows' own unit.
        out
            Array to write into; may be `x` itself.
        """
        result = np.subtract(x, self.mean.astype(np.float32), out=out)
        result *= (1.0 / self.deviation).astype(np.float32)
        return result

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as plain data; `from_json` gives them back to the last bit."""
        rows = [self.rows.start, self.rows.stop]
        return {"rows": rows, "mean": self.mean.tolist(), "deviation": self.deviation.tolist()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Normaliser:
        """Return what `to_json` wrote.

        Raises
        ------
        DataError
            If the numbers are missing or do not fit the rows.
        """
        try:
            rows = slice(int(data["rows"][0]), int(data["rows"][1]))
            mean, deviation = np.array(data["mean"], np.float64), np.array(data["deviation"], np.float64)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise DataError(f"stored normalisation cannot be read: {error!r}") from error
        shape = (rows.stop - rows.start,)
        if mean.shape != shape or deviation.shape != shape or not (deviation > 0).all() or not np.isfinite(mean).all():
            raise DataError(f"stored normalisation does not fit rows {rows.start} to {rows.stop}")
        return cls(rows, mean, deviation)


def _plain(rows: slice) -> slice:
    """Return the slice with both ends written out."""
    start, stop, step = rows.indices(N_ROWS)
    if step != 1 or stop <= start:
        raise DataError(f"rows {rows} are not a range of the {N_ROWS} rows of a clip")
    return slice(start, stop)
