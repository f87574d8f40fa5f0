"""The parameters of parts, for ``help 9d`` and the page ``docs/parts.md``, written from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from labsteps.catalogue import Part, catalogue
from labsteps.greek import greek
from labsteps.parameter import Parameter
from labsteps.text import Text

_HEAD = """\
# Parts and their parameters

Written from the catalogue (`labsteps/lab/`) by `make docs`; a test holds it to that. `help 9d` shows the same of a part
or a step in the terminal, in Greek with `--lang el`.

A parameter is given with the run: `run 9d epochs=20 lr=1e-3`, or `--step 9d --set epochs=20`; with several parts,
`5c:epochs=20` means one of them. `lr`, `bs` and `wd` stand for `learning_rate`, `batch_size` and `weight_decay`.
A part is run anew when a parameter is changed, but for those marked *, which change how a run goes and not its result.
"""
_TAKES, _NONE = Text("takes", "δέχεται"), Text("it takes no parameters", "δεν δέχεται παραμέτρους")
_AND = Text(";", "·")
_DEFAULT = Text("default", "προεπιλογή")
_NEEDS = Text("builds on", "χρειάζεται")
_HOW = Text("set them with the run:", "δίνονται με την εκτέλεση:")
_ANSWERED = Text("a question, answered with: answer {0}", "ερώτηση, απαντιέται με: answer {0}")


def part_lines(part: Part, language: str, width: int) -> Iterator[str]:
    """Return what a part is and which parameters it takes, in lines.

    Parameters
    ----------
    part
        The part.
    language
        ``en`` or ``el``.
    width
        Columns of a line.
    """
    from workbench.plots.text import wrap

    yield f"{part.id}  {part.title.to(language)}"
    for line in wrap(part.brief.to(language), width - 2):
        yield f"  {line}"
    if part.needs:
        yield f"  {_NEEDS.to(language)} {', '.join(part.needs)}"
    if part.only_asks:
        yield f"  {_ANSWERED.to(language).format(part.ascii_id)}"
        return
    if not part.parameters:
        yield f"  {_NONE.to(language)}"
        return
    first = part.parameters[0]
    yield f"  {_HOW.to(language)} run {part.ascii_id} {first.name}={shown(first)}"
    wide = max(len(one.name) for one in part.parameters)
    for one in part.parameters:
        unit = greek(one.unit) if language == "el" else one.unit
        about = f"{one.help.to(language)}{f' ({unit})' if unit else ''}"
        for word, value in ((_TAKES, one.range_in(language)), (_DEFAULT, shown(one) or "–")):
            about += f"{_AND.to(language)} {word.to(language)} {value}"
        lines = list(wrap(about, max(width - wide - 4, 20)))
        for number, line in enumerate(lines):
            yield f"  {one.name if number == 0 else '':<{wide}}  {line}"


def parts_page() -> str:
    """Return the reference of all parts and their parameters in Markdown."""
    lines = [_HEAD]
    for step in catalogue():
        lines += [f"## {step.id} {step.title.en}", ""]
        for part in step.parts:
            lines += [f"### {part.id} {part.title.en}", "", *_about(part), ""]
            if part.parameters:
                lines += ["| parameter | default | takes | |", "|---|---|---|---|", *map(_row, part.parameters), ""]
    return "\n".join(lines).rstrip() + "\n"


def shown(parameter: Parameter) -> str:
    """Return a parameter's default as it is typed."""
    value = parameter.default
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _about(part: Part) -> Iterator[str]:
    yield part.brief.en
    if part.needs:
        yield ""
        yield f"Builds on {', '.join(part.needs)}."
    if part.asks:
        yield ""
        yield f"It asks something: `answer {part.ascii_id}`."


def _row(one: Parameter) -> str:
    mark = "" if one.affects_result else "*"
    cells = (f"`{one.name}`{mark}", f"`{shown(one)}`" if shown(one) else "", one.range_text)
    about = f"{one.help.en}{f' ({one.unit})' if one.unit else ''}"
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in (*cells, about))} |"


if __name__ == "__main__":
    print(parts_page(), end="")
