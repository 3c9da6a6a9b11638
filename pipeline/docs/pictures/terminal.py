#!/usr/bin/env python3
"""A program's output as a picture of a terminal: terminal.py "COMMAND" < OUTPUT > PICTURE. Long lines and long sections are
cut, and end with …."""

import sys

import svg

COLUMNS, SECTION = 96, 3
PAPER, INK, DIM = "#0d1117", "#e6edf3", "#8b949e"
GAIN, LOSS = "#7ee787", "#ffa198"


def shortened(lines):
    """Each section up to its third entry."""
    entries, kept = 0, []
    for line in lines:
        entries = entries + 1 if line.startswith("   ") else 0
        if entries == SECTION + 1:
            kept.append("   …")
        if entries <= SECTION:
            kept.append(line if len(line) <= COLUMNS else line[:COLUMNS - 1] + "…")
    return kept


def color(line):
    if set(line) <= {"=", "─"}:
        return DIM
    return INK if line.startswith("   ") else GAIN


def main(command):
    lines = ["$ " + command, ""] + shortened(sys.stdin.read().rstrip("\n").split("\n"))
    width, step = COLUMNS * 7.85 + 40, 18
    shapes = [f'<circle cx="{22 + 18 * at}" cy="20" r="5.5" fill="{fill}"/>'
              for at, fill in enumerate(["#ff7b72", "#d29922", "#3fb950"])]
    for row, line in enumerate(lines):
        if line:
            fill = DIM if row == 0 else color(line)
            shapes.append(svg.text(20, 52 + row * step, line, 13, fill, font=svg.MONO))
    print(svg.picture(width, 66 + len(lines) * step, command, shapes, PAPER), end="")


if __name__ == "__main__":
    main(sys.argv[1])
