"""The reader of commands, built from the grammar: argparse with near names in its refusals."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from labsteps.near import choices_text, did_you_mean
from labsteps.text import Text
from workbench.grammar.arguments import APP, BATCH, CHOSEN, COMMON, switch
from workbench.grammar.errors import CommandError
from workbench.grammar.verbs import VERBS
from workbench.grammar.words import Argument, Reads, Source, Verb, Way, given

PROGRAM = "python -m workbench"
MOST_SEEDS = 2**31
_GLOBAL = frozenset(argument.name for argument in (*COMMON, *CHOSEN) if argument.shared)
_LACKING = "the following arguments are required"
_TITLES = {
    "commands": Text("commands", "εντολές"),
    "batch": Text("batch", "μαζική εκτέλεση"),
    "options": Text("options", "επιλογές"),
    "words": Text("arguments", "ορίσματα"),
    "examples": Text("examples", "παραδείγματα"),
    "refusals": Text("exit codes besides 0", "κωδικοί εξόδου πέρα από το 0"),
    "help": Text("show this and leave", "εμφάνιση αυτού του κειμένου"),
}
STEP = Argument(
    "step",
    Text(
        "a step or part: 7.1, 7.1ε, 5c; several: 5,6,7.1; 5-8; all",
        "βήμα ή μέρος: 7.1, 7.1ε, 5c· πολλά: 5,6,7.1· 5-8· all",
    ),
    ("--step",),
    "ID",
    sources=(Source.PART,),
)
_VERSION = switch("version", Text("print the version", "η έκδοση"))
DESCRIPTION = Text(
    "The lab workbench: music genre and emotion from spectrograms, in the terminal.",
    "Ο πάγκος του εργαστηρίου: είδος και συναίσθημα μουσικής από φασματογραφήματα, στο τερματικό.",
)


class _GreekHelp(argparse.RawDescriptionHelpFormatter):
    """The help with argparse's own word in Greek."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Put the line that says how a command is written."""
        super().add_usage(usage, actions, groups, "χρήση: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Refuses by an error of ours, with what was probably meant."""

    def error(self, message: str) -> NoReturn:
        """Refuse the words.

        Raises
        ------
        CommandError
            Always.
        """
        if message.startswith(_LACKING):
            names, verb = list(self.verbs()), self.prog.removeprefix(PROGRAM).strip()
            message += f". Commands are {', '.join(names)}." if names else f". help {verb} explains it." if verb else ""
        raise CommandError(message, self.format_usage().strip() if self.prog not in ("", PROGRAM) else "")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the options; what was not recognised is refused with the flags that look like it."""
        words = list(sys.argv[1:] if args is None else args)
        unknown = self._unknown_in_front(words)
        if unknown is not None and (hint := self._near_flags(unknown)):
            # The word after a flag that does not exist would be taken for a command.
            self.error(f"not recognised: {unknown[:60]!r}.{hint}")
        options, rest = self.parse_known_args(words, namespace)
        if rest:
            parser = self._parser_of(options)
            parser.error(f"not recognised: {' '.join(map(repr, rest[:5]))}.{parser._near_flags(rest[0])}")
        return options

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the options and what was not recognised; the flags of a verb may stand between its words."""
        words = list(sys.argv[1:] if args is None else args)
        return super().parse_known_args(self._flags_first(words), namespace)

    def _unknown_in_front(self, words: list[str]) -> str | None:
        """Return the first word before the verb that looks like a flag and is none."""
        rest = iter(words)
        for word in rest:
            name, equals, _ = word.partition("=")
            action = self._option_string_actions.get(name)
            if action is None:
                return word if word.startswith("-") else None
            if action.nargs is None and not equals:
                next(rest, None)
        return None

    def _near_flags(self, word: str) -> str:
        """Return the sentence that names the flags that look like one that does not exist, empty where none does."""
        name = word.partition("=")[0]
        if not word.startswith("-") or name in self._option_string_actions:
            return ""
        flags = [flag for flag in self._option_string_actions if flag.startswith("--")]
        return f" {did_you_mean(name, flags)}".rstrip()

    def _flags_first(self, words: list[str]) -> list[str]:
        """Return the words with the flags and their values before all others, in the order they have.

        argparse gives words that are known by their place away at the first of them, so that those after a flag in
        their midst would belong to nobody.
        """
        if self.verbs() or any(action.nargs == argparse.REMAINDER for action in self._actions):
            return words
        flags: list[str] = []
        others: list[str] = []
        rest = iter(words)
        for word in rest:
            if word == "--":
                others += [word, *rest]
                break
            name, equals, _ = word.partition("=")
            action = self._option_string_actions.get(name)
            if action is None:
                others.append(word)
                continue
            if action.nargs not in (None, 0):
                return words  # how many words follow such a flag, argparse knows alone
            flags.append(word)
            if action.nargs is None and not equals and (value := next(rest, None)) is not None:
                flags.append(value)
        return [*flags, *others]

    def _parser_of(self, options: argparse.Namespace) -> Parser:
        """Return the parser of the inmost verb that the options name."""
        parser = self
        for name in ("command", "verb"):
            parser = parser.verbs().get(str(getattr(options, name, "")), parser)
        return parser

    def verbs(self) -> dict[str, Parser]:
        """Return the parsers of the verbs, by name and alias."""
        action = next((a for a in self._actions if isinstance(a, argparse._SubParsersAction)), None)
        return {} if action is None else dict(action.choices)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if isinstance(action, argparse._SubParsersAction) and value not in action.choices:
            raise argparse.ArgumentError(None, unknown_verb(str(value), list(action.choices), self.prog))
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, unknown_choice(str(value), [str(one) for one in action.choices]))


