"""How the entries of the catalogue are written."""

from __future__ import annotations

from collections.abc import Mapping

from labsteps.catalogue import Kind, Part, ValueSpec
from labsteps.context import ParameterValue
from labsteps.lab.questions import QUESTIONS, Question
from labsteps.parameter import Parameter
from labsteps.text import Text

VIEW, RUN, QUESTION = Kind.VIEW, Kind.RUN, Kind.QUESTION


def part(
    part_id: str,
    kinds: set[Kind],
    title: tuple[str, str],
    brief: tuple[str, str],
    *,
    data: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    uses: tuple[str, ...] = (),
    parameters: tuple[Parameter, ...] = (),
    values: tuple[ValueSpec, ...] = (),
    function: str = "",
    fresh: bool = False,
    timed: bool = False,
    needs_for: Mapping[tuple[str, ParameterValue], tuple[str, ...]] | None = None,
    model_of: str = "",
) -> Part:
    """Return an entry: title and brief as (English, Greek), and the question that the part asks, if any."""
    asked = QUESTIONS.get(part_id, Question(None))
    return Part(
        part_id,
        Text(*title),
        Text(*brief),
        frozenset(kinds),
        data,
        needs,
        uses,
        parameters,
        values,
        function,
        asked.text,
        asked.evidence,
        asked.illustration,
        fresh,
        timed,
        needs_for or {},
        model_of,
    )
