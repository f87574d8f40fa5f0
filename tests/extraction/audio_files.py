"""Short audio files made by code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 22050


def tune(seconds: float, pitch: float, rate: int = RATE) -> NDArray[np.float32]:
    """Return a tone with a click twice a second."""
    time = np.arange(int(seconds * rate)) / rate
    noise = np.random.default_rng(int(pitch)).standard_normal(len(time))
    return (0.3 * np.sin(2 * np.pi * pitch * time) + 0.2 * noise * (time % 0.5 < 0.02)).astype(np.float32)


def write(path: Path, seconds: float = 2.0, pitch: float = 220.0, rate: int = RATE, channels: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = np.repeat(tune(seconds, pitch, rate)[:, None], channels, axis=1)
    soundfile.write(path, samples, rate)
    return path
