#!/usr/bin/env python3
"""The modules of Package.swift and which imports which, as a picture: modules.py Package.swift > PICTURE"""

import re
import sys

import svg

KINDS = {"target": "library", "systemLibrary": "library", "executableTarget": "program"}
WIDTH, HEIGHT, GAP, STEP, LEFT = 138, 34, 18, 92, 20


def read(manifest):
    """Each module with its kind and the modules of this package that it depends on. Test modules, and programs that test,
    are left out."""
    text = re.sub(r"//.*", "", manifest)
    pieces = re.split(r"\n        \.(?=\w+\()", text)
    found = {}
    for piece in pieces:
        head = re.match(r"(\w+)\(\s*name: \"([^\"]+)\"", piece)
        if head and head[1] in KINDS and not re.search(r'path: "Tests', piece):
            listed = re.search(r"dependencies: \[(.*)\]", re.sub(r"\.product\([^)]*\)", "", piece), re.DOTALL)
            found[head[2]] = (KINDS[head[1]], re.findall(r'"([^"]+)"', listed[1]) if listed else [])
    return {name: (kind, {each for each in wanted if each in found}) for name, (kind, wanted) in found.items()}


def depths(modules):
    """How many modules stand below each, at most: what a layer is."""
    known = {}

    def depth(name):
        if name not in known:
            known[name] = 1 + max((depth(each) for each in modules[name][1]), default=-1)
        return known[name]

    return {name: depth(name) for name in modules}


def below(modules, name):
    """All modules below one."""
    direct = modules[name][1]
    return direct.union(*(below(modules, each) for each in direct))


def drawn(modules, name):
    """The arrows of a module: not those that another one already implies."""
    direct = modules[name][1]
    return sorted(each for each in direct if not any(each in below(modules, other) for other in direct - {each}))


def place(layers):
    """Where each module stands: a layer is a row, centered."""
    widest = max(len(row) for row in layers)
    width = 2 * LEFT + widest * (WIDTH + GAP) - GAP
    spots = {}
    for number, row in enumerate(layers):
        left = (width - len(row) * (WIDTH + GAP) + GAP) / 2
        for at, name in enumerate(row):
            spots[name] = (left + at * (WIDTH + GAP), 56 + (len(layers) - 1 - number) * STEP)
    return width, spots


def main(path):
    modules = read(open(path, encoding="utf-8").read())
    libraries = {name: entry for name, entry in modules.items() if entry[0] == "library"}
    programs = sorted(name for name, entry in modules.items() if entry[0] == "program")
    depth = depths(libraries)
    layers = [sorted(name for name in libraries if depth[name] == level) for level in range(max(depth.values()) + 1)]
    half = (len(programs) + 1) // 2
    width, spots = place(layers + [programs[half:], programs[:half]])
    shapes = [svg.text(LEFT, 30, "programs: each joins what it needs of the modules below", 13, svg.QUIET)]
    for name in libraries:
        x, y = spots[name]
        for other in drawn(libraries, name):
            shapes.append(svg.arrow(x + WIDTH / 2, y + HEIGHT, spots[other][0] + WIDTH / 2, spots[other][1] - 2))
    for name, (x, y) in spots.items():
        fill = "#dafbe1" if name in programs else "#ffffff" if not name.startswith("C") or name.startswith("Co") else "#eaeef2"
        shapes += [svg.box(x, y, WIDTH, HEIGHT, fill), svg.text(x + WIDTH / 2, y + 21, name, 12, anchor="middle", font=svg.MONO)]
    bottom = max(y for _, y in spots.values()) + HEIGHT
    line = min(spots[name][1] for name in libraries) - 30
    shapes += [f'<line x1="{LEFT}" y1="{line:g}" x2="{width - LEFT:g}" y2="{line:g}" stroke="{svg.LINE}" stroke-dasharray="5 4"/>',
               svg.text(LEFT, bottom + 26, "An arrow: imports, directly. Arrows that others imply are left out. Grey: C and C++.",
                        12, svg.QUIET)]
    print(svg.picture(width, bottom + 42, "The modules and which imports which", shapes), end="")


if __name__ == "__main__":
    main(sys.argv[1])
