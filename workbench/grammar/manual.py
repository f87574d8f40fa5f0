"""The overview of all commands, and the page ``docs/commands.md``, written from the grammar."""

from __future__ import annotations

from collections.abc import Iterator

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import CHOSEN, COMMON
from workbench.grammar.verbs import GROUPS
from workbench.grammar.words import Argument, Example, Reads, Verb, Way

EXAMPLES = (
    Example("", Text("open the app on the last session", "η εφαρμογή, στην τελευταία συνεδρία")),
    Example("repl", Text("the prompt", "το prompt")),
    Example("--step 7.1", Text("run step 7.1 in batch (the demo set without data)", "εκτέλεση του βήματος 7.1")),
    Example("run 7.1e epochs=20 lr=1e-3", Text("one part, with parameters", "ένα μέρος, με παραμέτρους")),
    Example("--step 7.1e --data ROOT --set epochs=20 --json", Text("the same, for scripts", "το ίδιο, για scripts")),
    Example("steps", Text("list the steps with their state", "τα βήματα και η κατάστασή τους")),
    Example("show 1c", Text("print a finished result again", "ένα αποτέλεσμα ξανά")),
    Example("compare 5c 7.1", Text("two models on the same tracks", "δύο μοντέλα στα ίδια κομμάτια")),
    Example("answer 1d --edit", Text("answer a question of the lab", "απάντηση σε ερώτηση του εργαστηρίου")),
    Example("data demo", Text("build the demo set", "το σύνολο επίδειξης")),
    Example("sessions", Text("list the sessions", "οι συνεδρίες")),
    Example("doctor", Text("what this machine can do", "τι μπορεί αυτό το μηχάνημα")),
    Example("help COMMAND", Text("all about a command", "όλα για μια εντολή")),
)
EXITS = {
    Exit.DONE: Text("done", "έγινε"),
    Exit.FAILED: Text("the step failed", "το βήμα απέτυχε"),
    Exit.USAGE: Text("wrong usage", "λάθος χρήση"),
    Exit.DATA: Text("data missing or malformed", "δεδομένα που λείπουν ή είναι χαλασμένα"),
    Exit.SESSION: Text("session locked or unreadable", "συνεδρία κλειδωμένη ή δυσανάγνωστη"),
    Exit.INTERRUPTED: Text("interrupted, can be resumed", "διακόπηκε, συνεχίζεται"),
    Exit.CTRL_C: Text("Ctrl-C", "Ctrl-C"),
}
OF_MANY = (*CHOSEN, *COMMON)
_TITLES = ("Runs", "Results, answers and what is kept", "Sessions, settings, data and the machine")


def epilog(language: str) -> str:
    """Return examples and exit codes for the end of ``--help``."""
    examples, codes = ("παραδείγματα", "κωδικοί εξόδου") if language == "el" else ("examples", "exit codes")
    lines = [examples]
    lines += [f"  {f'python -m workbench {one.line}':<48} {one.what.to(language)}" for one in EXAMPLES]
    told = [f"{int(code)} {what.to(language)}" for code, what in EXITS.items()]
    lines += ["", codes, f"  {'   '.join(told[:4])}", f"  {'   '.join(told[4:])}"]
    return "\n".join(lines)


def commands_page() -> str:
    """Return the reference of all commands in Markdown."""
    lines = [
        "# Commands",
        "",
        "Written from the grammar (`workbench/grammar/`) by `make docs`; a test holds it to that. Every command can be",
        "given as `python -m workbench COMMAND`, at the prompt (`python -m workbench repl`) and in the app's palette",
        "(ctrl+p), but for those marked otherwise. `help COMMAND` and `COMMAND --help` show the same, in Greek with",
        "`--lang el`.",
        "",
        "Parts can be written in Greek or Latin: `5γ`, `5c`, `5.C`. A run is meant by its id, or by a part or step,",
        "whose newest run it is then. `lr`, `bs` and `wd` stand for `learning_rate`, `batch_size` and `weight_decay`.",
        "",
        "Exit codes: " + " · ".join(f"{int(code)} {what}" for code, what in EXITS.items()) + ".",
    ]
    lines += ["", "## Flags of many commands", "", "| | |", "|---|---|"]
    lines += [f"| `{one.flags[0]}` | {one.help.en} |" for one in OF_MANY]
    for title, group in zip(_TITLES, GROUPS, strict=True):
        lines += ["", f"## {title}"]
        for verb in group:
            lines += ["", *_section(verb)]
    return "\n".join(lines) + "\n"


def _section(verb: Verb) -> Iterator[str]:
    yield f"### {verb.name}"
    yield ""
    yield f"{_sentence(verb.help.en)}{_marks(verb)}"
    if not verb.verbs:
        yield ""
        yield f"    {usage(verb)}"
        yield from _arguments(verb)
        yield from _also(verb)
    for own in verb.verbs:
        yield ""
        yield f"**`{verb.name} {own.name}`**: {own.help.en}"
        yield ""
        yield f"    {verb.name} {usage(own)}"
        yield from _arguments(own)
        yield from _also(own)
    examples = {one.line: one for inner in (verb, *verb.verbs) for one in inner.examples}
    if examples:
        yield ""
        yield "| example | |"
        yield "|---|---|"
        yield from (f"| `{_cell(line)}` | {one.what.en} |" for line, one in examples.items())
    if verb.refusals:
        yield ""
        yield "Ends with " + "; ".join(f"{int(one.code)} when {one.when.en}" for one in verb.refusals) + "."


def usage(verb: Verb) -> str:
    """Return a verb with its arguments as the page writes them."""
    own = [one for one in verb.flags if one not in OF_MANY]
    needed = [_written(one) for one in own if one.required]
    return " ".join(
        [verb.name, *map(_written, verb.places), *needed, *(f"[{_written(one)}]" for one in own if not one.required)]
    )


def _written(argument: Argument) -> str:
    if argument.reads is Reads.REST:
        return "…"
    name = argument.metavar or argument.name.upper()
    if argument.choices:
        name = "|".join(argument.choices)
    if argument.flags:
        several = " …" if argument.count == "+" else ""
        return f"{argument.flags[-1]} {name}{several}" if argument.takes_value else argument.flags[-1]
    return {"": name, "?": f"[{name}]", "*": f"[{name} …]", "+": f"{name} …"}[argument.count]


def _arguments(verb: Verb) -> Iterator[str]:
    shown = [one for one in verb.arguments if one.reads is not Reads.REST and one not in OF_MANY]
    if shown:
        yield ""
        yield "| | |"
        yield "|---|---|"
        for one in shown:
            name = ", ".join(one.flags) or one.metavar or one.name.upper()
            yield f"| `{_cell(name)}` | {_cell(one.help.en)} |"


def _also(verb: Verb) -> Iterator[str]:
    also = [f"`{one.flags[0]}`" for one in verb.flags if one in OF_MANY]
    if also:
        yield ""
        yield f"Takes {', '.join(also)} too."


def _marks(verb: Verb) -> str:
    marks = [f"also `{name}`" for name in verb.aliases]
    if verb.ways == {Way.COMMAND_LINE}:
        marks.append("on the command line only")
    elif Way.COMMAND_LINE not in verb.ways:
        marks.append("at the prompt and in the app only")
    elif Way.APP not in verb.ways:
        marks.append("on the command line and at the prompt")
    return f" ({', '.join(marks)})." if marks else "."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(commands_page(), end="")
