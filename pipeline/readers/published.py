"""Publishes a copy, and uses it with other people's tools: Datasette, DuckDB, the notebook, the dashboard's queries.

published.py WAREHOUSE MAINTAIN FOLDER. The warehouse is copied to FOLDER first; a second copy is published while Datasette
serves the first one.
"""

import hashlib
import json
import math
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from compare import copy, equal, fail, failures, provide_extension


def publish(maintain, warehouse):
    subprocess.run([maintain, "publish", "--warehouse", str(warehouse)], check=True)


def check_note(page):
    note = json.loads((page / "published.json").read_text())
    content = (page / "published.db").read_bytes()
    if note["sha256"] != hashlib.sha256(content).hexdigest() or note["size_bytes"] != len(content):
        fail(f"published.json is of another file: {note}")
    others = [path.name for path in page.iterdir() if path.name.startswith("published.db-")]
    if others:
        fail(f"beside the copy there is {others}")
    return note


def questions(page):
    metadata = json.loads((page / "metadata.json").read_text())
    return metadata["databases"]["published"]["queries"]


def rounded_alike(a, b):
    """Rounded to the same few decimals, with a half that went up in one and down in the other: sums have other last digits."""
    if not (isinstance(a, float) and isinstance(b, float)) or math.isnan(a) or math.isnan(b):
        return False
    decimals = max(len(repr(value).partition(".")[2]) for value in (a, b))
    return 0 < decimals <= 5 and abs(a - b) < 1.5 * 10 ** -decimals


def differs(rows, wanted):
    return len(rows) != len(wanted) or any(
        len(a) != len(b) or not all(equal(x, y) or rounded_alike(x, y) for x, y in zip(a, b)) for a, b in zip(rows, wanted))


def answers(page):
    con = sqlite3.connect(f"file:{page}/published.db?mode=ro", uri=True)
    found = {name: con.execute(query["sql"]).fetchall() for name, query in questions(page).items()}
    con.close()
    return found


