"""Ways out of a message as the app has them: a key or the palette, where the message names a command or its flags.

Messages are made once, where something goes wrong, and name what a command line has; whoever reads one in the app has
keys.  All that the app says goes through here when it is in the language of the screen: commands and flags are spelled
alike in both.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from labsteps.results import Table

PALETTE: Final = {"en": "in the palette (ctrl+p)", "el": "στην παλέτα (ctrl+p)"}
_THERE: Final = re.compile(r"palette|παλέτα")
_HINT: Final = re.compile(r"--[a-z]|`[a-z]|python -m|\bconfig (?:un)?set\b|--step")
_PROGRAM: Final = r"python -m workbench"
# In the place of what needs a flag, what needs a key, in both languages; each is looked for in the order of the table.
_KEYS: Final = tuple(
    (re.compile(told), meant)
    for told, meant in (
        # Runs
        (r"`run` with --force makes", "R makes"),
        (r"Η εντολή `run` με --force κάνει", "Το R κάνει"),
        (r"(?:το )?--force (begins|αρχίζει)", r"R \1"),
        (r"\b(with|με) --force", r"\1 R"),
        (r"add --with-prerequisites", "let r show the plan with them"),
        (r"προσθέστε --with-prerequisites", "δείτε με r το σχέδιο μαζί τους"),
        (r"--set (\w+)=(\S+) (gives|tells)", r"\1 = \2 in Parameters (2) \3"),
        (r"(?:το )?--set (\w+)=(\S+) (δίνει|λέει)", r"\1 = \2 στις Ρυθμίσεις (2) \3"),
        (r"run it with another --seed to see how far", "a session with another seed tells how far"),
        (r"με άλλο --seed φαίνεται πόσο", "μια συνεδρία με άλλο seed δείχνει πόσο"),
        (r"step 0 with --device NAME", "`device NAME`"),
        (r"το βήμα 0 με --device ΟΝΟΜΑ", "η εντολή `device ΟΝΟΜΑ`"),
        (r"το --device (cpu|cuda:\d+)", r"η εντολή `device \1`"),
        (r"--device (cpu|cuda:\d+)", r"`device \1`"),
        # Sessions and data
        (r"use another session: --session NAME", "use another session: F2"),
        (r"χρησιμοποιήστε άλλη συνεδρία: --session NAME", "χρησιμοποιήστε άλλη συνεδρία: F2"),
        (r"`sessions` lists them, and --session NAME takes another", "F2 lists them and opens another"),
        (r"η εντολή `sessions` τις δείχνει, το --session NAME παίρνει άλλη", "το F2 τις δείχνει και ανοίγει άλλη"),
        (r"(?:choose|name) another folder with --sessions-dir", "start the app on another folder of sessions"),
        (r"(?:διαλέξτε|ονομάστε) άλλον φάκελο με --sessions-dir", "ξεκινήστε την εφαρμογή σε άλλον φάκελο συνεδριών"),
        (r"; --sessions-dir says where it lies", ""),
        (r"· τη θέση τη λέει το --sessions-dir", ""),
        (r"HOME, WORKBENCH_STATE_DIR or --sessions-dir", "HOME or WORKBENCH_STATE_DIR"),
        (r"HOME, το WORKBENCH_STATE_DIR ή το --sessions-dir", "HOME ή το WORKBENCH_STATE_DIR"),
        (r"Point at a folder with --data ROOT", "Press d to choose a folder"),
        (r"Δείξτε έναν φάκελο με --data ROOT", "Πατήστε d για να διαλέξετε φάκελο"),
        (rf"build the demo set with: {_PROGRAM} data demo", "press F2 and d for the demo set"),
        (rf"φτιάξτε το σύνολο επίδειξης με: {_PROGRAM} data demo", "πατήστε F2 και d για το σύνολο επίδειξης"),
        (rf"^{_PROGRAM} --step 0 --data ROOT$", "d"),
        (rf"^{_PROGRAM} data demo$", "F2, d"),
        (r"; name another place by --out, or by WORKBENCH_CACHE_DIR", "; name another place by WORKBENCH_CACHE_DIR"),
        (r"· ορίστε άλλη θέση με --out ή με WORKBENCH_CACHE_DIR", "· ορίστε άλλη θέση με WORKBENCH_CACHE_DIR"),
        (r"choose another folder with --out", "choose another place by WORKBENCH_CACHE_DIR"),
        (r"διαλέξτε άλλον (?:φάκελο )?με --out", "διαλέξτε άλλη θέση με WORKBENCH_CACHE_DIR"),
        # Settings and report
        (r", or --set .+?\. `help", ". `help"),
        (r", ή --set .+?\. Η εντολή `help", ". Η εντολή `help"),
        (r"config set (\w+) VALUE(?: --in-session)?, (?:or|ή) config unset \1(?: --in-session)?", r"F5, \1"),
        (r"config set (\w+) VALUE --in-session", r"F5, \1, s"),
        (r"`config set` and `config unset` mend", "F5 mends"),
        (r"(?:[Οο]ι εντολές )?`config set` και `config unset` διορθώνουν", "το F5 διορθώνει"),
        (r"(?:[Ττ]ο )?--(edited|overwrite) (makes|writes|φτιάχνει|το γράφει)", r"`report build --\1` \2"),
    )
)
_COMMAND: Final = re.compile(rf"`(?:{_PROGRAM} |workbench )?([a-z][^`]*)`|{_PROGRAM} ((?!--)[a-z].*)")


def in_the_app(text: str, language: str = "en") -> str:
    """Return what a message says with the app's way out in the place of a command line's.

    Parameters
    ----------
    text
        The message, in the language of the screen.
    language
        ``en`` or ``el``.
    """
    return _in_the_app(text, language) if _HINT.search(text) else text


def table_in_the_app(table: Table, language: str) -> Table:
    """Return a table whose cells and note have the app's ways."""
    rows = tuple(
        tuple(in_the_app(cell, language) if isinstance(cell, str) else cell for cell in row) for row in table.rows
    )
    return replace(table, rows=rows, note=in_the_app(table.note, language))


@lru_cache(maxsize=512)
def _in_the_app(text: str, language: str) -> str:
    for told, meant in _KEYS:
        text = told.sub(meant, text)
    where = "" if _THERE.search(text) else f" {PALETTE[language]}"

    def command(found: re.Match[str]) -> str:
        nonlocal where
        words = found[1] or found[2]
        if not _typed(words.split()[0]):
            return found[0]
        # Once is enough, also where a message names several.
        told, where = f"`{words}`{where}", ""
        return told

    return _COMMAND.sub(command, text)


def _typed(name: str) -> bool:
    """Tell whether the palette knows a command of this name."""
    from workbench.grammar.verbs import find_verb
    from workbench.grammar.words import Way

    return find_verb([name], Way.APP)[0] is not None
