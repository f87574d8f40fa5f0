"""What one H100 would need for a step and an epoch, by calculation: ``python benchmarks/h100.py`` measures nothing.

Three things bound a step: operations, bytes of activations, and what has to wait for what came before it (time steps of
an LSTM, and kernels that the program starts one by one).  The table has the sum of the last and the greater of the
first two, with a low and a high assumption for what no data sheet tells.

References
----------
NVIDIA, "H100 Tensor Core GPU" data sheet, SXM: 989.4·10¹² operations a second in bf16 without sparsity, 3.35 TB/s of
memory, 80 GB.
"""

from __future__ import annotations

import sys
from math import ceil
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.beside.counts import Work, work
from benchmarks.beside.data_set import TRAIN
from benchmarks.beside.rows import TRAININGS, Training

OPERATIONS, BYTES = 989.4e12, 3.35e12  # a second, by the data sheet
ATTAINED = (0.5, 0.2)  # share of the operations' peak that products of these sizes reach: assumed
STEP_OF_LSTM = (4e-6, 12e-6)  # s of one time step of cuDNN's LSTM, whose product waits for the one before: assumed
LAUNCH = (3e-6, 8e-6)  # s from the start of one kernel to the start of the next by a Python program: assumed
KERNELS = {"lstm": 60, "cnn": 120, "ast": 900}  # of a step, counted from the code: forward, backward, optimizer, loss


def seconds(row: Training, counted: Work, case: int) -> tuple[float, float, float]:
    """Return seconds a step for operations, for bytes, and for what waits."""
    serial = counted.serial * STEP_OF_LSTM[case] if row.network == "lstm" else 0.0
    moved = 3.0 * counted.state_bytes  # written forward, read backward, and their gradients
    return counted.operations / OPERATIONS / ATTAINED[case], moved / BYTES, serial + KERNELS[row.network] * LAUNCH[case]


def table() -> str:
    """Return the table of all networks in Markdown."""
    lines = [
        "| | 10⁹ operations | GB of activations | operations, ms | bytes, ms | waiting, ms | step, ms | epoch, s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    clips = sum(TRAIN.values())
    for row in TRAININGS:
        counted, both = work(row, width=2), []
        for case in (0, 1):
            operations, moved, waiting = seconds(row, counted, case)
            both.append((operations, moved, waiting, max(operations, moved) + waiting))
        cells = [pair(1e3 * low, 1e3 * high) for low, high in zip(*both, strict=True)]
        epoch = pair(*(each[3] * ceil(clips / row.batch_size) for each in both))
        sizes = f"{counted.operations / 1e9:.0f} | {counted.state_bytes / 1e9:.2f}"
        lines.append(f"| {row.title}, batch {row.batch_size} | {sizes} | {' | '.join(cells)} | {epoch} |")
    return "\n".join(lines)


def pair(low: float, high: float) -> str:
    """Return both ends of a range, or one number where they are the same."""
    texts = [f"{number:.0f}" if number >= 10 else f"{number:.2g}" for number in (low, high)]
    return "–".join(dict.fromkeys(texts))


if __name__ == "__main__":
    print(table())
