"""Names that people give, and the plain folder names made from them."""

from __future__ import annotations

import re
import time
from pathlib import Path

from workbench.store.errors import UnusableNameError

LONGEST_NAME = 100
_LONGEST_SLUG = 60
_LATIN = str.maketrans(
    dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)) | {"θ": "th", "χ": "ch", "ψ": "ps"}
)
# The assignment counts its parts with Greek letters; these are the ones that stand for them elsewhere.
_PART_LETTERS = str.maketrans("αβγδεζ", "abcdef")
_GREEK_LETTERS = str.maketrans("abcdef", "αβγδεζ")


def name_for(root: Path) -> str:
    """Return a name for a session on a data folder: the last folder of the path that tells something."""
    generic = {"data", "input", "/", ""}
    return next((part for part in reversed(root.parts) if part.lower() not in generic), "lab")


def usable_name(name: str) -> str:
    """Return a session's name in its normal form.

    Raises
    ------
    UnusableNameError
        If it is empty, too long, looks like a path, or holds characters that cannot be shown.
    """
    import unicodedata

    normal = unicodedata.normalize("NFC", name).strip()
    if not normal:
        raise UnusableNameError("a session's name cannot be empty; give it one letter at least")
    if len(normal) > LONGEST_NAME:
        raise UnusableNameError(f"{normal[:20]!r}…: a session's name has at most {LONGEST_NAME} characters")
    if not normal.isprintable():
        raise UnusableNameError(f"{normal!r}: a session's name cannot hold control characters; leave them out")
    if "/" in normal or "\\" in normal:
        raise UnusableNameError(
            f"{normal!r}: a session's name cannot hold / or \\, since it is no path; --sessions-dir says where it lies"
        )
    if not normal.strip("."):
        raise UnusableNameError(f"{normal!r}: a session's name cannot be of dots alone, which mean folders")
    return normal


def same_name(first: str, second: str) -> bool:
    """Tell whether two names differ in case or composition only."""
    return folded(first) == folded(second)


def folded(name: str) -> str:
    """Return a name in the form in which names are compared."""
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).strip().casefold())


def slug(name: str) -> str:
    """Return a folder name for a session: lower-case ASCII letters, digits and dashes."""
    import unicodedata

    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", plain.translate(_LATIN))
    return "-".join(words)[:_LONGEST_SLUG].strip("-") or "session"


def part_slug(part: str) -> str:
    """Return a part's id for folder names, as in ``7.1e`` for ``7.1ε``."""
    return re.sub(r"[^a-z0-9.]+", "-", part.lower().translate(_PART_LETTERS)).strip("-.") or "part"


def part_file(part: str) -> str:
    """Return the stem of a part's answer file: its id as the assignment writes it, as in ``5γ`` for ``5c``.

    Raises
    ------
    UnusableNameError
        If it is not the id of a part.
    """
    plain = part.strip().lower()
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\.?([a-fα-ω])", plain)
    if found is not None:
        return found.group(1) + found.group(2).translate(_GREEK_LETTERS)
    if re.fullmatch(r"\d+[0-9a-zα-ω.-]{0,30}", plain) is None:
        raise UnusableNameError(f"{part!r} is not the id of a part; ids look like 5γ or 7.1")
    return plain


def time_stamp(seconds: float) -> str:
    """Return a time in UTC for folder names, to the millisecond, as in ``20261122-181203482``."""
    milliseconds = int(seconds * 1000)
    return time.strftime("%Y%m%d-%H%M%S", time.gmtime(milliseconds // 1000)) + f"{milliseconds % 1000:03d}"
