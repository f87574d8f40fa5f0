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
# For this shell: source <(workbench completion bash)
# For all: workbench completion bash > ~/.local/share/bash-completion/completions/workbench
_workbench() {
    local line=${COMP_LINE:0:COMP_POINT} current=${COMP_WORDS[COMP_CWORD]} typed cut word about
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
    done < <("${COMP_WORDS[0]}" completion candidates -- "$line" 2>/dev/null)
}
complete -o nosort -F _workbench workbench
"""
ZSH = r"""#compdef workbench
# zsh completion of the lab workbench, written by `workbench completion zsh`.
# For this shell: source <(workbench completion zsh)
# For all: workbench completion zsh > a folder of your fpath, as _workbench
_workbench() {
    local line="${(j: :)words[1,CURRENT-1]} $PREFIX" word about
    local -a closed closed_about open open_about
    while IFS=$'\t' read -r word about; do
        case $word in
            *=|*/) open+=("$word"); open_about+=("$word  $about") ;;
            *) closed+=("$word"); closed_about+=("$word  $about") ;;
        esac
    done < <("${words[1]}" completion candidates -- "$line" 2>/dev/null)
    (( $#closed )) && compadd -U -V closed -l -d closed_about -a closed
    (( $#open )) && compadd -U -V open -l -S '' -d open_about -a open
    (( $#closed + $#open ))
}
if [ "$funcstack[1]" = "_workbench" ]; then
    _workbench "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _workbench workbench
fi
"""
FISH = r"""# fish completion of the lab workbench, written by `workbench completion fish`.
# For this shell: workbench completion fish | source
# For all: workbench completion fish > ~/.config/fish/completions/workbench.fish
function __workbench_candidates
    set -l words (commandline -opc)
    $words[1] completion candidates -- (commandline -cp | string collect) 2>/dev/null
end
complete -c workbench -f -k -a '(__workbench_candidates)'
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