def build_parser(way: Way = Way.COMMAND_LINE, language: str = "en", words: Collection[str] | None = None) -> Parser:
    """Return the parser of all commands that can be given in a way.

    Parameters
    ----------
    way
        On the command line the flags of ``--step`` belong to it, without a command.
    language
        Of the help: ``en`` or ``el``.
    words
        What will be read; verbs that are not among them get no arguments, which would be made for nothing.
    """
    outside = way is Way.COMMAND_LINE
    parser: Parser = _new(Parser, PROGRAM if outside else "", language, description=DESCRIPTION.to(language))
    if outside:
        from workbench.grammar.manual import epilog

        parser.epilog = epilog(language)
        _add(parser, _VERSION, language)
        for argument in (*COMMON, *CHOSEN, *APP):
            _add(parser, argument, language)
        group = parser.add_argument_group(_TITLES["batch"].to(language))
        for argument in (STEP, *BATCH):
            _add(group, argument, language)
    else:
        parser.set_defaults(step=None, version=False, **{one.name: _default(one) for one in BATCH})
    _add_verbs(parser, "command", tuple(given(VERBS, way)), language, required=not outside, words=words)
    return parser


def verb_parser(parser: Parser, words: Sequence[str]) -> Parser:
    """Return the parser of the verb that words name, whose help is all about it.

    Raises
    ------
    CommandError
        If there is no such verb.
    """
    for word in words:
        verbs = parser.verbs()
        if not verbs:
            raise CommandError(f"{parser.prog.removeprefix(PROGRAM).strip()} has no commands of its own.")
        if word not in verbs:
            raise CommandError(unknown_verb(word, verbs, parser.prog))
        parser = verbs[word]
    return parser


def _only_inside(word: str) -> bool:
    return any(word in verb.names for verb in VERBS if Way.COMMAND_LINE not in verb.ways)


def unknown_verb(word: str, names: Iterable[str], prog: str = "") -> str:
    """Return the sentence that says that there is no such command, and what was probably meant."""
    names = list(names)
    verbs_of = prog.removeprefix(PROGRAM).strip()
    if not verbs_of and prog and _only_inside(word):
        return f"{word!r} is a command of the prompt (`repl`) and of the app; here there is nothing to leave."
    which = f"{verbs_of} has no command" if verbs_of else "There is no command"
    hint = did_you_mean(word, names) or f"Commands are {', '.join(names)}."
    return f"{which} {word[:60]!r}. {hint}"


def unknown_choice(word: str, choices: Sequence[str]) -> str:
    """Return the sentences that say what can stand in the place of a word that cannot, and what was probably meant."""
    return f"cannot be {word[:60]!r}: it takes {choices_text(choices)}. {did_you_mean(word, choices)}".rstrip()


