"""What must be true of a page in a browser. Each function takes a Tally and an opened page."""

import json
import sqlite3

import facts

A4 = {"width": 718, "height": 1016}  # between margins of 1 cm, at 96 pixels an inch


class Tally:
    """How often each thing was looked at, and where it was not so."""

    def __init__(self):
        self.counts, self.failures, self.where = {}, {}, ""

    def check(self, name, holds, said=""):
        self.counts[name] = self.counts.get(name, 0) + 1
        if not holds:
            self.failures.setdefault(name, []).append(f"{self.where}{': ' if said else ''}{said}")

    def report(self):
        for name, count in self.counts.items():
            failed = self.failures.get(name, [])
            print(f"  {name:<64}{count:>8}{f'  {len(failed)} failed' if failed else ''}")
            for line in failed[:6]:
                print(f"      {line[:400]}")


# MARK: What stands in the page

def content(tally, page, unit="u8"):
    """Policy, pictures, tables, JSON, origin and SQL."""
    seen = page.evaluate(facts.SCRIPT)
    tally.check("the policy forbids all but the page's own style and script", "default-src 'none'" in seen["policy"]
                and "unsafe" not in seen["policy"] and "http" not in seen["policy"])
    tally.check("language and title are stated", seen["language"] == "en" and bool(seen["title"]))
    tally.check("each id is there once", len(set(seen["ids"])) == len(seen["ids"]))
    levels = seen["headings"]
    tally.check("headings skip no level", levels[:1] == [1] and all(b <= a + 1 for a, b in zip(levels, levels[1:])))
    tally.check("links stay within the site", all(link.startswith(("./", "../", "#")) for link in seen["links"]),
                [link for link in seen["links"] if not link.startswith(("./", "../", "#"))][:3])
    for picture in seen["pictures"]:
        tally.check("each svg is an image with title and description", picture["role"] == "img" and picture["title"]
                    and picture["description"] and picture["labels"] == [picture["title"], picture["description"]], picture["id"])
        tally.check("each svg has a table with rows behind it", picture["rows"] > 0, picture["id"])
    for figure in seen["figures"]:
        in_figure(tally, figure, unit)
    return seen


def in_figure(tally, figure, unit):
    try:
        data = json.loads(figure["data"])
    except ValueError as error:
        tally.check("embedded JSON parses", False, f"{figure['id']}: {error}")
        return
    tally.check("embedded JSON parses", True)
    origin = figure["origin"]
    tally.check("each figure says its source, as its JSON does", f"source: {data['source']}" in origin, figure["id"])
    if "as_of_ms" in data:
        tally.check("each figure says of when it is, as its JSON does",
                    f"as of {facts.minute(data['as_of_ms'])} UTC" in origin, f"{figure['id']}: {origin}")
    if "exchanges_expected" in data:
        there, all_of_them = data["exchanges"], data["exchanges_expected"]
        tally.check("n of m exchanges as in the JSON, and incomplete is said", f"{there} of {all_of_them} exchange" in origin
                    and ("incomplete" in origin) == (there < all_of_them), f"{figure['id']}: {origin}")
    tally.check("a table for each table of the JSON", len(data["tables"]) == len(figure["tables"]), figure["id"])
    for table, stored in zip(figure["tables"], data["tables"]):
        tally.check("each table has a caption, and heads with scope", bool(table["caption"]) and table["scoped"], figure["id"])
        # The tables behind charts are in one unit.
        wrong = facts.wrong_cells(table, stored, "u8" if figure["drawn"] else unit)
        tally.check("each cell of a table says what the JSON holds", not wrong, f"{figure['id']}: {wrong[:3]}")
    if figure["cells"]:
        rates = [value * facts.UNITS[unit] for value in facts.stored_rates(figure)]
        if rates:
            drawn = sorted(facts.number(text)[0] for text in figure["cells"])
            close = len(rates) == len(drawn) and all(abs(a - b) <= 0.0051 for a, b in zip(drawn, sorted(rates)))
            tally.check("a heat map's numbers are those of its JSON", close, figure["id"])


