"""A name that was given in the wrong place: the refusal says where it belongs, in every front end."""

from __future__ import annotations

import json
import re

import pytest
from commands.command_tools import ROOT, workbench

from labsteps.catalogue import catalogue, parse_changes
from labsteps.errors import ParameterError
from workbench.config.files import read_user, user_file
from workbench.config.pointers import hint_for_parameter, hint_for_setting, unknown_variables
from workbench.config.settings import BY_NAME, SETTINGS, ConfigError, setting
from workbench.speaking import said
from workbench.tui.ways import in_the_app

LAB = catalogue()


def refused(name: str, value: str) -> str:
    with pytest.raises(ConfigError) as error:
        setting(name, value)
    return str(error.value)


def refused_parameter(part: str, given: str) -> str:
    with pytest.raises(ParameterError) as error:
        parse_changes([LAB.parts[part]], [given], hint_for_parameter)
    return str(error.value)


def test_a_parameter_that_is_set_as_a_setting_is_told_how_to_give_it() -> None:
    text = refused("precision", "bf16")
    assert text == (
        "There is no setting 'precision'. It is a parameter of parts, given with the run: `run 5b precision=bf16`, or "
        "--set precision=bf16. `help 5b` lists what it takes."
    )
    assert "`run 5b learning_rate=0.1`" in refused("lr", "0.1")
    assert "`run 2a hidden_size=VALUE`" in refused("hidden-size", "")
    # The part that is named does take it.
    for name in ("threads", "epochs", "fstride", "perplexities", "digit"):
        part = LAB.resolve(refused(name, "1").partition("`run ")[2].split()[0]).parts[0]
        assert name in part.defaults()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("precison", "Did you mean precision? It is a parameter of parts"),
        ("thread", "Did you mean threads? It is a parameter of parts"),
        ("langauge", "Did you mean language?"),
        ("lang", "Did you mean language?"),
        ("zzz", "Settings are session, data,"),
    ],
)
def test_a_misspelt_setting_is_looked_for_among_settings_and_parameters(name: str, hint: str) -> None:
    assert hint_for_setting(name, "1").startswith(hint)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("lang=el", "It is a setting of the session: `set language=el`."),
        ("seed=3", "It is a setting of the session: `set seed=3`."),
        ("theme=dark", "It is a setting: `config set theme dark`."),
        ("with-prerequisites=true", "It is a setting: `config set with_prerequisites true`."),
        ("langage=el", "Did you mean language? It is a setting of the session: `set language=el`."),
        ("epoch=3", "Did you mean epochs?"),
        ("fstride=4", "`help 7.1e` lists what it takes."),
        ("zzz=4", "`help 7.1e` lists what it takes."),
    ],
)
def test_a_setting_that_is_given_as_a_parameter_is_told_how_to_set_it(given: str, hint: str) -> None:
    name = given.partition("=")[0].replace("-", "_")
    assert refused_parameter("7.1ε", given) == f"7.1ε has no parameter {name!r}. {hint}"


def test_what_a_part_takes_is_never_taken_for_a_setting() -> None:
    names = {name for part in LAB.parts.values() for name in part.defaults()}
    assert names and not names & BY_NAME.keys()
    assert not any(hint_for_parameter(name, "1") for name in names)


def test_the_commands_say_it_and_change_nothing() -> None:
    done = workbench("config", "set", "epochs", "5", "--lang", "el")
    assert done.code == 2 and not user_file().exists()
    assert "Δεν υπάρχει ρύθμιση 'epochs'. Είναι παράμετρος μερών" in done.err and "`run 5b epochs=5`" in done.err
    done = workbench("run", "7.1e", "theme=dark")
    assert done.code == 2 and "It is a setting: `config set theme dark`." in done.err
    done = workbench("set", "theme=dark", "--lang", "el")
    assert done.code == 2 and "Είναι ρύθμιση: `config set theme dark`." in done.err


def test_a_key_of_the_file_that_is_a_parameter_is_told_how_to_give_it() -> None:
    user_file().parent.mkdir(parents=True, exist_ok=True)
    user_file().write_text("threads = 2\nfused = false\n")
    hints = {one.key: one.hint for one in read_user().unknown}
    assert "`run 5b threads=2`" in hints["threads"] and "`run 5b fused=false`" in hints["fused"]


def test_variables_that_look_like_ours_and_are_not_are_told_by_config_and_doctor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("THREADS", "LANG", "THEEM", "QXZ"):
        monkeypatch.setenv(f"WORKBENCH_{name}", "2")
    hints = {one.name.removeprefix("WORKBENCH_"): one.hint for one in unknown_variables()}
    assert hints.keys() == {"THREADS", "LANG", "THEEM", "QXZ"}
    assert "`run 5b threads=2`" in hints["THREADS"]
    assert (hints["LANG"], hints["THEEM"]) == ("Did you mean WORKBENCH_LANGUAGE?", "Did you mean WORKBENCH_THEME?")
    told = workbench("config")
    assert told.code == 0 and told.out.count("the variable WORKBENCH_THREADS counts for nothing.") == 1
    unknown = json.loads(workbench("config", "show", "--json").out)["unknown"]
    assert [one["key"] for one in unknown] == [f"WORKBENCH_{name}" for name in ("LANG", "QXZ", "THEEM", "THREADS")]
    findings = json.loads(workbench("doctor", "--json").out)["findings"]
    found = [one for one in findings if "WORKBENCH_LANG counts" in one["text"]]
    assert [(one["level"], one["advice"]) for one in found] == [("note", "Did you mean WORKBENCH_LANGUAGE?")]


def test_every_variable_that_the_program_names_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "workbench").rglob("*.py")]
    named = {name for text in sources for name in re.findall(r"\bWORKBENCH_[A-Z_]*[A-Z]\b(?!_)", text)}
    assert {"WORKBENCH_CACHE_DIR", "WORKBENCH_TERMINAL_SIZE", "WORKBENCH_RUN_PROFILE"} <= named
    for name in {*named, *(one.variable for one in SETTINGS)}:
        monkeypatch.setenv(name, "x")
    assert unknown_variables() == ()


@pytest.mark.parametrize("language", ["en", "el"])
@pytest.mark.parametrize("name", ["precision", "precison"])
def test_in_the_app_the_flag_is_left_out_and_the_palette_named(language: str, name: str) -> None:
    text = in_the_app(said(refused(name, "bf16"), language), language)
    assert "--set" not in text and "`run 5b precision=bf16`" in text and "ctrl+p" in text
    assert ("Είναι παράμετρος" in text) == (language == "el")
