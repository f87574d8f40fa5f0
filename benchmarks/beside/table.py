"""The measurements as a table: for the terminal, and as Markdown between two marks of docs/performance.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
HEADINGS = (
    "",
    "plain",
    "ours",
    "times faster",
    "of processor time",
    "asked",
    "epoch, s",
    "clips/s",
    "of peak",
    "memory, GB",
    "load",
)


def cells(row: Mapping[str, Any]) -> list[str]:
    """Return what the table says of one row, in the order of `HEADINGS`."""
    epoch, clips, share, held = (row.get(key) for key in ("epoch", "clips_per_second", "share", "unreclaimable"))
    mark = "~" if epoch and not epoch["whole"] else ""
    return [
        row["title"],
        seconds(row["plain"]),
        seconds(row["ours"]),
        spread(row["ratio"], 1),
        f"{row['processor_ratio']:.1f}" if row.get("processor_ratio") else "",
        f"{row['goal']:g}" if row.get("goal") else "",
        f"{mark}{number(epoch['plain'])} / {mark}{number(epoch['ours'])}" if epoch else "",
        f"{number(clips['plain'])} / {number(clips['ours'])}" if clips else "",
        f"{percent(share['plain'])} / {percent(share['ours'])}" if share else "",
        f"{held['plain'] / 1e9:.2f} / {held['ours'] / 1e9:.2f}" if held else "",
        f"{row['load']:.1f}",
    ]


def seconds(value: float | None) -> str:
    """Return a time with its unit."""
    if value is None:
        return "–"
    return f"{value:.2f} s" if value >= 1.0 else f"{1e3 * value:.3g} ms"


def number(value: float) -> str:
    """Return three digits of a number, without an exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{100 * share:.0f} %"


def spread(found: Mapping[str, float] | None, digits: int) -> str:
    """Return a median with minimum and maximum."""
    if not found:
        return "–"
    low, middle, high = (f"{found[key]:.{digits}f}" for key in ("low", "median", "high"))
    return f"{middle} [{low} {high}]"


def terminal(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the rows as columns of text."""
    return columns([list(HEADINGS), *map(cells, rows)])


def columns(lines: Sequence[Sequence[str]]) -> str:
    """Return lines of cells as columns of text, the first one flush left."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if not column else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def markdown(found: Mapping[str, Any]) -> str:
    """Return the table with what it was measured on and how to read it."""
    lines = [
        f"{found['machine']}. {how(found)}",
        "",
        *in_markdown([HEADINGS, *map(cells, found["rows"])]),
        "",
        peaks(found["peaks"]),
        "",
        *(f"- {row['title']}: {notes(row)}" for row in found["rows"] if row.get("note")),
    ]
    return "\n".join(lines).rstrip()


def in_markdown(lines: Sequence[Sequence[str]]) -> list[str]:
    """Return lines of cells as a table in Markdown, the first column flush left."""
    first, *rest = ("| " + " | ".join(line) + " |" for line in lines)
    return [first, "|---" + "|--:" * (len(lines[0]) - 1) + "|", *rest]


def notes(row: Mapping[str, Any]) -> str:
    """Return what is said of a row below the table."""
    if "memory_share" in row:
        return f"{row['note']} Of a copy from memory to memory it has {percent(row['memory_share'])}."
    if "asked_share" not in row:
        return str(row["note"])
    return (
        f"{row['note']} {row['goal']:g} times the plain way would take {percent(row['asked_share'])} of the peak; "
        f"moving the activations would take {percent(row['bytes_share'])} of our time."
    )


def how(found: Mapping[str, Any]) -> str:
    """Say how the numbers came about."""
    low, high = min(found["loads"]), max(found["loads"])
    form = "A few steps of each row" if found["quick"] else "Up to a whole epoch of each row"
    return (
        f"{form}, the plain way and ours in turn in one run at a load of {low:.1f} to {high:.1f}; what other programs "
        "take makes wall times longer, and processor times hardly. Ratios are medians over the rounds, with the least "
        "and the greatest; ~ marks an epoch that is calculated from steps. Pairs are plain / ours. The share of the "
        "peak is that of operations for each second of processor time. Memory is what cannot be reclaimed."
    )


def peaks(found: Mapping[str, float]) -> str:
    """Say what the machine could do at most."""
    parts = [
        f"{name} {found[f'{key}_float32_processor'] / 1e9:.0f} in float32 and "
        f"{found[f'{key}_bf16_processor'] / 1e9:.0f} in bf16"
        for key, name in (("matmul", "products of matrices"), ("conv", "convolutions"))
    ]
    return (
        f"Measured peaks of one core in the same run, in 10⁹ operations a second: {', '.join(parts)}; "
        f"a copy of 256 MiB of memory {found['copy'] / 1e9:.1f} GB/s."
    )


def put_into(page: Path, found: Mapping[str, Any]) -> None:
    """Put the table between its marks of a page."""
    put_between(page, BEGIN, END, markdown(found))


def put_between(page: Path, begin: str, end: str, lines: str) -> None:
    """Replace what stands between two marks of a page.

    Raises
    ------
    SystemExit
        If the page lacks the marks.
    """
    text = page.read_text(encoding="utf-8")
    before, opened, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise SystemExit(f"{page} has no {begin} … {end}")
    page.write_text(f"{before}{begin}\n{lines}\n{end}{after}", encoding="utf-8")
