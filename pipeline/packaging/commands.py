#!/usr/bin/env python3
"""What an installed `perps` offers: its list of commands, man pages and shell completions, made from what the programs say
of themselves. commands.py BIN PROGRAMS VERSION OUTPUT"""

import json
import pathlib
import subprocess
import sys

import completions
import man

# What the front command does by itself. The programs' commands stand between these.
FIRST = [
    ("hourly", "One hour: extract, transform, load, alert and report, and what the last day left undone."),
    ("daily", "A day's work: a backup, retain and check; --dry-run only says what."),
]
LAST = [("data", "Print the folder that holds the data."), ("help", "Say what a command does.")]


def described(program):
    """A program's own description of its arguments."""
    output = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True).stdout
    return json.loads(output)["command"]


def subcommands(command):
    return [each for each in command.get("subcommands", []) if each["commandName"] != "help"]


def commands(programs):
    """Every command of perps with the words that it stands for and its description. A subcommand whose name is no program's
    is a command too."""
    found = [(each["commandName"], each["commandName"], each) for each in programs]
    names = {name for name, _, _ in found}
    for program in programs:
        for each in subcommands(program):
            if each["commandName"] not in names:
                names.add(each["commandName"])
                found.append((each["commandName"], f"{program['commandName']} {each['commandName']}", each))
    return found


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main(folder, names, version, output):
    output = pathlib.Path(output)
    programs = [described(pathlib.Path(folder) / name) for name in pathlib.Path(names).read_text().split()]
    found = commands(programs)
    rows = [(name, "", about) for name, about in FIRST]
    rows += [(name, words, each["abstract"]) for name, words, each in found]
    rows += [(name, "", about) for name, about in LAST]
    write(output / "commands", "".join("\t".join(row) + "\n" for row in rows))
    write(output / "man/perps.1", man.front(rows, version))
    for program in programs:
        write(output / f"man/perps-{program['commandName']}.1", man.page(program, subcommands(program), version))
    tree = [(name, about, []) for name, about in FIRST + LAST]
    tree += [(name, each["abstract"], completions.words(each, subcommands(each))) for name, _, each in found]
    for name, text in completions.scripts(tree).items():
        write(output / f"completions/{name}", text)


if __name__ == "__main__":
    main(*sys.argv[1:])
