"""Man pages from the programs' descriptions of themselves."""

import re

SETTINGS = "/etc/perps-warehouse.conf"


def plain(text):
    """Text that roff takes as it stands."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def paragraphs(text):
    return "".join(f".PP\n{plain(' '.join(part.split()))}\n" for part in text.split("\n\n") if part.strip())


def head(title, version):
    return f'.TH {title.upper()} 1 "" "Perps Warehouse {version}" "Perps Warehouse"\n'


def spelled(argument):
    """An argument as it is typed: --hour <hour>."""
    value = f"<{argument.get('valueName', 'value')}>"
    if argument["kind"] == "positional":
        return value
    names = ", ".join(("--" if name["kind"] == "long" else "-") + name["name"] for name in argument["names"])
    return names if argument["kind"] == "flag" else f"{names} {value}"


def options(command):
    entries = []
    for argument in command.get("arguments", []):
        if argument.get("shouldDisplay", True):
            about = argument.get("abstract", "")
            if "defaultValue" in argument:
                about += f" (default: {argument['defaultValue']})"
            entries.append(f".TP\n.B {plain(spelled(argument))}\n{plain(' '.join(about.split()))}\n")
    return "".join(entries)


def page(program, subcommands, version):
    """The page of one program, its subcommands included."""
    name = program["commandName"]
    text = head(f"perps-{name}", version)
    text += f".SH NAME\nperps\\-{plain(name)} \\- {plain(program['abstract'].rstrip('.'))}\n"
    wanted = " <subcommand>" if subcommands else ""
    text += f".SH SYNOPSIS\n.B perps {plain(name)}{wanted}\n[options]\n.SH DESCRIPTION\n{paragraphs(program['abstract'])}"
    text += paragraphs(program.get("discussion", "")) + f".SH OPTIONS\n{options(program)}"
    for each in subcommands:
        text += f".SH PERPS {plain(name.upper())} {plain(each['commandName'].upper())}\n{paragraphs(each['abstract'])}"
        text += paragraphs(each.get("discussion", "")) + options(each)
    return text + ".SH SEE ALSO\n.BR perps (1)\n"


def front(rows, version):
    """The page of the front command."""
    text = head("perps", version)
    text += ".SH NAME\nperps \\- hourly history of the crypto perpetual\\-futures market\n"
    text += ".SH SYNOPSIS\n.B perps\nCOMMAND [options]\n.SH COMMANDS\n"
    text += "".join(f".TP\n.B {plain(name)}\n{plain(about)}\n" for name, _, about in rows)
    text += f""".SH FILES
.TP
.B {SETTINGS}
Settings, as NAME=value lines. PERPS_DATA names the folder of the data. A file .env in that folder overrides this file, the
environment overrides both, and the command line overrides all.
.TP
.B ~/.local/share/perps\\-warehouse
The folder of the data where nothing names one; /var/lib/perps\\-warehouse for the service. Programs run in it: relative
paths that they are given start there.
"""
    programs = sorted({words.split()[0] for _, words, _ in rows if words})
    return text + ".SH SEE ALSO\n" + ",\n".join(f".BR perps\\-{plain(name)} (1)" for name in programs) + "\n"
