"""A setting of a part: its type, what it may be, and how it is read from text."""

from __future__ import annotations

from dataclasses import dataclass

from labsteps.context import ParameterValue
from labsteps.errors import ParameterError
from labsteps.near import did_you_mean
from labsteps.text import Text

LONGEST_QUOTED = 60
_RANGE_WORDS = (
    ("true or false", "true ή false"),
    ("a whole number", "ακέραιο"),
    ("a number", "αριθμό"),
    (" from ", " από "),
    (" to ", " έως "),
    (" in steps of ", " με βήμα "),
    (", at least ", ", τουλάχιστον "),
    ("text", "κείμενο"),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A setting of a part; its type is that of the default.

    Attributes
    ----------
    minimum, maximum
        Range of a number, both ends included.
    choices
        Allowed words of a text parameter.
    step
        Distance between allowed whole numbers, counted from the minimum.
    affects_result
        False for settings that change how a run goes but not what comes out; two runs that differ only
        in these count as the same run.
    """

    name: str
    default: ParameterValue
    help: Text
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    step: int = 1
    unit: str = ""
    affects_result: bool = True

    @property
    def range_text(self) -> str:
        """The values that are allowed, in words."""
        if isinstance(self.default, bool):
            return "true or false"
        if self.choices:
            return ", ".join(self.choices)
        number = "a whole number" if isinstance(self.default, int) else "a number"
        if self.minimum is not None and self.maximum is not None:
            steps = f" in steps of {self.step}" if self.step > 1 else ""
            return f"{number} from {plain_number(self.minimum)} to {plain_number(self.maximum)}{steps}"
        if self.minimum is not None:
            return f"{number}, at least {plain_number(self.minimum)}"
        return "text" if isinstance(self.default, str) else number

    def range_in(self, language: str) -> str:
        """Return `range_text` in a language, ``en`` or ``el``; the choices themselves are typed as they are."""
        if language != "el" or self.choices:
            return self.range_text
        text = self.range_text
        for english, greek in _RANGE_WORDS:
            text = text.replace(english, greek)
        return text

    def parse(self, text: str) -> ParameterValue:
        """Return the value that `text` stands for.

        Raises
        ------
        ParameterError
            If the text is of the wrong type or outside the range.
        """
        return self.check(self._convert(text.strip()))

    def check(self, value: ParameterValue) -> ParameterValue:
        """Return `value` when it is of the right type and inside the range.

        Raises
        ------
        ParameterError
            If it is not.
        """
        kind = type(self.default)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise self._refusal(value)
        if self.choices and value not in self.choices:
            raise self._refusal(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            below = self.minimum is not None and not value >= self.minimum
            above = self.maximum is not None and not value <= self.maximum
            between = self.step > 1 and (value - (self.minimum or 0)) % self.step != 0
            if below or above or between or value != value:
                raise self._refusal(value)
        return value

    def _convert(self, text: str) -> ParameterValue:
        try:
            if isinstance(self.default, bool):
                return {"true": True, "yes": True, "on": True, "1": True}.get(text.lower(), False) or self._false(text)
            if isinstance(self.default, int):
                return int(text)
            if isinstance(self.default, float):
                return float(text)
        except ValueError:
            raise self._refusal(text) from None
        return text

    @staticmethod
    def _false(text: str) -> bool:
        if text.lower() not in {"false", "no", "off", "0"}:
            raise ValueError(text)
        return False

    def _refusal(self, value: object) -> ParameterError:
        shown = repr(shortened(value)) if isinstance(value, str) else value
        written = str(self.default).lower() if isinstance(self.default, bool) else self.default
        text = f"{self.name} cannot be {shown}: it takes {self.range_text} (default {written})."
        return ParameterError(f"{text} {did_you_mean(str(value), self.choices)}".rstrip())


def plain_number(value: float) -> str:
    """Return a number as the bound of a range has it: a large whole one without an exponent."""
    return f"{value:.0f}" if abs(value) >= 1e6 and value == int(value) else f"{value:g}"


def shortened(text: str) -> str:
    """Return a text as a message may quote it: not longer than a line."""
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]}…"