class Datasette:
    """Serves the copy in the way that docs/reading.md says: with --reload, the word serve would be taken for a file."""

    def __init__(self, page):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = open(page.parent / "datasette.log", "w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "datasette", "-i", "published.db", "--metadata", "metadata.json",
             "--setting", "sql_time_limit_ms", "10000", "--reload", "--port", str(self.port)],
            cwd=page, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)

    def get(self, path):
        """The status and the body; 0 while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (OSError, ConnectionError):
            return 0, ""

    def wait(self, path, is_wanted, seconds=90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status, body = self.get(path)
            if status == 200 and is_wanted(body):
                return True
            time.sleep(0.5)
        return False

    def stop(self):
        os.killpg(self.process.pid, 15)
        self.process.wait()
        self.log.close()


def serve(page, warehouse, maintain):
    """Canned queries answer, descriptions are shown, and the next copy is picked up."""
    server = Datasette(page)
    try:
        if not server.wait("/-/versions.json", lambda _: True):
            fail(f"Datasette does not answer: {(page.parent / 'datasette.log').read_text()[-400:]}")
            return
        wanted = answers(page)
        for name, rows in wanted.items():
            status, body = server.get(f"/published/{name}.json?_shape=arrays")
            if status != 200:
                fail(f"Datasette: {name}: status {status}")
            elif differs(json.loads(body)["rows"], rows):
                fail(f"Datasette: {name}: other rows than SQLite gives")
        metadata = json.loads((page / "metadata.json").read_text())["databases"]["published"]["tables"]
        for view in ("tickers", "market_hours"):
            status, body = server.get(f"/published/{view}?hour=0")
            said = re.sub(r"\W+", " ", metadata[view]["description"])[:60]
            if status != 200 or said not in re.sub(r"\W+", " ", body):
                fail(f"Datasette: {view}: status {status}, or its description is not shown")
        print(f"  ok       Datasette, {len(wanted)} canned queries")

        asked = "/published.json?_shape=arrays&sql=SELECT+count(*)+FROM+setting+WHERE+name+=+'second_copy'"
        count = lambda body: json.loads(body)["rows"][0][0]
        if not server.wait(asked, lambda body: count(body) == 0):
            fail("Datasette: the first copy has what only the second should have")
        con = sqlite3.connect(warehouse)
        con.execute("INSERT INTO setting (name, value) VALUES ('second_copy', '1')")
        con.commit()
        con.close()
        # Its monitor first looks at the times of files a second or so after its start: a copy from before then is not noticed.
        for _ in range(6):
            publish(maintain, warehouse)
            if server.wait(asked, lambda body: count(body) == 1, seconds=15):
                print("  ok       Datasette, the next copy")
                break
        else:
            fail("Datasette: the next copy is not picked up")
    finally:
        server.stop()


def run_notebook(page):
    """The cells one after the other, in one namespace; both libraries must read what SQLite gives."""
    cells = json.loads((page / "questions.ipynb").read_text())["cells"]
    wanted = {query["sql"]: name for name, query in questions(page).items()}
    space, asked, before = {}, 0, os.getcwd()
    os.chdir(page)
    try:
        for cell in cells:
            if cell["cell_type"] != "code":
                continue
            exec(compile(cell["source"], cell["id"], "exec"), space)
            found = re.search(r'ask\("""\n(.*?)\n"""\)', cell["source"], re.S)
            if not found:
                continue
            asked += 1
            rows = space["con"].execute(found[1]).fetchall()
            frames = {
                "pandas": [tuple(row) for row in space["pandas_frame"].astype(object).itertuples(index=False, name=None)],
                "Polars": space["polars_frame"].rows(),
            }
            for library, given in frames.items():
                if found[1] not in wanted or differs(given, rows):
                    fail(f"the notebook: {cell['id']}: {library} reads other rows than SQLite gives")
    finally:
        os.chdir(before)
    if asked != 10:
        fail(f"the notebook asks {asked} questions")
    print(f"  ok       the notebook, {asked} questions")


def run_script(page):
    """DuckDB's script, a statement after the other."""
    import duckdb

    text = (page / "published.sql").read_text()
    wanted = answers(page)
    by_sql = {query["sql"]: name for name, query in questions(page).items()}
    before = os.getcwd()
    os.chdir(page)
    try:
        con = duckdb.connect()
        con.execute("SET enable_progress_bar = false")
        asked = 0
        for statement in text.split(";\n"):
            sql = "\n".join(line for line in statement.splitlines() if not line.startswith("--")).strip()
            if not sql:
                continue
            result = con.execute(sql)
            if sql in by_sql:
                asked += 1
                if differs(result.fetchall(), wanted[by_sql[sql]]):
                    fail(f"DuckDB: {by_sql[sql]}: other rows than SQLite gives")
        con.close()
    finally:
        os.chdir(before)
    if asked != len(by_sql):
        fail(f"published.sql asks {asked} questions, and there are {len(by_sql)}")
    print(f"  ok       DuckDB's script, {asked} questions")


def run_panels(page):
    """The dashboard's queries, over all time: epoch seconds first, and reals. Grafana itself is not run."""
    con = sqlite3.connect(f"file:{page}/published.db?mode=ro", uri=True)
    panels = json.loads((page / "grafana.json").read_text())["panels"]
    for panel in panels:
        target = panel["targets"][0]
        sql = target["queryText"].replace("$__from", "0").replace("$__to", "9000000000000")
        rows = con.execute(sql).fetchall()
        if not rows:
            fail(f"the dashboard: {panel['title']}: no rows")
        for row in rows if target["timeColumns"] else []:
            if not isinstance(row[0], int) or any(isinstance(value, int) for value in row[1:]):
                fail(f"the dashboard: {panel['title']}: {row}")
                break
    con.close()
    print(f"  ok       the dashboard's queries, {len(panels)} panels")


def main():
    source, maintain, folder = sys.argv[1], str(Path(sys.argv[2]).resolve()), Path(sys.argv[3])
    warehouse = folder / "warehouse/market_history.db"
    warehouse.parent.mkdir(parents=True)
    copy(source, warehouse)
    page = warehouse.parent / "page"
    provide_extension(folder)
    publish(maintain, warehouse)
    print("a published copy:")
    first = check_note(page)
    run_notebook(page)
    run_script(page)
    run_panels(page)
    serve(page, warehouse, maintain)
    if check_note(page)["sha256"] == first["sha256"]:
        fail("the second copy has the hash of the first")
    if failures:
        print(f"{len(failures)} differences")
        sys.exit(1)
    print("the copy is read alike by all")


if __name__ == "__main__":
    main()