def queries(tally, seen, database):
    """Each query that a page shows is answered by the warehouse."""
    for figure in seen["figures"]:
        for statement in figure["sql"].split(";\n"):
            if statement.strip():
                try:
                    database.execute(statement).fetchone()
                    tally.check("each query of a page is answered by SQLite", True)
                except sqlite3.Error as error:
                    tally.check("each query of a page is answered by SQLite", False, f"{figure['id']}: {error}")


# MARK: How it is laid out

OVERFLOW = r"""() => {
  const page = document.documentElement, inside = element => element.closest(".scroll,.skip,svg") === null;
  const out = [...document.body.querySelectorAll("*")].filter(each => inside(each)).filter(each => {
    const box = each.getBoundingClientRect();
    return box.width > 0 && (box.right > page.clientWidth + 1 || box.left < -1);
  });
  return { by: page.scrollWidth - page.clientWidth, out: out.slice(0, 3).map(each => each.outerHTML.slice(0, 120)) };
}"""


# Texts of a chart that leave its drawing, and tables whose text leaves its cell.
CUT = r"""() => {
  const cut = [];
  for (const svg of document.querySelectorAll("svg")) {
    const box = svg.getBoundingClientRect();
    if (box.width === 0) { continue; }
    for (const text of svg.querySelectorAll("text")) {
      const inner = text.getBoundingClientRect();
      if (inner.width > 0 && (inner.left < box.left - 1 || inner.right > box.right + 1 || inner.top < box.top - 2
          || inner.bottom > box.bottom + 2)) { cut.push(`${svg.closest(".figure")?.id}: ${text.textContent.slice(0, 40)}`); }
    }
  }
  return cut;
}"""


def layout(tally, page):
    """Nothing leaves the document at its sides, and no text leaves its chart."""
    over = page.evaluate(OVERFLOW)
    tally.check("the document does not overflow at its sides", over["by"] <= 0 and not over["out"], str(over))
    cut = page.evaluate(CUT)
    tally.check("no text leaves its chart", not cut, str(cut[:3]))


def printed(tally, page):
    """On paper: A4, nothing beyond the margins."""
    size = page.viewport_size
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    over = page.evaluate(OVERFLOW)
    wide = page.evaluate("""() => [...document.querySelectorAll("table,svg")].filter(each =>
        each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(each => `${each.closest(".figure").id} ${Math.round(each.getBoundingClientRect().right)}`)""")
    tally.check("on paper nothing leaves the margins", over["by"] <= 0 and not wide, f"{over['by']} {wide[:4]}")
    tally.check("it prints", page.pdf(format="A4", print_background=True).startswith(b"%PDF"))
    page.emulate_media(media="null")
    page.set_viewport_size(size)


