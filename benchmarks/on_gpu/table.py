"""The measurements as tables: for the terminal, and as Markdown between two marks of docs/performance.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.beside.table import columns, in_markdown, number, percent, seconds, spread

BEGIN, END = "<!-- bench-gpu: begin -->", "<!-- bench-gpu: end -->"
NOT_YET = "Not measured yet: `make bench-gpu` measures it on your GPU, and `make bench-gpu-page` puts the tables here."
SECTIONS = {
    "epochs": (
        "Trainings, the plain way / ours",
        ("", "a step, plain", "ours", "times faster", "epoch, s", "clips/s", "of the peak", "memory, GB"),
    ),
    "data": ("Where batches come from", ("", "without", "with", "times as fast")),
    "settings": (
        "Settings",
        ("", "a clip, without", "with", "times as fast", "memory of a step, GB", "first step, s"),
    ),
    "loop": ("The loop beside a bare forward, backward and step", ("", "bare", "the loop", "ratio", "added, ms")),
    "waits": ("What waits for the GPU in a step", ("", "waits")),
}


def cells(row: Mapping[str, Any]) -> list[str]:
    """Return what the table of its section says of a row."""
    found: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
        "epochs": _epoch,
        "data": _gain,
        "settings": _setting,
        "loop": _loop,
        "waits": _waits,
    }
    return [row["title"], *found[row["section"]](row)]


def _epoch(row: Mapping[str, Any]) -> list[str]:
    def pair(key: str, word: Callable[[float], str]) -> str:
        return f"{word(row[key]['plain'])} / {word(row[key]['ours'])}"

    return [
        seconds(row["plain"]),
        seconds(row["ours"]),
        spread(row["ratio"], 1),
        pair("epoch", number),
        pair("clips_per_second", number),
        pair("share", _share),
        pair("memory", _gigabytes),
    ]


def _gain(row: Mapping[str, Any]) -> list[str]:
    return [seconds(row["without"]), seconds(row["with"]), spread(row["ratio"], 2)]


def _setting(row: Mapping[str, Any]) -> list[str]:
    memory = " / ".join(map(_gigabytes, row["memory"])) if any(row["memory"]) else ""
    return [*_gain(row), memory, " / ".join(f"{each:.1f}" for each in row["first"])]


def _loop(row: Mapping[str, Any]) -> list[str]:
    return [seconds(row["bare"]), seconds(row["ours"]), spread(row["ratio"], 3), f"{1e3 * row['added']:.2f}"]


def _waits(row: Mapping[str, Any]) -> list[str]:
    if not row["waits"]:
        return [f"none in {row['steps']} steps"]
    return ["; ".join(f"{place} ({times} in {row['steps']} steps)" for place, times in row["waits"].items())]


def _share(share: float) -> str:
    return percent(share) if share >= 0.095 else f"{100 * share:.2g} %"


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:.2f}"


def failed(found: Mapping[str, Any]) -> list[str]:
    """Return a line for each measurement that there is none of."""
    return [f"{row['title']}: {row['error']}" for row in found["rows"] if "error" in row]


def tables(found: Mapping[str, Any]) -> list[tuple[str, list[list[str]]]]:
    """Return the headings and the lines of cells of each section that something was measured in."""
    made = []
    for section, (heading, names) in SECTIONS.items():
        rows = [row for row in found["rows"] if row["section"] == section and "error" not in row]
        if rows:
            made.append((heading, [list(names), *map(cells, rows)]))
    return made


def terminal(found: Mapping[str, Any]) -> str:
    """Return everything as text."""
    parts = [f"{heading}\n{columns(lines)}" for heading, lines in tables(found)]
    lacking = failed(found)
    if lacking:
        parts.append("Not measured\n" + "\n".join(lacking))
    return "\n\n".join([*parts, f"{found['machine']}. {how(found)}\n{peaks(found)}"])


def markdown(found: Mapping[str, Any]) -> str:
    """Return everything as Markdown."""
    lines = [f"{found['machine']}. {how(found)}", "", peaks(found)]
    for heading, cells_of in tables(found):
        lines += ["", f"**{heading}**", "", *in_markdown(cells_of)]
    lacking = failed(found)
    if lacking:
        lines += ["", "**Not measured**", "", *(f"- {line}" for line in lacking)]
    return "\n".join(lines)


def how(found: Mapping[str, Any]) -> str:
    """Say how the numbers came about."""
    return (
        f"{'Few' if found['quick'] else 'All'} rounds, in {found['seconds']:.0f} s. Both sides of a row in turn in one "
        "process, each time from when the GPU had done what came before until it had done its own, warm-up and "
        "compiling apart; ratios are medians over the rounds, with the least and the greatest. Epochs are of 2325 "
        "clips, calculated from steps; the share is of the fastest product of matrices below; memory is the GPU's, for "
        "a training with what lies there whole. Without / with, or plain / ours, where a cell has two numbers."
    )


def peaks(found: Mapping[str, Any]) -> str:
    """Say what the GPU could do at most."""

    def told(rates: Mapping[str, float], unit: float, word: str) -> str:
        return ", ".join(f"{rate / unit:.3g} {word}{name}" for name, rate in rates.items())

    at_most = found["peaks"]
    return (
        f"Measured peaks, in 10¹² operations a second: products of matrices {told(at_most['matmul'], 1e12, 'in ')}; "
        f"convolutions {told(at_most['convolution'], 1e12, 'in ')}; copies in GB/s: {told(at_most['copy'], 1e9, '')}."
    )


def brief(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return one line a row, for whoever waits."""
    return "\n".join(f"    {row['title']}: " + (row["error"] if "error" in row else _short(row)) for row in rows)


def _short(row: Mapping[str, Any]) -> str:
    return f"{spread(row['ratio'], 2)} times" if "ratio" in row else "; ".join(cells(row)[1:])
