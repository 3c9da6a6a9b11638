#!/usr/bin/env python3
"""The Spark job on simulated days, beside `make -j transform` and `reprocess`: with an executor that is killed midway, bad
files, and children that die. All is told, nothing is lost, and the result is equal, hash for hash.

cluster.py BIN PYTHON: PYTHON has the packages of pipeline/spark/requirements.txt. Not a part of CI: they come from PyPI.
"""
import gzip
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGE = ROOT / "pipeline/spark/stage.py"
MASTER = "local-cluster[2,1,1024]"
DAYS = 3
COLUMNS = ("raw_sha256", "staged_sha256", "rows", "rejections")
checks = 0

# Hands each path on to the real program; dies with some, once for each worker or always, and takes its time.
WRAPPER = """#!{python}
import os, signal, subprocess, sys, time
folder = {folder!r}
child = subprocess.Popen([{program!r}, *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for line in sys.stdin.buffer:
    path = line.decode().strip()
    if path in {deadly!r}: child.kill(); os.kill(os.getpid(), signal.SIGKILL)
    if path in {once!r}:
        try:
            os.close(os.open(os.path.join(folder, f"died-{{os.getppid()}}-" + path.replace("/", "_")), os.O_CREAT | os.O_EXCL))
            child.kill(); sys.exit(3)
        except FileExistsError: pass
    child.stdin.write(line); child.stdin.flush()
    sys.stdout.buffer.write(child.stdout.readline()); sys.stdout.buffer.flush()
    time.sleep({pause})
child.stdin.close()
sys.exit(child.wait())
"""


def check(what, is_true, seen=""):
    global checks
    if not is_true:
        sys.exit(f"cluster: not so: {what}{f': {seen}' if seen else ''}")
    checks += 1
    print(f"  ok  {what}", flush=True)


def run(words, **more):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)
    if result.returncode:
        sys.exit(f"cluster: {words[0]} ended with {result.returncode}: {result.stdout[-2000:]}{result.stderr[-2000:]}")
    return result.stdout


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def raw_files(folder):
    return sorted(str(path.relative_to(folder)) for path in (folder / "raw").glob("*/*/*.ndjson.gz"))


def hashes_below(folder):
    """The hash of each file below a folder, also of what should not be there."""
    return {str(path.relative_to(folder)): digest(path) for path in folder.rglob("*") if path.is_file()}


def ledger(folder):
    """The manifest of `reprocess`: its load log."""
    rows = sqlite3.connect(f"file:{folder}/warehouse/market_history.db?mode=ro", uri=True).execute(
        "SELECT path, raw_sha256, staged_sha256, rows, rejections FROM load_log")
    return {path.replace("staged/", "raw/", 1): dict(zip(COLUMNS, rest)) for path, *rest in rows}


def manifest(path):
    """The lines of a manifest, each path once."""
    rows = [json.loads(line) for line in Path(path).read_text().splitlines()]
    by_path = {row["path"]: row for row in rows}
    check(f"{Path(path).name}: each path once, in order", list(by_path) == sorted(by_path) and len(by_path) == len(rows))
    return by_path


def columns(rows):
    return {path: {name: row[name] for name in COLUMNS} for path, row in rows.items()}


class Job:
    """A run of the Spark job in a folder."""

    def __init__(self, python, folder, paths, program, *more):
        (folder / "list").write_text("".join(f"{path}\n" for path in paths))
        self.said = open(folder / "spark.log", "w")
        self.output = open(folder / "output", "w+")
        self.process = subprocess.Popen(
            [python, str(STAGE), "list", "--manifest", "manifest.ndjson", "--transform", str(program), "--master", MASTER, *more],
            cwd=folder, stdout=self.output, stderr=self.said)

    def executors(self):
        """The processes of the executors that this job started, and no others."""
        return [pid for pid in descendants(self.process.pid) if b"CoarseGrainedExecutorBackend" in command_of(pid)]

    def end(self):
        status = self.process.wait()
        self.output.seek(0)
        return status, self.output.read()


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def descendants(root):
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents.setdefault(int((entry / "stat").read_text().rpartition(")")[2].split()[1]), []).append(int(entry.name))
            except OSError:
                pass
    found, rest = [], [root]
    while rest:
        children = parents.get(rest.pop(), [])
        found += children
        rest += children
    return found


