#!/usr/bin/env python3
"""The licences of what is linked into the programs: notices.py CHECKOUTS writes NOTICES, from the checkouts that a build
leaves in .build/checkouts. With --check, and with checkouts or without, it says what NOTICES lacks."""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
NOTICES = HERE / "NOTICES"
MANIFEST = HERE.parent.parent / "Package.swift"
RULE = "=" * 78

# What no checkout holds: name, licence, where both come from, and how it reaches the programs.
OTHERS = [
    ("The Swift standard library, Foundation, Dispatch", "Apache-2.0 with the Runtime Library Exception",
     "https://github.com/swiftlang", "linked in on Linux"),
    ("ICU, a part of Foundation", "Unicode License V3", "https://www.unicode.org/license.txt", "linked in on Linux"),
    ("BoringSSL, a part of swift-crypto and swift-nio-ssl", "Apache-2.0; parts ISC and MIT",
     "https://boringssl.googlesource.com/boringssl", "linked in"),
    ("simdjson", "Apache-2.0", "https://github.com/simdjson/simdjson", "a library of the system; shipped in the Debian package"),
    ("libdeflate", "MIT", "https://github.com/ebiggers/libdeflate", "a library of the system"),
    ("ISA-L", "BSD-3-Clause", "https://github.com/intel/isa-l", "a library of the system"),
    ("SQLite", "public domain", "https://www.sqlite.org", "a library of the system"),
    ("zlib", "Zlib", "https://zlib.net", "a library of the system"),
]


def files(package, pattern):
    """Files of that name that are of the package's sources."""
    found = [path for path in package.rglob("*") if re.match(pattern, path.name, re.IGNORECASE) and path.is_file()]
    return sorted(path for path in found if not {"Tests", ".git"} & set(path.relative_to(package).parts))


def licences(packages):
    """Each text once, with the names of those that have it. White space makes no other licence."""
    texts = {}
    for package in packages:
        for path in files(package, r"(LICENSE|COPYING)(\.|$)"):
            inner = path.relative_to(package).parent
            name = package.name if inner == pathlib.Path(".") else f"{package.name}, {inner}"
            text = path.read_text().strip("\n")
            texts.setdefault(" ".join(text.split()), (text, []))[1].append(name)
    return sorted(texts.values(), key=lambda entry: entry[1])


def written(checkouts):
    packages = sorted((path for path in checkouts.iterdir() if path.is_dir()), key=lambda path: path.name.lower())
    parts = ["Perps Warehouse is linked with the work of others. Their names, licences and notices follow.\n"
             "Made by pipeline/packaging/notices.py: do not edit."]
    parts += [f"{name}\n  {licence}\n  {where}\n  {how}" for name, licence, where, how in OTHERS]
    for text, names in licences(packages):
        parts.append("\n".join([RULE, "The licence of:", *(f"  {name}" for name in names), RULE]) + f"\n\n{text}")
    for package in packages:
        for path in files(package, r"NOTICE(\.|$)"):
            parts.append(f"{RULE}\nThe notice of {package.name}\n{RULE}\n\n{path.read_text().strip(chr(10))}")
    return "\n\n".join(parts) + "\n"


def lacking(text):
    """Packages of the manifest whose licence is not in the text."""
    names = re.findall(r'url: "https://[^"]*/([^"/]+?)(?:\.git)?"', MANIFEST.read_text())
    return [name for name in names if not re.search(rf"(?m)^  {re.escape(name)}$", text)]


def check(checkouts):
    text = NOTICES.read_text()
    faults = [f"NOTICES has no licence of {name}: make notices" for name in lacking(text)]
    if checkouts and checkouts.is_dir() and not faults and text != written(checkouts):
        faults.append(f"NOTICES is not what '{checkouts}' gives: make notices")
    print("\n".join(faults) or "notices: complete", file=sys.stderr if faults else sys.stdout)
    return 65 if faults else 0


def main(arguments):
    checking = "--check" in arguments
    folders = [pathlib.Path(each) for each in arguments if each != "--check"]
    if checking:
        return check(folders[0] if folders else None)
    if not folders or not folders[0].is_dir():
        print("notices: there are no checkouts: make build", file=sys.stderr)
        return 66
    NOTICES.write_text(written(folders[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
