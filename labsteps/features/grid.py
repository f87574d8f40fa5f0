"""The analysis grid that every feature of the lab shares; light, so that anything may import it.

These are the numbers the data set was made with: changing one makes features that no longer match it.
"""

from __future__ import annotations

SAMPLE_RATE = 22050  # Hz
N_FFT = 2048  # samples a frame
HOP = 512  # samples from frame to frame
MEL_BANDS = 128
PITCH_CLASSES = 12
FEATURES = MEL_BANDS + PITCH_CLASSES
