#!/usr/bin/env python3
"""What the Spark job costs, and where the shape of the archive stops it. Figures for pipeline/docs/cluster.md; asserts nothing.

measure.py cost BIN PYTHON FOLDER    a core-hour at 1 and 2 executors, and of `transform` alone, on the raw files of FOLDER
measure.py shape PYTHON FILES        FILES tiny gzip files: listing them, reading them, and their status lines through the driver
measure.py lines PYTHON FILES        only the list and the status lines of FILES files that nobody reads: what the driver holds
"""
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cluster import STAGE, descendants, raw_files  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """Processor seconds and the peak of resident memory of a process and what it started, sampled while it runs."""

    def __init__(self, process):
        self.process, self.kinds, self.seconds, self.peak = process, {}, {}, 0
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while self.process.poll() is None:
            resident = 0
            for pid in [self.process.pid, *descendants(self.process.pid)]:
                try:
                    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                # Anew each time: a process may have been seen before it became the program.
                self.kinds[pid] = self.kind(pid) or self.kinds.get(pid, "gone")
                self.seconds[pid] = (int(fields[11]) + int(fields[12])) / TICKS
                resident += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
            self.peak = max(self.peak, resident)
            time.sleep(0.1)

    @staticmethod
    def kind(pid):
        """What a process is by its command line; None when it has none any more."""
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return None
        if not words:
            return None
        if b"/transform" in words and b"stage.py" not in words:
            return "transform"
        if b"CoarseGrained" in words:
            return "executor"
        return "driver" if b"SparkSubmit" in words else "python"

    def by_kind(self):
        self.thread.join()
        sums = {}
        for pid, seconds in self.seconds.items():
            kind = self.kinds[pid]
            sums[kind] = round(sums.get(kind, 0) + seconds, 1)
        return sums


def busy():
    """Processor seconds of the whole machine since it started, without its idle time."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def measured(words, folder, output=subprocess.DEVNULL, errors=subprocess.DEVNULL):
    """A run of a program, with what the rest of the machine did meanwhile: `others_cores` is how many cores that took."""
    started, before = time.monotonic(), busy()
    process = subprocess.Popen([str(word) for word in words], cwd=folder, stdout=output, stderr=errors)
    meter = Meter(process)
    status = process.wait()
    wall, all_busy = time.monotonic() - started, busy() - before
    seconds = meter.by_kind()
    ours = sum(seconds.values())
    return {"status": status, "seconds": round(wall, 1), "processor": seconds, "processor_sum": round(ours, 1),
            "others_cores": round(max(0, all_busy - ours) / wall, 2), "peak_mb": meter.peak // 1_000_000}


def cost(binaries, python, folder):
    """All that is made goes to a folder of its own: `folder` may be an archive that somebody needs."""
    folder = Path(folder).resolve()
    paths = raw_files(folder)
    size = sum((folder / path).stat().st_size for path in paths)
    print(json.dumps({"files": len(paths), "raw_mb": round(size / 1e6, 1)}), flush=True)
    transform = Path(binaries).resolve() / "transform"
    with tempfile.TemporaryDirectory(prefix="perps-cost-") as base:
        base = Path(base)
        staged, listed, manifest = base / "staged", base / "list", base / "manifest.ndjson"
        listed.write_text("".join(f"{path}\n" for path in paths))
        for jobs in (1, 2):
            command = f"exec '{transform}' - --jobs {jobs} --staged '{staged}' < '{listed}'"
            print(json.dumps({"transform": jobs, **measured(["bash", "-c", command], folder)}), flush=True)
            shutil.rmtree(staged)
        for executors in (1, 2):
            words = [python, STAGE, listed, "--manifest", manifest, "--transform", transform, "--files", "150",
                     "--folder", folder, "--staged", staged, "--master", f"local-cluster[{executors},1,1024]"]
            with open(base / "output", "w+") as output:
                result = measured(words, base, output)
                output.seek(0)
                print(json.dumps({"executors": executors, **result, "said": output.read().strip().split("\n")[-1]}), flush=True)
            shutil.rmtree(staged)


STAND_IN = """#!{python}
import sys, json
for line in sys.stdin:
    print(json.dumps({{"path": line[:-1], "raw_sha256": "0" * 64, "staged": line[:-1], "staged_sha256": "0" * 64, "rows": 1, "rejections": 0}}), flush=True)
