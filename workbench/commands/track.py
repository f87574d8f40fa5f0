"""``track``: where one track lies on the maps of a run, what is near it, and its spectrogram in words."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from labsteps.errors import UsageError
from labsteps.results import Figure, Panels, Scatter
from workbench.commands import output
from workbench.commands.choose import open_existing
from workbench.commands.control import part_of
from workbench.commands.figures import figures_of, runs_meant
from workbench.exits import Exit
from workbench.plots.pick import surroundings
from workbench.plots.text import printable
from workbench.speaking import language, told
from workbench.spoken.figures import figure_lines
from workbench.spoken.words import Speech, number
from workbench.store.run import RunFolder
from workbench.store.session import Session

# Tracks that are named where another one was asked for.
MOST_NAMED = 5


def run_track(options: argparse.Namespace) -> int:
    """Print where a track lies on each map of a run.

    Raises
    ------
    UsageError
        If the run has no map, or none has the track.
    """
    session = open_existing(options)
    for run in runs_meant(session, options.run):
        maps = dict(_maps(figures_of(run)))
        if maps:
            break
    else:
        raise UsageError(f"No run of {options.run} has a map of tracks; steps 8 and 11 draw some.")
    found = [_place(name, figure, options.track) for name, figure in maps.items()]
    places = [place for place in found if place is not None]
    if not places:
        known = list(dict.fromkeys(track for figure in maps.values() for track in figure.ids))
        few = ", ".join(known[:MOST_NAMED])
        raise UsageError(
            f"Track {options.track} is not on the maps of run {run.id}; there are {len(known)}, such as {few}."
        )
    if output.wants_json(options):
        report = {"format": 1, "run": run.id, "part": part_of(run), "track": options.track, "maps": places}
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return Exit.DONE
    _tell(run, options.track, places, maps)
    _tell_spectrogram(session, options.track, str(places[0]["label"]))
    return Exit.DONE


def _maps(figures: Mapping[str, Figure]) -> Iterator[tuple[str, Scatter]]:
    alone = {name: figure for name, figure in figures.items() if isinstance(figure, Scatter)}
    yield from alone.items()
    for name, figure in figures.items():
        if isinstance(figure, Panels):  # which mostly repeats what stands alone too
            panels = ((f"{name} {index}", panel) for index, panel in enumerate(figure.panels, 1))
            yield from ((key, panel) for key, panel in panels if panel not in alone.values())


def _place(name: str, figure: Scatter, track: str) -> dict[str, Any] | None:
    if track not in figure.ids:
        return None
    index = figure.ids.index(track)
    directions = [figure.x, figure.y] if figure.z_axis is None else [figure.x, figure.y, figure.z]
    return {
        "figure": name,
        "label": figure.labels[index],
        "at": [values[index] for values in directions],
        "note": figure.notes[index] if index < len(figure.notes) else "",
        "near": dict(surroundings(figure, index)),
    }


def _tell(run: RunFolder, track: str, places: list[dict[str, Any]], maps: Mapping[str, Scatter]) -> None:
    speech = Speech(language())
    print(told(f"{part_of(run)}, track {track}: {places[0]['label'] or '–'}"))
    for place in places:
        at = ", ".join(map(number, place["at"]))
        near = ", ".join(f"{count} {speech.lab(label) or '–'}" for label, count in place["near"].items())
        text = speech.say("{}: at {}; nearest: {}", speech.lab(maps[place["figure"]].title), at, near)
        print(printable(speech.say("{}; {}", text, speech.lab(place["note"])) if place["note"] else text))


def _tell_spectrogram(session: Session, track: str, label: str) -> None:
    """Print the track's spectrogram in words, where its file is still there."""
    from workbench.tracks import picture_of

    if session.data_root is None:
        return
    picture = picture_of(session.data_root, track, label or "–")
    print()
    if isinstance(picture, str):
        print(told(picture))
        return
    for line in figure_lines(picture, Speech(language()), numbers=True):
        print(printable(line))