def world(binaries, folder):
    """Simulated days with what `make -j transform` and `reprocess` make of them."""
    run([ROOT / "pipeline/world.sh", binaries, folder, DAYS])
    paths = raw_files(folder)
    made = folder.with_name("made")
    made.mkdir()
    (made / "raw").symlink_to(folder / "raw")
    (made / ".env").write_text((folder / ".env").read_text())
    first, last = (path.split("/") for path in (paths[0], paths[-1]))
    run(["make", "-j2", "transform", f"DATA={made}", f"FROM={first[1]}T{first[2]}", f"TO={last[1]}T{last[2]}", "JOBS=2",
         f"BIN={binaries}"], cwd=ROOT)
    return paths, hashes_below(made / "staged"), ledger(folder)


def plain(binaries, python, base, source, paths, staged, rows):
    """Nothing goes wrong, and the lake is written."""
    print("nothing goes wrong")
    folder = working(base, "plain", source)
    status, output = Job(python, folder, paths, binaries / "transform", "--lake", "lake").end()
    check("the status is 0", status == 0, output)
    found = manifest(folder / "manifest.ndjson")
    check("raw hash, staged hash, rows and rejections are those of reprocess", columns(found) == rows)
    check("the staged files are those of make -j transform, and no other file is there", hashes_below(folder / "staged") == staged)
    check("the manifest has the hashes of the files", {row["staged"].removeprefix("staged/"): row["staged_sha256"] for row in found.values()} == staged)
    lake(python, folder, found)
    before = hashes_below(folder / "lake")
    status, output = Job(python, folder, paths, binaries / "transform", "--lake", "lake").end()
    check("again: the same, and no file of the lake is written", status == 0 and "lake: 0 files written" in output and hashes_below(folder / "lake") == before, output)
    return folder


def lake(python, folder, found):
    """The lake has the staged tickers, each once."""
    code = "import json, sys, pyarrow.dataset as d; t = d.dataset(sys.argv[1] + '/lake/staged_tickers', format='parquet', partitioning=None, exclude_invalid_files=True).to_table(columns=['exchange', 'symbol', 'hour', 'mark_price']).to_pylist(); print(json.dumps([[r[k] for k in ('exchange', 'symbol', 'hour', 'mark_price')] for r in t]))"
    rows = json.loads(run([python, "-c", code, folder]))
    wanted = []
    for row in found.values():
        for line in gzip.decompress((folder / row["staged"]).read_bytes()).splitlines():
            record = json.loads(line)
            if record["record"] == "ticker":
                wanted.append([record["exchange"], record["symbol"], record["hour"], record.get("mark_price")])
    key = lambda row: row[:3]
    check(f"the lake has the {len(wanted)} staged tickers, each once", sorted(rows, key=key) == sorted(wanted, key=key))


def plant(folder, paths):
    """Bad files beside the good ones: cut short, no gzip, absent, and one with which every child dies."""
    good = (folder / paths[0]).read_bytes()
    bad = {name: f"raw/2030-01-01/0{number}/okx.ndjson.gz" for number, name in enumerate(("cut", "text", "absent", "deadly"))}
    for name, content in (("cut", good[:-100]), ("text", b"no gzip"), ("deadly", good)):
        (folder / bad[name]).parent.mkdir(parents=True)
        (folder / bad[name]).write_bytes(content)
    return bad


