"""The grammar: what it holds together, and how commands are read by it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from labsteps.catalogue import catalogue
from workbench.cli import main
from workbench.commands.parameters import parts_page
from workbench.grammar.errors import CommandError
from workbench.grammar.manual import EXAMPLES, commands_page
from workbench.grammar.parser import build_parser, unknown_choice, verb_parser
from workbench.grammar.verbs import VERBS, find_verb
from workbench.grammar.words import Example, Verb, Way
from workbench.speaking import said as told_in

ROOT = Path(__file__).resolve().parents[2]
ALL = [*VERBS, *(own for verb in VERBS for own in verb.verbs)]
GREEK = re.compile("[α-ωά-ώ]")


@pytest.mark.parametrize("verb", ALL, ids=lambda verb: verb.name)
def test_every_verb_can_be_done(verb: Verb) -> None:
    if verb.verbs and not verb.implied:
        return
    module, _, name = verb.handler.partition(":")
    assert callable(getattr(importlib.import_module(module), name))


def test_names_are_unique_in_each_way() -> None:
    for way in Way:
        names = [name for verb in VERBS if way in verb.ways for name in verb.names]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("verb", ALL, ids=lambda verb: verb.name)
def test_everything_is_explained_in_both_languages(verb: Verb) -> None:
    texts = [verb.help, *(one.help for one in verb.arguments), *(one.when for one in verb.refusals)]
    texts += [one.what for one in verb.examples]
    for text in texts:
        assert text.en and text.el
        assert GREEK.search(text.el) or text.el == text.en, text
        assert not GREEK.search(re.sub(r"[0-9.]+[α-ι]", "", text.en)), text


def test_every_example_is_a_command() -> None:
    own = [example for verb in VERBS for one in (verb, *verb.verbs) for example in one.examples]
    examples: list[Example] = [*EXAMPLES, *own]
    for example in examples:
        line = example.line.partition(" | ")[0].partition(" < ")[0]
        line = line.removeprefix("source <(python -m workbench ").removesuffix(")")
        words = [word.strip("\"'") for word in re.findall(r"\"[^\"]*\"|'[^']*'|\S+", line)]
        if words[:1] not in (["help"], ["set"], ["quit"]):
            build_parser().parse_args(words)


@pytest.mark.parametrize(("words", "flag"), [("report submit", "--ids ID …"), ("data extract", "--out ROOT")])
def test_a_flag_that_must_be_given_stands_in_no_brackets(words: str, flag: str) -> None:
    [line] = [one for one in commands_page().splitlines() if one.startswith(f"    {words} ")]
    assert f" {flag} [" in line and f"[{flag}" not in line


def test_the_page_of_commands_is_what_the_grammar_says() -> None:
    stored = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert stored == commands_page(), "run: make docs"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["resume", "7.1"], {"command": "continue", "run": "7.1"}),
        (["sessions"], {"command": "sessions", "verb": "list"}),
        (["sessions", "copy", "a", "b"], {"verb": "copy", "name": "a", "new": "b"}),
        (["--session", "s", "status"], {"command": "status", "session": "s"}),
        (["--json", "show", "6"], {"json": True}),
        (["show", "6", "--json"], {"json": True}),
        (["run", "5γ", "epochs=20", "--force"], {"words": ["5γ", "epochs=20"], "force": True, "seed": None}),
        (["--seed", "3", "run", "5γ"], {"seed": 3}),
        (["--step", "5", "--set", "a=1", "--set", "b=2"], {"step": "5", "set": ["a=1", "b=2"], "command": None}),
    ],
)
def test_words_become_options(words: list[str], expected: dict[str, object]) -> None:
    options = vars(build_parser().parse_args(words))
    assert {name: options.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stpes"], "There is no command 'stpes'. Did you mean steps"),
        (["sess"], "Did you mean sessions"),
        (["sessions", "renam"], "sessions has no command 'renam'. Did you mean rename"),
        (["show", "6", "--jsno"], "Did you mean --json?"),
        (["steps", "5"], "not recognised: '5'"),
        (["run"], "ID|NAME=VALUE"),
        (["run", "5", "--subset", "many"], "'many' is not a whole number"),
        (["run", "5", "--seed", "-1"], "a seed is a whole number from 0"),
        (["quit"], "'quit' is a command of the prompt"),
        (["answer", "1δ", "--text", "x", "--edit"], "not allowed with"),
    ],
)
def test_what_is_no_command_is_refused_with_what_was_probably_meant(words: list[str], said: str) -> None:
    with pytest.raises(CommandError) as refused:
        build_parser().parse_args(words)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("words", "told"), [(["compare", "7.1e"], "help compare explains it."), (["report"], "Commands are build, preview")]
)
def test_what_a_line_lacks_is_named_with_where_to_look(words: list[str], told: str) -> None:
    with pytest.raises(CommandError) as refused:
        build_parser(Way.PROMPT).parse_args(words)
    assert str(refused.value).startswith("the following arguments are required: ") and told in str(refused.value)
    assert told_in(str(refused.value), "el").startswith("λείπουν") and "explains" not in told_in(
        str(refused.value), "el"
    )


def test_the_prompt_has_words_of_its_own_and_no_flags_of_the_batch() -> None:
    parser = build_parser(Way.PROMPT)
    assert parser.parse_args(["exit"]).command == "quit"
    run = parser.parse_args(["run", "5"])
    assert (run.force, run.set, run.seed) == (False, [], None)
    with pytest.raises(CommandError):
        parser.parse_args(["--step", "5"])
    with pytest.raises(CommandError):
        parser.parse_args(["repl"])


def test_help_of_a_verb_has_its_examples_and_codes_in_the_language_asked_for() -> None:
    english = verb_parser(build_parser(), ["run"]).format_help()
    assert "run 5γ epochs=20 lr=1e-3" in english and "exit codes" in english and "--force" in english
    assert "παραδείγματα" in verb_parser(build_parser(language="el"), ["run"]).format_help()


def test_the_inmost_verb_of_a_line_is_found() -> None:
    verb, used = find_verb(["sessions", "rename", "a"], Way.PROMPT)
    assert (verb.name if verb else "", used) == ("rename", 2)
    assert find_verb(["nothing"], Way.PROMPT) == (None, 0)


def test_the_page_of_parts_is_what_the_catalogue_says() -> None:
    assert (ROOT / "docs" / "parts.md").read_text(encoding="utf-8") == parts_page(), "run: make docs"


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_parameters_of_a_part_can_be_looked_up(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    part = catalogue().parts["9δ"]
    assert main(["help", "9d", "--lang", language]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for parameter in part.parameters:
        assert f"{parameter.name} {parameter.help.to(language)}" in told
        assert parameter.range_in(language) in told
    assert ("a whole number" in told) == (language == "en")
    assert main(["help", "9"]) == 0
    of_step = capsys.readouterr().out
    assert all(f"{one.id}  {one.title.en}" in of_step for one in catalogue().resolve("9").parts)
    assert main(["help", "99z"]) == 2


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("run 9d --session s9 epochs=2", {"words": ["9d", "epochs=2"], "session": "s9"}),
        ("plot 11d --session=s9 cnn_2d ast_2d", {"run": "11d", "figures": ["cnn_2d", "ast_2d"], "session": "s9"}),
        ("tag 9d --remove final --session s9 good", {"run": "9d", "tags": ["final", "good"], "remove": True}),
        ("note 9d --session s9 text", {"words": ["9d", "text"], "session": "s9"}),
        ("compare 5c --json 7.1", {"first": "5c", "second": "7.1", "json": True}),
        ("sessions copy one --json two", {"name": "one", "new": "two", "json": True}),
        ("note 9d --session s9 -- --session", {"words": ["9d", "--session"], "session": "s9"}),
        ("export runs 5 --format json --out f", {"part": "5", "form": "json"}),
    ],
)
def test_flags_may_stand_between_the_words_of_a_command(line: str, given: dict[str, object]) -> None:
    options = build_parser().parse_args(line.split())
    assert {name: getattr(options, name) for name in given} == given


def test_every_verb_takes_its_flags_before_between_and_after_its_words() -> None:
    for verb in ALL:
        places = [place for place in verb.places if place.count in ("", "+") and not place.choices]
        flag = next((one for one in verb.flags if not one.takes_value and not one.excludes), None)
        if verb.verbs or flag is None or len(places) != len(verb.places) or any(one.required for one in verb.flags):
            continue
        path = next(
            [outer.name, verb.name] if verb in outer.verbs else [verb.name]
            for outer in VERBS
            if verb is outer or verb in outer.verbs
        )
        words = ["a=1" if place.name == "assignment" else "word" for place in places]
        read = [
            vars(build_parser().parse_args([*path, *words[:at], flag.flags[0], *words[at:]]))
            for at in range(len(words) + 1)
        ]
        assert all(one == read[0] for one in read), path


@pytest.mark.parametrize("line", ["--stp 5", "--stp=5", "--session s9 --stp 5", "--json --sesion s9 steps"])
def test_a_flag_that_does_not_exist_is_named_with_those_that_do(line: str) -> None:
    with pytest.raises(CommandError, match=r"not recognised: '--s(tp|esion).*Did you mean --(step|session)"):
        build_parser().parse_args(line.split())


def test_the_help_of_every_command_has_an_example_and_every_example_is_a_line_of_its_command() -> None:
    for verb in VERBS:
        for own in verb.verbs or (verb,):
            words = [verb.name, own.name] if verb.verbs else [verb.name]
            for language, title in (("en", "examples"), ("el", "παραδείγματα")):
                ways = Way.COMMAND_LINE if Way.COMMAND_LINE in verb.ways else Way.PROMPT
                text = verb_parser(build_parser(ways, language), words).format_help()
                assert f"\n{title}\n" in text, words
                assert " ".join(words) in text.partition(f"\n{title}\n")[2], words


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["export", "runs", "--format", "jsn"],
            "argument --format: cannot be 'jsn': it takes csv, json. Did you mean json?",
        ),
        (["export", "runs", "--format", "pfd"], "argument --format: cannot be 'pfd': it takes csv, json."),
        (["steps", "--lang", "el_GR"], "argument --lang: cannot be 'el_GR': it takes en, el. Did you mean el?"),
        (
            ["data", "fetch", "fmasmall"],
            "cannot be 'fmasmall': it takes kaggle, fma_small, fma_metadata. Did you mean fma_small?",
        ),
        (["models", "fetch", "Tiny"], "Did you mean tiny224?"),
        (["data", "extract", "music", "--clips", "midle"], "Did you mean middle?"),
    ],
)
def test_a_wrong_choice_is_answered_with_the_nearest_one(words: list[str], told: str) -> None:
    with pytest.raises(CommandError) as refused:
        build_parser().parse_args(words)
    assert str(refused.value).endswith(told)


def test_of_many_choices_some_are_named() -> None:
    assert unknown_choice("x", [f"c{n}" for n in range(11)]).endswith("c7 and 3 more.")


def test_a_wrong_choice_of_a_parameter_or_setting_is_answered_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["config", "set", "theme", "drak"]) == 2
    assert capsys.readouterr().err.rstrip().endswith("(default auto). Did you mean dark?")
