"""Two clips beside each other in one PNG, drawn by ``librosa.display.specshow`` as the assignment asks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labsteps.features.grid import HOP, SAMPLE_RATE
from labsteps.steps.clips_view import Clip

SIDE_BY_SIDE_FILE = "figures/side_by_side.png"
SIDE_BY_SIDE = "{}, at print quality: side_by_side.png among the figures of the run."
DPI = 300
_INCHES = (6.0, 3.2)  # of one clip


def save_side_by_side(rows: Sequence[Sequence[Clip]], path: Path, *, chroma: bool = False) -> None:
    """Write a PNG of clips in rows, on common axes and colours.

    Parameters
    ----------
    rows
        Clips of each row, all of them by frames or all by beats.
    path
        The file; it is whole or not there at any time.
    chroma
        Draw the chroma part instead of the mel part.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width = max(map(len, rows))
    # Class names come from the data and may hold signs that would be read as formulae.
    with rc_context({"font.family": "DejaVu Sans", "font.size": 9, "text.parse_math": False}):
        page = Figure(figsize=(_INCHES[0] * width, _INCHES[1] * len(rows)), dpi=DPI, layout="constrained")
        FigureCanvasAgg(page)
        panels = page.subplots(len(rows), width, squeeze=False)
        for row, clips in enumerate(rows):
            for column, clip in enumerate(clips):
                picture = _panel(panels[row][column], clip, chroma)
                if column == len(clips) - 1:
                    label = "energy" if chroma else "level (dB)"
                    page.colorbar(picture, ax=panels[row].tolist(), label=label, pad=0.01)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            page.savefig(temporary, format="png", metadata={"Software": None})
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


def _panel(axes: Any, clip: Clip, chroma: bool) -> Any:
    from librosa.display import specshow
    from matplotlib.ticker import MaxNLocator

    axes.set_title(f"{clip.name}{', per beat' if clip.beat else ''}", loc="left", fontsize=10)
    picture = specshow(
        (clip.chroma if chroma else clip.mel).T,
        sr=SAMPLE_RATE,
        hop_length=HOP,
        x_axis="frames" if clip.beat else "s",
        y_axis="chroma" if chroma else "mel",
        fmax=SAMPLE_RATE / 2,
        cmap="magma",
        vmin=0.0 if chroma else -80.0,
        vmax=1.0 if chroma else 0.0,
        ax=axes,
    )
    if clip.beat:  # there is no half a beat
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.set_xlabel("beat" if clip.beat else "time (s)")
    axes.set_ylabel("pitch class" if chroma else "frequency (Hz)")
    return picture
