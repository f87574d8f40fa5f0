"""How often the app reads and draws: less over a network, and little where every byte counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Pace:
    """The app's times.

    Attributes
    ----------
    frames
        Pictures a second at most.
    poll
        Seconds between two looks at the session.
    plot
        Seconds between two drawings of a curve that grows.
    tick
        Seconds between two looks at the clock.
    """

    frames: int = 60
    poll: float = 0.4
    plot: float = 0.5
    tick: float = 1.0


NEAR: Final = Pace()
OVER_NETWORK: Final = Pace(frames=20, plot=1.0)
LOW_BANDWIDTH: Final = Pace(frames=5, poll=5.0, plot=15.0, tick=15.0)


def over_network(environ: Mapping[str, str]) -> bool:
    """Tell whether the screen is at the other end of an SSH connection."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def pace_of(environ: Mapping[str, str], *, low_bandwidth: bool) -> Pace:
    """Return how often to read and draw in an environment."""
    if low_bandwidth:
        return LOW_BANDWIDTH
    return OVER_NETWORK if over_network(environ) else NEAR
