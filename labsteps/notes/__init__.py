"""Reference notes beside the lab's questions, one Markdown file a question and language.

A note is there to compare an answer with; it never counts as one.  Files are named by the part's id in Latin
letters: ``6e.el.md`` is the Greek note of 6ε.
"""

from __future__ import annotations

from importlib.resources import files

from labsteps.catalogue import Part


def note(part: Part, language: str = "en") -> str | None:
    """Return the reference note of a part in Markdown, or None where there is none.

    Parameters
    ----------
    part
        A part that asks something.
    language
        ``en`` or ``el``.
    """
    file = files(__name__).joinpath(f"{part.ascii_id}.{'el' if language == 'el' else 'en'}.md")
    return file.read_text(encoding="utf-8") if file.is_file() else None
