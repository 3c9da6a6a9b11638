"""Shell completions of the front command, from the programs' descriptions of themselves."""


def words(command, subcommands):
    """What may follow a command: its subcommands and its options, each with what it does."""
    found = [(each["commandName"], each["abstract"]) for each in subcommands]
    for argument in command.get("arguments", []):
        for name in argument.get("names", []):
            if name["kind"] == "long" and argument.get("shouldDisplay", True):
                found.append(("--" + name["name"], argument.get("abstract", "")))
    # The options of subcommands come where their command is complete.
    for each in subcommands:
        found += [word for word in words(each, []) if word not in found]
    return found


def quoted(text):
    return "'" + " ".join(text.split()).replace("'", "") + "'"


def bash(tree):
    # The same option of several subcommands is said once.
    cases = "".join(f"        {name}) words={quoted(' '.join(dict.fromkeys(word for word, _ in after)))} ;;\n"
                    for name, _, after in tree)
    return f"""# bash completion of perps
_perps() {{
    local words={quoted(' '.join(name for name, _, _ in tree))}
    [ "$COMP_CWORD" = 1 ] || case ${{COMP_WORDS[1]}} in
{cases}        *) words= ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}")
}}
complete -o default -F _perps perps
"""


def zsh(tree):
    def entries(pairs):
        return " ".join(quoted(f"{word.replace(':', chr(92) + ':')}:{about}") for word, about in pairs)

    cases = "".join(f"        {name}) items=({entries(after)}) ;;\n" for name, _, after in tree)
    return f"""#compdef perps
local -a items
if (( CURRENT == 2 )); then
    items=({entries((name, about) for name, about, _ in tree)})
else
    case $words[2] in
{cases}    esac
fi
_describe perps items || _files
"""


def fish(tree):
    text = "# fish completion of perps\n"
    for name, about, after in tree:
        text += f"complete -c perps -n __fish_use_subcommand -f -a {name} -d {quoted(about)}\n"
        for word, said in after:
            kind = f"-l {word[2:]}" if word.startswith("--") else f"-f -a {word}"
            text += f"complete -c perps -n '__fish_seen_subcommand_from {name}' {kind} -d {quoted(said)}\n"
    return text


def scripts(tree):
    return {"perps.bash": bash(tree), "_perps": zsh(tree), "perps.fish": fish(tree)}
