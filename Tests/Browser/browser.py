#!/usr/bin/env python3
"""The pages in a real browser: laid out, read, clicked and printed, by pointer and keyboard, with and without JavaScript.

    make demo test-page                           # a quarter of an hour
    make test-page ARGS='--shots /tmp/pictures'   # and pictures of each kind of page at each width

Three sites are made from a demo: its own, one of a copy with hostile names, and one of an hour with two exchanges down and
a stream that fell silent. Headless Chromium opens them from files and from a server on loopback; no request may go anywhere
else. Needs the packages of requirements.txt.
"""
import argparse, functools, http.server, shutil, sqlite3, subprocess, sys, tempfile, threading, time
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import sync_playwright

import checks, hostile, holes

TOP = Path(__file__).resolve().parents[2]
WIDTHS = (360, 820, 1440)
SCHEMES = ("light", "dark")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
LARGEST = 500_000  # bytes


def make_page(programs, warehouse, folder):
    began = time.time()
    subprocess.run([programs / "page", "--warehouse", warehouse, "--output", folder], check=True, stdout=subprocess.DEVNULL)
    print(f"made {folder.name} in {time.time() - began:.1f} s: {len(list(folder.rglob('*.html')))} pages,"
          f" the largest of {max(page.stat().st_size for page in folder.rglob('*.html')) / 1000:.0f} kB")


def kinds(site):
    """A page of each kind: of coins one with all panels and one small, of exchanges one of each sort."""
    wanted = ["index.html", "coins.html", "exchanges.html", "signals.html", "quality.html"]
    for folder, names in (("coin", ("BTC", "stock_3a_TSLA")), ("exchange", ("binance", "hyperliquid", "okx"))):
        wanted += [f"{folder}/{name}.html" for name in names if (site / folder / f"{name}.html").exists()]
    return wanted


def served(site):
    """A server of the site on loopback: its address, and the paths that were asked for."""
    paths = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            paths.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/", paths


