"""Going over a scatter point by point: which lies next in a direction, what is near, and where the camera goes."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Final

from labsteps.results import Scatter
from workbench.plots.scale import Scale
from workbench.plots.scatter import WHOLE, Camera, Seen, see

ZOOM: Final = 1.6
MOST: Final = 64.0
_CELL_RATIO: Final = 2.0
_NEAR: Final = 5


def places(figure: Scatter, camera: Camera) -> dict[int, tuple[float, float]]:
    """Return where each point lies, as fractions of the whole across and up."""
    seen = see(figure, camera)
    if not seen:
        return {}
    across, up = Scale(point.across for point in seen), Scale(point.up for point in seen)
    return {point.index: (across.fraction(point.across), up.fraction(point.up)) for point in seen}


def next_point(figure: Scatter, camera: Camera, right: int, up: int, shape: float = _CELL_RATIO) -> int | None:
    """Return the point to go to in a direction: the nearest one there, or the one that is picked at an edge.

    Parameters
    ----------
    right, up
        −1, 0 or 1; one of the two is 0.
    shape
        Width of the picture beside its height, so that near means near to the eye.
    """
    found = places(figure, camera)
    if camera.only:
        found = {index: place for index, place in found.items() if _label(figure, index) == camera.only}
    if not found:
        return None
    if camera.picked not in found:
        middle = camera.centre
        return min(found, key=lambda index: math.dist(found[index], middle))
    here = found[camera.picked]

    def cost(index: int) -> float:
        dx, dy = (found[index][0] - here[0]) * shape, found[index][1] - here[1]
        along, aside = (right * dx, dy) if right else (up * dy, dx)
        if along <= 0 or index == camera.picked:
            return math.inf
        return along + 2 * abs(aside)

    best = min(found, key=cost)
    return best if cost(best) < math.inf else camera.picked


def zoomed(figure: Scatter, camera: Camera, steps: int) -> Camera:
    """Return the camera so much closer or farther, around the point that is picked."""
    # As far back as forth is the whole again, which a product of such numbers misses by a little.
    zoom = min(MOST, max(1.0, round(camera.zoom * ZOOM**steps, 9)))
    at = places(figure, camera).get(camera.picked) if camera.picked is not None else None
    return _inside(replace(camera, zoom=zoom, centre=at or camera.centre))


def panned(camera: Camera, right: float, up: float) -> Camera:
    """Return the camera moved by parts of what it shows."""
    x, y = camera.centre
    return _inside(replace(camera, centre=(x + right / camera.zoom, y + up / camera.zoom)))


def picked(figure: Scatter, camera: Camera, index: int | None) -> Camera:
    """Return the camera with another point picked, moved where that lies outside of what it shows."""
    moved = replace(camera, picked=index)
    at = places(figure, camera).get(index) if index is not None else None
    if at is None:
        return moved
    half = 0.5 / camera.zoom
    if any(abs(place - centre) > half for place, centre in zip(at, camera.centre, strict=True)):
        moved = _inside(replace(moved, centre=at))
    return moved


def surroundings(figure: Scatter, index: int) -> list[tuple[str, int]]:
    """Return the classes of the points nearest to one on its map, the most frequent first."""
    # The camera's turning keeps distances, so any view of a map in space will do.
    seen = {point.index: point for point in see(figure, WHOLE)}
    if index not in seen:
        return []
    here = seen[index]
    others = sorted((p for p in seen.values() if p.index != index), key=lambda p: _apart(p, here))[:_NEAR]
    return Counter(point.label for point in others).most_common()


def _apart(one: Seen, other: Seen) -> float:
    return math.dist((one.across, one.up, one.near), (other.across, other.up, other.near))


def _label(figure: Scatter, index: int) -> str:
    return figure.labels[index] if index < len(figure.labels) else ""


def _inside(camera: Camera) -> Camera:
    """Return the camera moved so that it shows nothing beyond the whole."""
    half = 0.5 / camera.zoom
    x, y = (min(max(place, half), 1 - half) for place in camera.centre)
    return replace(camera, centre=(x, y))