def disturbed(binaries, python, base, source, paths, staged, rows):
    """Everything goes wrong at once."""
    print("an executor is killed midway, files are bad, children die")
    folder = working(base, "disturbed", source)
    bad = plant(folder, paths)
    once = [paths[len(paths) // 3], paths[-1]]
    wrapper = folder / "wrapper"
    wrapper.write_text(WRAPPER.format(
        python=sys.executable, folder=str(folder), program=str(binaries / "transform"), deadly=[bad["deadly"]], once=once, pause=0.05))
    wrapper.chmod(0o755)
    job = Job(python, folder, [*paths, *bad.values()], wrapper, "--files", "60")
    killed = kill_one(job, folder / "staged", len(paths) // 4)
    status, output = job.end()
    print(output)
    check("an executor was killed while files were being staged, and the run went on", killed is not None)
    check("the status says that something failed", status == 74, status)
    found = manifest(folder / "manifest.ndjson")
    check("nothing is lost: every path has a line", set(found) == {*paths, *bad.values()})
    check("what failed is what was planted", {path for path, row in found.items() if "error" in row} == set(bad.values()))
    words = {name: found[path]["error"] for name, path in bad.items()}
    check("each with its reason", "cut short" in words["cut"] and "not gzip" in words["text"] and "No such file" in words["absent"]
          and "SIGKILL, 2 times" in words["deadly"], words)
    check("and its status", [found[bad[name]]["status"] for name in bad] == [65, 65, 74, 70])
    check("all of it is printed by name", all(path in output for path in bad.values()))
    check("so are the files of children that died once", all(path in output for path in once), output)
    good = {path: row for path, row in found.items() if "error" not in row}
    check("the others are equal to those of reprocess, hash for hash", columns(good) == rows)
    check("nothing is doubled: the staged files are those of make -j transform", hashes_below(folder / "staged") == staged)


def kill_one(job, staged, count):
    """Ends an executor by force once some files are staged; returns its process and how many there were."""
    while job.process.poll() is None:
        done = sum(1 for _ in staged.rglob("*.ndjson.gz")) if staged.exists() else 0
        executors = job.executors()
        if done >= count and executors:
            os.kill(executors[0], signal.SIGKILL)
            return executors[0], done
        time.sleep(0.05)
    return None


def in_a_store(binaries, python, base, source, paths, rows):
    """Addresses instead of paths: bytes through `transform --stream`."""
    print("addresses instead of paths")
    folder = working(base, "store", source)
    some = paths[::7]
    address = f"file://{folder}/"
    status, output = Job(python, folder, [*(address + path for path in some), f"{address}raw/2030-01-01/00/okx.ndjson.gz"],
                         binaries / "transform", "--staged", f"{address}staged").end()
    check("an object that is not there is named", status == 74 and "2030-01-01/00/okx" in output, output)
    found = manifest(folder / "manifest.ndjson")
    good = {path.removeprefix(address): row for path, row in found.items() if "error" not in row}
    check("the others are equal, hash for hash", columns(good) == {path: rows[path] for path in some})
    check("the objects are what the manifest says", hashes_below(folder / "staged") == {path.removeprefix("raw/"): rows[path]["staged_sha256"] for path in some})


def working(base, name, source):
    """A folder with raw files of its own, that may be added to."""
    folder = base / name
    folder.mkdir()
    run(["cp", "-rl", source / "raw", folder / "raw"])
    return folder


def main(binaries, python):
    binaries = Path(binaries).resolve()
    run([sys.executable, ROOT / "Tests/Cluster/test_children.py"])
    check("children without Spark", True)
    with tempfile.TemporaryDirectory(prefix="perps-cluster-") as base:
        base = Path(base)
        paths, staged, rows = world(binaries, base / "world")
        check(f"reprocess and make -j transform agree about {len(paths)} files",
              {path.removeprefix("raw/"): row["staged_sha256"] for path, row in rows.items()} == staged and len(rows) == len(paths))
        plain(binaries, python, base, base / "world", paths, staged, rows)
        disturbed(binaries, python, base, base / "world", paths, staged, rows)
        in_a_store(binaries, python, base, base / "world", paths, rows)
    print(f"{checks} passed, 0 failed")


if __name__ == "__main__":
    main(*sys.argv[1:])