def accessible(tally, page, axe):
    """axe-core finds nothing serious or critical."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], selectors: false, preload: false})")
    serious = [rule for rule in found["violations"] if rule["impact"] in ("serious", "critical")]
    said = [f"{rule['id']} {len(rule['nodes'])}: {rule['nodes'][0]['html'][:150]}" for rule in serious]
    tally.check("axe-core finds nothing serious or critical", not serious, "; ".join(said))
    return {rule["id"] for rule in found["violations"]} - {rule["id"] for rule in serious}


# MARK: What it does

def units(tally, page):
    """The switch changes the numbers, by the style sheet alone."""
    texts = {}
    for unit in ("u1", "uy", "u8"):
        page.locator(f".switch label:has(.choose-{unit})").click()
        seen = content(tally, page, unit)
        texts[unit] = [(table["rows"], figure["cells"]) for figure in seen["figures"] for table in figure["tables"]
                       if any("% per" in head for head in table["heads"]) or figure["cells"]]
        heads = {head[head.index("% per"):] for figure in seen["figures"] if not figure["drawn"] for table in figure["tables"]
                 for head in table["heads"] if "% per" in head}
        wanted = {"u1": {"% per 1 h"}, "u8": {"% per 8 h"}, "uy": {"% per year"}}[unit]
        tally.check("heads of tables name the chosen unit", heads <= wanted, str(heads))
    tally.check("the switch changes what is shown", not texts["u8"] or texts["u1"] != texts["u8"] != texts["uy"])


ORDER = r"""([id, column]) => [...document.getElementById(id).tBodies[0].rows].map(row => {
  const cell = row.cells[column];
  return (cell.querySelector(".u8") ?? cell).textContent.trim();
})"""


def ordered(page, texts, down):
    """Whether texts of a column are in order, n/a last."""
    known = [text for text in texts if text != "n/a"]
    if texts[: len(known)] != known:
        return False
    if down:
        known.reverse()
    numbers = [facts.number(text) for text in known]
    if all(numbers):
        return all(a[0] <= b[0] + max(a[1], b[1]) * 1e-6 for a, b in zip(numbers, numbers[1:]))
    return page.evaluate("texts => texts.every((text, place) => place === 0 || texts[place - 1].localeCompare(text, 'en') <= 0)", known)


def sorting(tally, page):
    """A click on a head orders the rows by that column, a second one the other way round."""
    for table in page.locator(".figure > .scroll > table").all():
        id = table.get_attribute("id")
        heads = table.locator("thead th")
        for column in range(heads.count()):
            for down in (False, True):
                heads.nth(column).locator("button").click()
                state = heads.nth(column).get_attribute("aria-sort")
                texts = page.evaluate(ORDER, [id, column])
                tally.check("a click on a head orders the column, n/a last", ordered(page, texts, down)
                            and state == ("descending" if down else "ascending"), f"{id}, column {column + 1}: {texts[:5]}")
        if heads.count():
            tally.check("one column is marked as the order", table.locator("[aria-sort]").count() == 1, id)


def filters(tally, page):
    """A filter leaves the rows that have its text, and all when it is empty."""
    for label in page.locator(".filter").all():
        if not label.is_visible():
            continue
        table = label.locator("xpath=following-sibling::*[1]//table")
        rows = table.locator("tbody tr")
        wanted = rows.nth(rows.count() // 2).locator("th").inner_text().strip()
        label.locator("input").fill(wanted.upper())
        texts = table.evaluate("table => [...table.tBodies[0].rows].filter(row => row.checkVisibility()).map(row => row.textContent)")
        tally.check("a filter leaves the rows that have its text", bool(texts)
                    and all(wanted.lower() in text.lower() for text in texts), wanted)
        label.locator("input").fill("")
        left = table.evaluate("table => [...table.tBodies[0].rows].every(row => row.checkVisibility())")
        tally.check("an empty filter leaves all rows", left)


def reading_out(tally, page):
    """The pointer over a chart, and the keys, read out the row of the table that stands there."""
    for chart in page.locator(".figure:has(svg[data-left])").all():
        svg, output = chart.locator("svg[data-left]"), chart.locator("output")
        rows = chart.locator("table").first.locator("tbody tr")
        count, id = rows.count(), chart.get_attribute("id")
        svg.scroll_into_view_if_needed()
        edges = [float(svg.get_attribute(f"data-{side}")) for side in ("left", "right")]
        box = svg.bounding_box()
        scale = box["width"] / svg.evaluate("svg => svg.viewBox.baseVal.width")
        wanted = count // 3
        x = box["x"] + (edges[0] + (edges[1] - edges[0]) * (wanted + 0.5) / count) * scale
        svg.hover(position={"x": x - box["x"], "y": box["height"] / 2}, force=True)
        head = rows.nth(wanted).locator("th").text_content().strip()
        tally.check("the pointer over a chart reads out its row", output.inner_text().startswith(head + " · "),
                    f"{id}: {output.inner_text()[:80]!r}, not {head!r}")
        place = chart.locator("figure .scroll")
        if place.evaluate("place => place.scrollWidth <= place.clientWidth"):
            place.focus()
            page.keyboard.press("ArrowRight")
            head = rows.nth(wanted + 1).locator("th").text_content().strip()
            tally.check("the keys read out the next row", output.inner_text().startswith(head + " · "), id)


def keyboard(tally, page):
    """Tab reaches the content, the switch and what scrolls; the keys choose and scroll."""
    page.evaluate("document.activeElement.blur()")
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.className + ' ' + document.activeElement.localName"))
        if "choose" in reached[-1]:
            break
    tally.check("the first Tab offers to skip to the content", reached[0].startswith("skip"), reached[0])
    if page.locator(".switch").count():
        tally.check("Tab reaches the switch", "choose" in reached[-1], str(reached))
        page.keyboard.press("ArrowRight")
        tally.check("the keys change the unit", page.locator(".choose-uy").is_checked())
        page.keyboard.press("ArrowLeft")
    narrow = page.locator(".scroll").all()
    wide = [place for place in narrow if place.is_visible() and place.evaluate("place => place.scrollWidth > place.clientWidth + 20")]
    for place in wide[:4]:
        over_time, name = place.locator("> svg[data-left]").count(), place.get_attribute("aria-label")
        if over_time:
            tally.check("a chart over time shows its newest part", hidden_at_right(place) < 2, name)
        place.evaluate("place => { place.scrollLeft = 0 }")  # a click on a head may have moved it
        before = hidden_at_right(place)
        place.focus()
        for _ in range(3):
            page.keyboard.press("ArrowLeft" if over_time else "ArrowRight")
        # A busy browser takes its time to begin.
        for _ in range(20):
            page.wait_for_timeout(100)
            if hidden_at_right(place) != before:
                break
        tally.check("what is wider than the page scrolls by keyboard", hidden_at_right(place) != before, name)


def hidden_at_right(place):
    """How many pixels of what scrolls lie to the right of what is seen."""
    return place.evaluate(
        "place => Math.round(place.firstElementChild.getBoundingClientRect().right - place.getBoundingClientRect().right)")


def folds(tally, page):
    """SQL and tables are folded, and a click opens them."""
    for fold in page.locator(".figure > details").all():
        name = "SQL opens" if fold.locator("code").count() else "the table behind a chart opens"
        inside = fold.locator("code, table").first
        hidden = not inside.is_visible()
        fold.locator("summary").click()
        tally.check(f"{name}, and was folded", hidden and inside.is_visible())
        fold.locator("summary").click()


# MARK: Names that others chose

def injected(tally, page, names):
    """Names are text: nothing in them became an element, a handler or an address."""
    found = page.evaluate("""() => {
     const body = document.body.cloneNode(true);
     body.querySelectorAll("script").forEach(each => each.remove());
     return {
      elements: document.querySelectorAll("img,iframe,object,embed,base,form,audio,video,marquee,b,i,foreignObject").length,
      scripts: [...document.scripts].filter(each => each.type !== "application/json").length,
      handlers: [...document.querySelectorAll("*")].filter(each => [...each.attributes].some(a => a.name.startsWith("on"))).length,
      links: [...document.querySelectorAll("a")].filter(a => !["http:", "file:"].includes(a.protocol)).length,
      ran: "injected" in window,
      text: body.textContent,
      steering: /[\\u202A-\\u202E\\u2066-\\u2069]/.test(document.documentElement.outerHTML),
    }}""")
    tally.check("no element, handler or address came out of a name", found["elements"] == 0 and found["scripts"] == 1
                and found["handlers"] == 0 and found["links"] == 0 and not found["ran"],
                str({key: value for key, value in found.items() if key != "text"}))
    tally.check("no character that steers the direction of text is in it", not found["steering"])
    return {name for name in names if name in found["text"]}
