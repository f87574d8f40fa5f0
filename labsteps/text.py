"""Text in the two languages of the lab; imports next to nothing, since `--help` is made of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text in English and in Greek."""

    en: str
    el: str

    def __str__(self) -> str:
        return self.en

    def to(self, language: str) -> str:
        """Return the text in ``en`` or ``el``."""
        return self.el if language == "el" else self.en