"""


def shape(python, files):
    """Tiny files, so that nothing counts but their number."""
    files = int(files)
    with tempfile.TemporaryDirectory(prefix="perps-shape-") as base:
        base = Path(base)
        content = gzip.compress(b'{"record":"ticker","exchange":"okx","hour":1,"symbol":"A"}\n')
        started = time.monotonic()
        for number in range(files):
            hour, name = divmod(number, 50)
            folder = base / f"staged/{2000 + hour // 8760}-01-{hour // 24:05}/{hour % 24:02}"
            if name == 0:
                folder.mkdir(parents=True)
            (folder / f"e{name}.ndjson.gz").write_bytes(content)
        print(json.dumps({"files": files, "made_s": round(time.monotonic() - started, 1)}), flush=True)
        started = time.monotonic()
        paths = [str(path.relative_to(base)) for path in base.glob("staged/*/*/*.ndjson.gz")]
        print(json.dumps({"listed_by_python_s": round(time.monotonic() - started, 2), "paths": len(paths)}), flush=True)
        status_lines(python, base, sorted(paths))
        (base / "read.py").write_text(READ)
        run_spark(python, base, "read.py")


def spent(root):
    """Processor seconds so far of a process and of those that it started and that are still there."""
    ticks = 0
    for pid in [root, *descendants(root)]:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def status_lines(python, base, paths):
    """A list through the job, with a child that answers at once and reads nothing."""
    (base / "list").write_text("".join(f"{path}\n" for path in paths))
    stand_in = base / "transform"
    stand_in.write_text(STAND_IN.format(python=sys.executable))
    stand_in.chmod(0o755)
    words = [python, STAGE, "list", "--manifest", "manifest.ndjson", "--transform", stand_in, "--master", "local-cluster[2,1,1024]"]
    with open(base / "errors", "w+") as errors:
        result = measured(words, base, errors=errors)
        errors.seek(0)
        wrong = [line for line in errors if "xception" in line or "rror" in line]
    said = {"error": wrong[-1].strip()[:300]} if result["status"] and wrong else {}
    print(json.dumps({"status_lines": result, **said}), flush=True)


def lines(python, files):
    """Names as long as those of a store."""
    with tempfile.TemporaryDirectory(prefix="perps-lines-") as base:
        paths = [f"raw/2025-10-23/{number // 30 % 24:02}/exchange{number % 30:02}-{number:010}.ndjson.gz" for number in range(int(files))]
        print(json.dumps({"files": len(paths), "bytes_of_a_name": len(paths[0])}), flush=True)
        status_lines(python, Path(base), paths)


READ = """
import json, os, sys, time
sys.path.insert(0, sys.argv[2])
from measure import spent
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.showConsoleProgress", "false").getOrCreate()
schema = "record string, exchange string, hour long, symbol string"
def timed(name, body):
    started, before = time.monotonic(), spent(os.getpid())
    try:
        result = body()
    except Exception as error:
        result = str(error)[:200]
    seconds, processor = time.monotonic() - started, spent(os.getpid()) - before
    print(json.dumps({"reads": name, "seconds": round(seconds, 1), "processor": round(processor, 1), "result": result}), flush=True)
folder = sys.argv[1]
timed("warm", lambda: spark.range(10).count())
frame = {}
timed("listed by Spark, a pattern", lambda: frame.setdefault("d", spark.read.schema(schema).json(f"file://{folder}/staged/*/*/*.ndjson.gz")) and 0)
timed("read by Spark, a pattern", lambda: frame["d"].count())
paths = [f"file://{folder}/{line.strip()}" for line in open(f"{folder}/list")]
timed("listed by Spark, names", lambda: frame.setdefault("n", spark.read.schema(schema).json(paths)) and 0)
timed("read by Spark, names", lambda: frame["n"].count())
spark.stop()
"""


def run_spark(python, base, script):
    """The script prints for itself, since it takes long; where it fails, the last line of its errors is told."""
    with tempfile.TemporaryFile("w+") as errors:
        words = [python, str(base / script), str(base), str(Path(__file__).resolve().parent)]
        status = subprocess.run(words, cwd=base, stderr=errors).returncode
        errors.seek(0)
        if status:
            print(f"{script} ended with {status}: {(errors.read().strip().splitlines() or ['without a word'])[-1]}", flush=True)


if __name__ == "__main__":
    modes = {"cost": (cost, 3), "shape": (shape, 2), "lines": (lines, 2)}
    run, wanted = modes.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
    if run is None or len(sys.argv) != 2 + wanted:
        sys.exit(__doc__)
    run(*sys.argv[2:])