class Browser:
    """Opens pages, and watches what they ask for and say."""

    def __init__(self, playwright, executable, tally):
        self.chromium = playwright.chromium.launch(executable_path=executable, args=["--font-render-hinting=none"])
        self.tally = tally

    def opened(self, addresses, width=820, scheme="light", script=True):
        """Each address in a page of its own kind of window, one after the other."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script)
        page = context.new_page()
        asked, said = [], []
        context.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        for address in addresses:
            asked.clear(), said.clear()
            where = "/".join(address.split("/")[-2:])
            self.tally.where = f"{where} ({width}, {scheme}, {address[:4]}{'' if script else ', no script'})"
            page.goto(address)
            yield page
            self.tally.check("no request but for the page itself", asked == [address], str(asked[:3]))
            self.tally.check("no error in the console, and no dialog", not said, str(said[:3]))
        context.close()


def look(browser, tally, site, shots):
    """Every kind of page at each width, light and dark, with and without JavaScript, from files and from a server."""
    base, paths = served(site)
    names = kinds(site)
    small = set()
    for script in (True, False):
        for width in WIDTHS:
            for scheme in SCHEMES:
                for address in (site.as_uri() + "/", base):
                    for page in browser.opened([address + name for name in names], width, scheme, script):
                        checks.layout(tally, page)
                        if address != base and scheme == "light":
                            checks.content(tally, page)
                        if address != base and script:
                            small |= checks.accessible(tally, page, AXE)
                            if shots:
                                picture(page, shots, site.name, width, scheme)
    tally.where = "the server"
    tally.check("a server is asked for the pages alone", {path.lstrip("/") for path in paths} == set(names), str(set(paths)))
    return small


def picture(page, folder, site, width, scheme):
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(full_page=True, path=folder / f"{site}-{Path(page.url).parent.name}-{Path(page.url).stem}-{width}-{scheme}.png")


def use(browser, tally, site):
    """What can be clicked, typed and printed, of every kind of page."""
    addresses = [f"{site.as_uri()}/{name}" for name in kinds(site)]
    for page in browser.opened(addresses, 1100):
        checks.folds(tally, page)
        if page.locator(".switch").count():
            checks.units(tally, page)
        checks.sorting(tally, page)
        checks.filters(tally, page)
        checks.reading_out(tally, page)
        checks.printed(tally, page)
    for page in browser.opened(addresses, 360):
        checks.keyboard(tally, page)
    for page in browser.opened(addresses, 820, script=False):
        checks.folds(tally, page)
        if page.locator(".switch").count():
            checks.units(tally, page)
        checks.printed(tally, page)


def all_pages(browser, tally, site, warehouse):
    """Every page of the site, on a phone."""
    database = sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True)
    files = sorted(site.rglob("*.html"))
    for file in files:
        tally.where = file.name
        tally.check("a page has at most 500 kB", file.stat().st_size <= LARGEST, f"{file.stat().st_size}")
    for page in browser.opened([file.as_uri() for file in files], 360):
        checks.layout(tally, page)
        checks.queries(tally, checks.content(tally, page), database)
    database.close()


def hostile_names(browser, tally, site):
    """Names that try to be something else, on every page of their site."""
    files = sorted(site.rglob("*.html"))
    shown = set()
    for script, width in ((True, 360), (False, 1440)):
        for page in browser.opened([file.as_uri() for file in files], width, script=script):
            checks.layout(tally, page)
            checks.content(tally, page)
            shown |= checks.injected(tally, page, hostile.NAMES[:-1])
    tally.where = site.name
    for name in hostile.NAMES[:-1]:
        tally.check("each hostile name is shown as the text that it is", name in shown, name)


def with_holes(browser, tally, site):
    """Two exchanges down and a stream silent: it is said, nothing stands as zero, and no total of fewer as a fall."""
    for page in browser.opened([f"{site.as_uri()}/index.html"]):
        notices = " ".join(page.locator(".notice").all_inner_texts())
        for name in ("OKX is missing", "Gate.io is missing", "The stream of Bitget was heard for 40"):
            tally.check("what is missing is said first", name in notices, f"{name}: {notices}")
        keys = dict(zip(page.locator(".key dt").all_inner_texts(), page.locator(".key div").all_inner_texts()))
        tally.check("the number of exchanges is said", "21 of 23" in keys["Exchanges"], str(keys))
        for name, text in keys.items():
            tally.check("each number at the top says of how many exchanges it is", " of 23" in text, f"{name}: {text}")
        for name in ("Open interest, USD", "Volume in 24 h, USD"):
            tally.check("a total of fewer exchanges is not a fall", "\n-" not in keys[name] and " -" not in keys[name], keys[name])
        seen = checks.content(tally, page)
        for figure in seen["figures"]:
            tally.check("each figure of an hour with holes says that it is incomplete",
                        "incomplete" in figure["origin"] or " of 23" not in figure["origin"], figure["id"])
        charts = page.locator(".figure:has(.hole)").evaluate_all("all => all.map(each => each.id)")
        for id in ("funding", "open-interest", "premium", "liquidations"):
            tally.check("what is missing is hatched", id in charts, f"{id} not in {charts}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bin", type=Path, default=TOP / ".build/release", help="the folder of the programs")
    arguments.add_argument("--data", type=Path, default=TOP / ".demo", help="a demo's folder of data")
    arguments.add_argument("--chromium", default=shutil.which("chromium"), help="the browser")
    arguments.add_argument("--shots", type=Path, help="a folder for pictures")
    arguments.add_argument("--parts", default="look,use,all,hostile,holes", help="of: look, use, all, hostile, holes")
    arguments.add_argument("--keep", type=Path, help="a folder for the sites, which is kept")
    options = arguments.parse_args()
    warehouse = options.data.resolve() / "warehouse/market_history.db"
    parts, tally, small = options.parts.split(","), checks.Tally(), set()
    began = time.time()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = (options.keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        programs = options.bin.resolve()
        browser = Browser(playwright, options.chromium, tally)
        make_page(programs, warehouse, folder / "demo")
        if "holes" in parts:
            if not (folder / "data").exists():
                holes.make(programs, options.data.resolve(), folder / "data")
            make_page(programs, folder / "data/warehouse/market_history.db", folder / "holes")
            with_holes(browser, tally, folder / "holes")
            small |= look(browser, tally, folder / "holes", options.shots)
        if "hostile" in parts:
            hostile.make(warehouse, folder / "names/market_history.db")
            make_page(programs, folder / "names/market_history.db", folder / "hostile")
            hostile_names(browser, tally, folder / "hostile")
        if "all" in parts:
            all_pages(browser, tally, folder / "demo", warehouse)
        if "use" in parts:
            use(browser, tally, folder / "demo")
        if "look" in parts:
            small |= look(browser, tally, folder / "demo", options.shots)
    tally.report()
    failed = sum(map(len, tally.failures.values()))
    if small:
        print(f"  axe-core also found what is not serious: {', '.join(sorted(small))}")
    print(f"{sum(tally.counts.values()) - failed} held, {failed} failed, {time.time() - began:.0f} s")
    sys.exit(1 if failed else 0)


main()
