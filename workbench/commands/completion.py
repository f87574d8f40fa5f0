"""``completion``: the scripts that make a shell complete, and the words they ask for.

A script holds no words: it asks the program, which answers from the grammar, the catalogue and the session.
"""

from __future__ import annotations

import argparse

from workbench.commands.choose import find_session, sessions_of
from workbench.exits import Exit
from workbench.grammar.language import default_language
from workbench.plots.text import printable

BASH = r"""# bash completion of the lab workbench, written by `workbench completion bash`.
# For this shell: source <(workbench completion bash), or: source <(python -m workbench completion bash)
# For all: put that line into ~/.bashrc
_workbench_ask() {
    # $1: the line, with the program as one word; the others: how the program is called.
    local line=$1 current=${COMP_WORDS[COMP_CWORD]} typed cut word about
    shift
    typed=${line##*[[:space:]]}
    # Readline takes "=" and ":" for ends of words: what stands before them in the word is there already.
    case $current in
        =|:) cut=$typed ;;
        *) cut=${typed%"$current"} ;;
    esac
    COMPREPLY=()
    compopt -o nospace
    while IFS=$'\t' read -r word about; do
        case $word in
            *=|*/) ;;
            *) word="$word " ;;
        esac
        COMPREPLY+=("${word#"$cut"}")
    done < <("${1/#\~/$HOME}" "${@:2}" completion candidates -- "$line" 2>/dev/null)
}
_workbench() {
    _workbench_ask "${COMP_LINE:0:COMP_POINT}" "${COMP_WORDS[0]}"
}
_workbench_python() {
    local line=${COMP_LINE:0:COMP_POINT} before
    if [[ ${COMP_WORDS[1]} == -m && ${COMP_WORDS[2]} == workbench ]] && ((COMP_CWORD > 2)); then
        _workbench_ask "workbench${line#*-m*workbench}" "${COMP_WORDS[0]}" -m workbench
        return
    fi
    # Anything else is completed as it was before this script.
    before=${_workbench_python_before[${1##*/}]:-}
    [[ -n $before ]] && "$before" "$@"
}
declare -gA _workbench_python_before
_workbench_take_python() {
    local name spec
    for name in python python3 python3.{11..14}; do
        { declare -F _completion_loader && _completion_loader "$name"; } >/dev/null 2>&1
        spec=$(complete -p "$name" 2>/dev/null)
        [[ $spec =~ -F\ ([^ ]+) && ${BASH_REMATCH[1]} != _workbench_python && ${BASH_REMATCH[1]} != _minimal ]] &&
            _workbench_python_before[$name]=${BASH_REMATCH[1]}
        complete -o bashdefault -o default -o nosort -F _workbench_python "$name"
    done
}
_workbench_take_python
complete -o nosort -F _workbench workbench
"""
ZSH = r"""#compdef workbench
# zsh completion of the lab workbench, written by `workbench completion zsh`.
# For this shell: source <(workbench completion zsh), or: source <(python -m workbench completion zsh)
# For all: put that line into ~/.zshrc; in a folder of your fpath, as _workbench, it completes `workbench` alone
_workbench_ask() {
    # $1: the line, with the program as one word; the others: how the program is called.
    local line=$1 word about
    shift
    local -a closed closed_about open open_about
    while IFS=$'\t' read -r word about; do
        case $word in
            *=|*/) open+=("$word"); open_about+=("$word  $about") ;;
            *) closed+=("$word"); closed_about+=("$word  $about") ;;
        esac
    done < <(${~1} "${@[2,-1]}" completion candidates -- "$line" 2>/dev/null)
    (( $#closed )) && compadd -U -V closed -l -d closed_about -a closed
    (( $#open )) && compadd -U -V open -l -S '' -d open_about -a open
    (( $#closed + $#open ))
}
_workbench() {
    _workbench_ask "${(j: :)words[1,CURRENT-1]} $PREFIX" "${words[1]}"
}
_workbench_python() {
    if [[ "$words[2]" == -m && "$words[3]" == workbench ]] && (( CURRENT > 3 )); then
        _workbench_ask "${(j: :)words[3,CURRENT-1]} $PREFIX" "${words[1]}" -m workbench
    else
        # Anything else is completed as it was before this script.
        "${_workbench_python_before[${words[1]:t}]:-_files}"
    fi
}
if [ "$funcstack[1]" = "_workbench" ]; then
    _workbench "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    typeset -gA _workbench_python_before
    for _workbench_name in python python3 python3.{11..14}; do
        [[ "${_comps[$_workbench_name]:-}" == _workbench_python ]] ||
            _workbench_python_before[$_workbench_name]="${_comps[$_workbench_name]:-${_comps[python]:-}}"
    done
    compdef _workbench workbench
    compdef _workbench_python python python3 python3.{11..14}
fi
"""
FISH = r"""# fish completion of the lab workbench, written by `workbench completion fish`.
# For this shell: workbench completion fish | source, or: python -m workbench completion fish | source
# For all: put that line into ~/.config/fish/config.fish
function __workbench_candidates
    set -l words (commandline -opc)
    $words[1] completion candidates -- (commandline -cp | string collect) 2>/dev/null
end
function __workbench_by_python
    set -l words (commandline -opc)
    test (count $words) -ge 3; and test "$words[2]" = -m; and test "$words[3]" = workbench
end
function __workbench_candidates_by_python
    set -l words (commandline -opc)
    set -l line (commandline -cp | string collect | string replace -r '^.*?-m\s+workbench' workbench | string collect)
    $words[1] -m workbench completion candidates -- $line 2>/dev/null
end
complete -c workbench -f -k -a '(__workbench_candidates)'
for name in python python3 python3.11 python3.12 python3.13 python3.14
    complete -c $name -n __workbench_by_python -f -k -a '(__workbench_candidates_by_python)'
end
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def run_completion(options: argparse.Namespace) -> int:
    """Print a script, or the candidates for a line: a word, a tab and what it is, one a line."""
    if options.verb in SCRIPTS:
        print(SCRIPTS[options.verb], end="")
        return Exit.DONE
    from workbench.commands.lookup import SessionLookup
    from workbench.grammar.outside import offers

    session = find_session(options)
    folder = session.folder if session is not None else None
    lookup = SessionLookup(sessions_of(options), lambda: folder, default_language())
    for offer in offers(options.line, lookup):
        if offer.text.isprintable():
            print(f"{offer.text}\t{printable(offer.about)}".rstrip())
    return Exit.DONE
