"""Flags and commands of ``python -m workbench``.

Everything beyond reading the command line is imported when a command needs it, so that ``--help`` costs nothing.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from workbench.exits import Exit

EPILOG = """\
examples
  python -m workbench                              open the app on the last session
  python -m workbench --step 7.1                   run step 7.1 in batch (the demo set when there is no data yet)
  python -m workbench --step 7.1e --data ROOT --set epochs=20 --json
  python -m workbench steps                        list the steps with their state
  python -m workbench show 1c                      print a finished result again
  python -m workbench answer 1d --edit             answer a question of the lab
  python -m workbench data demo                    build the demo set
  python -m workbench sessions                     list the sessions
  python -m workbench doctor                       what this machine can do

exit codes
  0 done   1 the step failed   2 wrong usage   3 data missing or malformed
  4 session locked or unreadable   5 interrupted, can be resumed   130 Ctrl-C
"""
NOT_BUILT_COMMANDS = {
    "repl": "the prompt",
    "predict": "genre and emotion of audio files",
    "report": "the report and the zip to hand in",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _make_streams_safe()
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        code = _run(parser, options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return Exit.CTRL_C
    except BrokenPipeError:
        # The reader of our output has gone (``| head``); what is left to write must not raise again at exit.
        _discard_output()
        return Exit.DONE
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _discard_output()
        print(f"the output could not be written: {error.strerror}", file=sys.stderr)
        return Exit.FAILED


def _make_streams_safe() -> None:
    """Let no closed stream and no narrow encoding break a command that only wants to print."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (lives as long as the process)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--sessions-dir", type=Path, metavar="DIR", help="folder of the saved sessions")
    common.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    chosen = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    chosen.add_argument("--session", metavar="S", help="name of the session; made when there is none of this name")
    chosen.add_argument("--data", type=Path, metavar="ROOT", help="folder that holds fma_genre_spectrograms")
    chosen.add_argument("--device", metavar="D", help="auto, cpu, cuda:0 …")

    language = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    language.add_argument("--lang", choices=("en", "el"), help="language of titles, questions and notes")

    parser = argparse.ArgumentParser(
        prog="python -m workbench",
        description="The lab workbench: music genre and emotion from spectrograms, in the terminal.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common, chosen, language],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    batch = parser.add_argument_group("batch")
    batch.add_argument("--step", metavar="ID", help="a step or part: 7.1, 7.1ε, 5c; several with commas; all")
    batch.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a parameter")
    batch.add_argument("--seed", type=_seed, metavar="N", help="seed of every random choice (default: the session's)")
    batch.add_argument("--subset", type=int, metavar="N", help="use only N training clips")
    batch.add_argument("--with-prerequisites", action="store_true", help="run first what the part builds on")
    batch.add_argument("--detach", action="store_true", help="start and return; the run goes on")
    batch.add_argument("--force", action="store_true", help="run again what is finished")
    batch.add_argument("--quiet", action="store_true", help="no narration on stderr")

    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_steps(commands, common, chosen, language)
    _add_answers(commands, common, language)
    _add_data(commands, common)
    _add_sessions(commands, common)
    _add_control(commands, common)
    commands.add_parser("doctor", help="what this machine can do", parents=[common, chosen], allow_abbrev=False)
    for name, what in NOT_BUILT_COMMANDS.items():
        unbuilt = commands.add_parser(name, help=f"{what} (not built yet)", parents=[common, chosen], add_help=False)
        unbuilt.add_argument("rest", nargs=argparse.REMAINDER)
    return parser


def _add_steps(commands: argparse._SubParsersAction, *parents: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    commands.add_parser("steps", help="list the steps and parts", parents=parents, allow_abbrev=False)


def _add_answers(commands: argparse._SubParsersAction, *parents: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    show = commands.add_parser("show", help="print a finished result again", parents=parents, allow_abbrev=False)
    answer = commands.add_parser("answer", help="answer a question of the lab", parents=parents, allow_abbrev=False)
    for verb in (show, answer):
        verb.add_argument("--session", metavar="S", default=argparse.SUPPRESS)
        verb.add_argument("part", metavar="ID", help="a part: 1γ, 1c; or a step")
    source = answer.add_mutually_exclusive_group()
    source.add_argument("--text", metavar="TEXT", help="the answer itself")
    source.add_argument("--file", metavar="FILE", help="a file with the answer; - reads standard input")
    source.add_argument("--edit", action="store_true", help="write it in your editor (VISUAL, EDITOR)")
    answer.add_argument("--replace", action="store_true", help="put the text in the place of another one")
    answer.add_argument(
        "--version", dest="expected", metavar="V", help="save only over this version, which --json tells"
    )


def _add_data(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    data = commands.add_parser("data", help="build and check data sets", parents=[common], allow_abbrev=False)
    verbs = data.add_subparsers(dest="verb", metavar="VERB", required=True)
    demo = verbs.add_parser("demo", help="build the demo set, music made by code", parents=[common])
    demo.add_argument("--out", type=Path, metavar="ROOT", help="where to (default: the user's cache folder)")
    demo.add_argument("--seed", type=_seed, default=0, metavar="N", help="seed of the composition")
    check = verbs.add_parser("check", help="name everything that is wrong with a data set", parents=[common])
    check.add_argument("root", type=Path, metavar="ROOT")
    check.add_argument("--quick", action="store_true", help="look at headers and sizes only, not at every value")
    for name, what in (("extract", "make a data set from audio"), ("fetch", "download the lab's data set")):
        unbuilt = verbs.add_parser(name, help=f"{what} (not built yet)", parents=[common], add_help=False)
        unbuilt.add_argument("rest", nargs=argparse.REMAINDER)


def _add_sessions(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    sessions = commands.add_parser("sessions", help="list, make, move and remove sessions", parents=[common])
    verbs = sessions.add_subparsers(dest="verb", metavar="VERB")
    verbs.add_parser("list", help="list the sessions, recent first (the default)", parents=[common])
    new = verbs.add_parser("new", help="make a session", parents=[common])
    new.add_argument("name")
    new.add_argument("--data", type=Path, metavar="ROOT")
    new.add_argument("--device", metavar="D")
    new.add_argument("--seed", type=_seed, metavar="N")
    show = verbs.add_parser("show", help="one session: its settings and runs", parents=[common])
    show.add_argument("name", nargs="?")
    for name, what in (("rename", "give a session another name"), ("copy", "copy a session")):
        verb = verbs.add_parser(name, help=what, parents=[common])
        verb.add_argument("name")
        verb.add_argument("new")
    export = verbs.add_parser("export", help="write a session to one archive", parents=[common])
    export.add_argument("name")
    export.add_argument("archive", type=Path)
    bring = verbs.add_parser("import", help="bring a session in from an archive", parents=[common])
    bring.add_argument("archive", type=Path)
    bring.add_argument("--name", help="another name for it")
    remove = verbs.add_parser("remove", help="move a session to the trash", parents=[common])
    remove.add_argument("name")
    verbs.add_parser("trash", help="list the trash", parents=[common])
    restore = verbs.add_parser("restore", help="take a session out of the trash", parents=[common])
    restore.add_argument("name")
    verbs.add_parser("empty-trash", help="delete for good what is in the trash", parents=[common])


def _add_control(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    status = commands.add_parser("status", help="the runs of a session that go on", parents=[common])
    status.add_argument("--session", metavar="S")
    for name, what in (
        ("follow", "follow a run until it ends"),
        ("stop", "save a run's state and end it after the batch"),
        ("pause", "hold a run until it is told to go on"),
        ("continue", "let a paused run go on"),
        ("checkpoint", "save a run's state now"),
    ):
        verb = commands.add_parser(name, help=what, parents=[common])
        verb.add_argument("--session", metavar="S")
        verb.add_argument("run", nargs="?", help="a part (7.1ε) or a run's id; the one that goes on when left out")
    change = commands.add_parser("change", help="change a live run: learning_rate=… or epochs=…", parents=[common])
    change.add_argument("--session", metavar="S")
    change.add_argument("assignment", metavar="NAME=VALUE")
    change.add_argument("run", nargs="?", help="as above")


def _run(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    if options.version:
        import labsteps

        print(labsteps.__version__)
        return Exit.DONE
    if options.command in NOT_BUILT_COMMANDS:
        return _not_built(options, f"{options.command} ({NOT_BUILT_COMMANDS[options.command]})")
    if options.command == "data" and options.verb in ("extract", "fetch"):
        return _not_built(options, f"data {options.verb}")
    if options.command and (options.step or options.set):
        parser.error(f"--step and --set do not go with the command {options.command!r}")
    if not options.command and not options.step:
        given = [name for name in ("detach", "force", "with_prerequisites", "set", "subset", "seed", "json")]
        meant = [f"--{name.replace('_', '-')}" for name in given if getattr(options, name, None)]
        if meant:
            parser.error(f"{', '.join(meant)} needs --step ID; `steps` lists them")
    try:
        return _dispatch(options)
    except Exception as error:
        code = _code_of(error)
        if code is None:
            raise
        return _refuse(options, error, code)


def _dispatch(options: argparse.Namespace) -> int:
    if options.step:
        from workbench.commands.batch import run_batch

        return run_batch(options)
    if options.command == "steps":
        from workbench.commands.steps import list_steps

        return list_steps(options)
    if options.command == "show":
        from workbench.commands.show import run_show

        return run_show(options)
    if options.command == "answer":
        from workbench.commands.answer import run_answer

        return run_answer(options)
    if options.command == "data":
        from workbench.commands.data import run_data

        return run_data(options)
    if options.command == "sessions":
        from workbench.commands.sessions import run_sessions

        return run_sessions(options)
    if options.command == "doctor":
        from workbench.commands.doctor import run_doctor

        return run_doctor(options)
    if options.command:
        from workbench.commands.control import run_control

        return run_control(options)
    return _open_app(options)


def _open_app(options: argparse.Namespace) -> int:
    """Open the app; without a terminal that can show it, print the steps and where to go from there."""
    if not sys.stdout.isatty() or not sys.stdin.isatty() or os.environ.get("TERM", "dumb") in ("dumb", ""):
        from workbench.commands.steps import list_steps

        list_steps(options)
        print("The app needs a terminal. Run a step with: python -m workbench --step ID", file=sys.stderr)
        return Exit.USAGE
    from workbench.tui.app import run_app

    return run_app(
        getattr(options, "session", None),
        getattr(options, "sessions_dir", None),
        getattr(options, "data", None),
        getattr(options, "device", None),
    )


def _code_of(error: Exception) -> Exit | None:
    """Return the exit code of an error that is the user's to mend, None for one that is ours."""
    from labsteps.errors import DataError, LabError, UsageError
    from workbench.store.errors import StoreError

    if isinstance(error, UsageError):
        return Exit.USAGE
    if isinstance(error, DataError):
        return Exit.DATA
    if isinstance(error, StoreError):
        return Exit.SESSION
    return Exit.FAILED if isinstance(error, LabError) else None


def _refuse(options: argparse.Namespace, error: Exception, code: Exit) -> int:
    from workbench.plots.text import printable

    problems = list(getattr(error, "problems", ()))
    lines = str(error).splitlines() or [type(error).__name__]
    for line in [*lines, *(f"  {problem}" for problem in problems if problem not in str(error))]:
        print(printable(line), file=sys.stderr)
    if getattr(options, "json", False):
        report = {"kind": type(error).__name__, "message": str(error), "problems": problems, "exit": int(code)}
        print(json.dumps({"format": 1, "error": report}, ensure_ascii=False))
    return code


def _not_built(options: argparse.Namespace, what: str) -> int:
    message = f"{what} is not built yet in this version."
    print(message, file=sys.stderr)
    if getattr(options, "json", False):
        report = {"kind": "NotBuiltError", "message": message, "problems": [], "exit": int(Exit.USAGE)}
        print(json.dumps({"format": 1, "error": report}))
    return Exit.USAGE


def _seed(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**31:
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to {2**31 - 1}")
    return number
