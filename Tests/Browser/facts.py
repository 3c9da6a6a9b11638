"""What is on a page, as a browser shows it, and whether the numbers it shows are those that it holds."""

import json
import re

# Everything that the checks look at, in one call. What is folded is not rendered: its text is the content.
SCRIPT = r"""() => {
  const all = (parent, query) => [...parent.querySelectorAll(query)];
  // Of what stands there in three units, only one is shown.
  const shown = element => {
    if (element.querySelector(".u1,.u8,.uy") === null) { return element.textContent.trim(); }
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) {
      const unit = walker.currentNode.parentElement.closest(".u1,.u8,.uy");
      if (unit === null || unit.getClientRects().length > 0) { texts.push(walker.currentNode.textContent); }
    }
    return texts.join("").trim();
  };
  const own = (svg, name) => [...svg.children].find(child => child.localName === name)?.textContent ?? "";
  return {
    policy: document.querySelector("meta[http-equiv=Content-Security-Policy]")?.content ?? "",
    title: document.title, language: document.documentElement.lang, ids: all(document, "[id]").map(each => each.id),
    links: all(document, "a").map(each => each.getAttribute("href")),
    headings: all(document, "h1,h2,h3").map(each => Number(each.localName[1])),
    pictures: all(document, "svg").map(svg => ({
      id: svg.closest(".figure")?.id ?? "", role: svg.getAttribute("role"), title: own(svg, "title"), description: own(svg, "desc"),
      labels: (svg.getAttribute("aria-labelledby") ?? "").split(" ").map(id => document.getElementById(id)?.textContent ?? ""),
      rows: svg.closest(".figure,table")?.querySelectorAll("tbody tr").length ?? 0,
    })),
    figures: all(document, ".figure").map(figure => ({
      id: figure.id, heading: figure.querySelector("h3").textContent,
      data: figure.querySelector('script[type="application/json"]')?.textContent ?? "",
      origin: figure.querySelector("figcaption,.origin")?.textContent ?? "",
      sql: figure.querySelector("code")?.textContent ?? "", drawn: figure.querySelector("svg") !== null,
      cells: all(figure, "svg g[class^=c] text").map(shown),
      tables: all(figure, "table").map(table => ({
        heads: all(table, "thead th").map(shown), scoped: all(table, "thead th").every(head => head.scope === "col"),
        caption: table.caption?.textContent ?? "", rows: all(table, "tbody tr").map(row => [...row.cells].map(shown)),
      })),
    })),
  };
}"""

FUNDING = "fraction of notional per 8 h"
# What a rate per eight hours, a fraction, is multiplied by to be percent of the unit.
UNITS = {"u1": 100 / 8, "u8": 100, "uy": 100 * 3 * 365}
SIZES = {"": 1, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


def number(text):
    """What a text of a number says, and the value of its last digit; None when it is no number."""
    plain = re.sub(r"[\s\u202f\u00a0]", "", text).replace("\u2212", "-")
    match = re.fullmatch(r"([+-]?)(\$?)([+-]?)(\d+)(?:\.(\d+))?(?:e(-?\d+))?([KMBT]?)(%?)", plain)
    if not match:
        return None
    sign, _, inner, whole, decimals, power, size, percent = match.groups()
    scale = SIZES[size] * 10.0 ** int(power or 0) / (100 if percent else 1)
    value = float(f"{whole}.{decimals or 0}") * scale
    return (-value if "-" in sign + inner else value), scale / 10 ** len(decimals or "")


def agrees(text, value, factor=1.0):
    """Whether a text says a value, of which nine digits are stored, times a factor, as exactly as its digits can."""
    read = number(text)
    return read is not None and abs(read[0] - value * factor) <= read[1] * 0.5 + abs(value * factor) * 6e-9 + 1e-18


def factor(column, head, unit):
    """What stored values of a column are multiplied by to be what the column shows."""
    if column.get("unit") == FUNDING:
        return UNITS[unit]
    return 1e4 if column.get("unit") == "fraction" and "bps" in head else 1.0


def minute(milliseconds):
    import datetime

    return datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")


def wrong_cells(table, stored, unit):
    """The cells of a table that do not say what is stored, as texts."""
    wrong = []
    if len(table["rows"]) != stored["rows"]:
        return [f"{len(table['rows'])} rows, {stored['rows']} stored"]
    for place, (head, column) in enumerate(zip(table["heads"], stored["columns"], strict=True)):
        for row, cells in enumerate(table["rows"]):
            text = cells[place]
            if "start" in column:
                right = minute(column["start"] + row * column["step"]).startswith(text)
            elif (value := column["values"][row]) is None:
                right = text == "n/a"
            elif column.get("unit") == "UTC milliseconds":
                right = text == minute(value)
            elif isinstance(value, str):
                right = True  # names are written printable: the hostile ones have checks of their own
            else:
                right = agrees(text, value, factor(column, head, unit))
            if not right:
                wrong.append(f"{head!r}, row {row + 1}: {text!r}")
    return wrong


def stored_rates(figure):
    """The funding rates that a figure holds, by table and column."""
    for table in json.loads(figure["data"])["tables"]:
        for column in table["columns"]:
            if column.get("unit") == FUNDING:
                yield from (value for value in column["values"] if value is not None)
