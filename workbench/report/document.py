"""What a report consists of, whatever it is written down in: sections of blocks, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from labsteps.results import Figure, Table


@dataclass(frozen=True, slots=True)
class Member:
    """One of those who hand the report in."""

    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text of the workbench; line breaks in it begin new lines."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of the lab and the user's own words, which are shown as they were written.

    Attributes
    ----------
    text
        Empty while the question is open.
    """

    part: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what is to be said of each: values with their intervals, or settings."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with a number of its own in the report.

    Attributes
    ----------
    part
        Part that it belongs to; empty for the report's own.
    """

    table: Table
    part: str = ""

    @property
    def caption(self) -> str:
        """What stands above it."""
        return f"{self.part}: {self.table.title}" if self.part else self.table.title


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure with a number of its own in the report.

    Attributes
    ----------
    stem
        Name of its files, without an ending.
    part
        Part that it belongs to.
    """

    figure: Figure
    stem: str
    part: str

    @property
    def caption(self) -> str:
        """What stands below it."""
        return f"{self.part}: {self.figure.title}"


Block = Paragraph | Answer | Facts | TableBlock | FigureBlock


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it.

    Attributes
    ----------
    step
        Id of the step that it tells of; empty for other sections.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    step: str = ""

    def every_block(self) -> list[Block]:
        """Return the blocks of this section and of those inside it, in order."""
        return [*self.blocks, *(block for inner in self.sections for block in inner.every_block())]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes
    ----------
    language
        ``en`` or ``el``.
    date
        As it is written on the title page.
    """

    title: str
    course: str
    school: str
    members: tuple[Member, ...]
    date: str
    language: str
    sections: tuple[Section, ...]

    @property
    def figures(self) -> list[FigureBlock]:
        """Every figure, in order."""
        blocks = [block for section in self.sections for block in section.every_block()]
        return [block for block in blocks if isinstance(block, FigureBlock)]
