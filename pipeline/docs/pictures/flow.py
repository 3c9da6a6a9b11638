#!/usr/bin/env python3
"""The flow from an exchange's answer to a report, as a picture: flow.py > PICTURE"""

import svg

STAGES = [
    ("exchanges", ["public REST answers"], "#ddf4ff"),
    ("raw/", ["what was said,", "byte for byte"], "#fff8c5"),
    ("staged/", ["what it means,", "one vocabulary"], "#fff8c5"),
    ("warehouse/", ["what can be asked:", "SQLite, sealed hours"], "#fff8c5"),
    ("you", ["report, alert, SQL,", "DuckDB, pandas"], "#dafbe1"),
]
STEPS = ["extract", "transform", "load", "report"]
NOTES = ["each hour", "a pure function of one file", "a transaction per file", "reads only"]
WIDTH, HEIGHT, GAP, LEFT, TOP = 132, 84, 78, 16, 22


def main():
    shapes = []
    for at, (name, lines, fill) in enumerate(STAGES):
        x = LEFT + at * (WIDTH + GAP)
        shapes += [svg.box(x, TOP, WIDTH, HEIGHT, fill),
                   svg.text(x + WIDTH / 2, TOP + 27, name, 15, anchor="middle", weight="600", font=svg.MONO)]
        shapes += [svg.text(x + WIDTH / 2, TOP + 48 + 17 * row, line, 12, svg.QUIET, "middle") for row, line in enumerate(lines)]
        if at < len(STEPS):
            shapes += [svg.arrow(x + WIDTH + 5, TOP + HEIGHT / 2, x + WIDTH + GAP - 5, TOP + HEIGHT / 2),
                       svg.text(x + WIDTH + GAP / 2, TOP + HEIGHT / 2 - 9, STEPS[at], 12, anchor="middle", weight="600"),
                       svg.text(x + WIDTH + GAP / 2, TOP + HEIGHT + 22, NOTES[at], 11, svg.QUIET, "middle")]
    first, last = LEFT + WIDTH + GAP + WIDTH / 2, LEFT + 3 * (WIDTH + GAP) + WIDTH / 2
    shapes += [f'<path d="M{first:g} {TOP + HEIGHT + 34} V{TOP + HEIGHT + 48} H{last:g} V{TOP + HEIGHT + 36}" fill="none" '
               f'stroke="{svg.LINE}" stroke-width="1.3" stroke-dasharray="5 4" marker-end="url(#tip)"/>',
               svg.text((first + last) / 2, TOP + HEIGHT + 65, "reprocess: everything can be made again from raw", 12,
                        anchor="middle")]
    print(svg.picture(2 * LEFT + 5 * WIDTH + 4 * GAP, TOP + HEIGHT + 82, "exchange, raw, staged, warehouse, report", shapes), end="")


if __name__ == "__main__":
    main()