def _new(make: Callable[..., Any], prog: str, language: str, **more: Any) -> Any:
    parser = make(
        prog=prog,
        formatter_class=_GreekHelp if language == "el" else argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
        **more,
    )
    parser._positionals.title = _TITLES["words"].to(language)
    parser._optionals.title = _TITLES["options"].to(language)
    parser.add_argument("-h", "--help", action="help", help=_TITLES["help"].to(language))
    return parser


def _add_verbs(
    parser: Parser,
    dest: str,
    verbs: tuple[Verb, ...],
    language: str,
    *,
    required: bool,
    words: Collection[str] | None = None,
    of: Verb | None = None,
) -> None:
    commands = parser.add_subparsers(
        dest=dest,
        metavar="COMMAND" if dest == "command" else "VERB",
        required=required,
        title=_TITLES["commands"].to(language),
        parser_class=Parser,
    )
    for verb in verbs:
        own = _new(
            lambda verb=verb, **more: commands.add_parser(
                verb.name, aliases=list(verb.aliases), help=verb.help.to(language), **more
            ),
            f"{parser.prog} {verb.name}".strip(),
            language,
            description=verb.help.to(language),
            epilog=_about(verb, language, of),
        )
        # The name is stored as the grammar has it, whichever alias was given.
        own.set_defaults(**{dest: verb.name}, handler=verb.handler)
        if words is not None and not any(name in words for name in verb.names):
            continue
        exclusive: dict[str, Any] = {}
        for argument in verb.arguments:
            place = own
            if argument.excludes:
                place = exclusive.setdefault(argument.excludes, None) or own.add_mutually_exclusive_group()
                exclusive[argument.excludes] = place
            _add(place, argument, language)
        if verb.verbs:
            _add_verbs(own, "verb", verb.verbs, language, required=not verb.implied, of=verb)
            if verb.implied:
                own.set_defaults(verb=verb.implied)


def _about(verb: Verb, language: str, of: Verb | None = None) -> str:
    """Return what follows the arguments in the help of a verb, or of one of a verb `of`: examples and exit codes."""
    lines = []
    shared = (
        () if of is None else tuple(one for one in of.examples if f"{one.line} ".startswith(f"{of.name} {verb.name} "))
    )
    examples = {one.line: one for one in (*verb.examples, *shared)}
    if examples:
        lines.append(_TITLES["examples"].to(language))
        wide = max(map(len, examples))
        lines += [f"  {line:<{wide}}  {one.what.to(language)}" for line, one in examples.items()]
    if verb.refusals:
        lines += ["", _TITLES["refusals"].to(language)] if lines else [_TITLES["refusals"].to(language)]
        lines += [f"  {int(one.code)}  {one.when.to(language)}" for one in verb.refusals]
    return "\n".join(lines)


def _add(place: Any, argument: Argument, language: str) -> None:
    more: dict[str, Any] = {"help": argument.help.to(language).replace("%", "%%")}
    if argument.choices:
        more["choices"] = argument.choices
    if argument.metavar:
        more["metavar"] = argument.metavar
    if argument.reads in _READERS:
        more["type"] = _READERS[argument.reads]
    if argument.flags:
        more.update(dest=argument.name, default=argparse.SUPPRESS if _anywhere(argument) else _default(argument))
        if argument.required:
            more["required"] = True
        if argument.reads is Reads.SWITCH:
            more["action"] = "store_true"
        elif argument.count == "*":
            more["action"] = "append"
        elif argument.count == "+":
            more["nargs"] = "+"
        place.add_argument(*argument.flags, **more)
    elif argument.reads is Reads.REST:
        place.add_argument(argument.name, nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    else:
        if argument.count:
            more["nargs"] = argument.count
        place.add_argument(argument.name, **more)


def _anywhere(argument: Argument) -> bool:
    """Tell whether a flag may have been given before the verb, where a default of the verb's own would undo it."""
    return argument.shared or argument.name in _GLOBAL


def _default(argument: Argument) -> Any:
    return list(argument.default) if isinstance(argument.default, tuple) else argument.default


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _seed(text: str) -> int:
    if not text.strip().isdecimal() or not int(text) < MOST_SEEDS:
        raise argparse.ArgumentTypeError(f"{text!r}: a seed is a whole number from 0 to {MOST_SEEDS - 1}")
    return int(text)


_READERS: dict[Reads, Callable[[str], Any]] = {Reads.WHOLE: _whole, Reads.SEED: _seed, Reads.PATH: Path}
