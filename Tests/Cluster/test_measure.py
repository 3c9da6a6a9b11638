"""How the cluster is measured: whose processes are whose, and of what kind, without Spark."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import cluster
import measure

# Starts a child of its own, says its process, and ends with its input.
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
sys.stdin.read()
child.communicate()
"""


@unittest.skipUnless(os.path.exists("/proc/self/stat"), "there is no /proc")
class ProcessTests(unittest.TestCase):
    def test_descendants_are_children_and_theirs_and_no_others(self):
        with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
            grandchild = int(parent.stdout.readline())
            self.assertEqual(cluster.descendants(parent.pid), [grandchild])
            self.assertEqual(cluster.descendants(grandchild), [])
            self.assertIn(grandchild, cluster.descendants(os.getpid()))

    def kind(self, *words):
        """The kind of a process with a command line of these words behind Python's own."""
        script = "print(flush=True); input()"
        with subprocess.Popen([sys.executable, "-c", script, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            process.stdout.readline()
            found = measure.Meter.kind(process.pid)
            process.communicate("\n")
        return found

    def test_kinds_are_told_by_the_command_line(self):
        for words, kind in ((("/x/transform", "-"), "transform"), (("/x/stage.py", "--transform", "/x/transform"), "python"),
                            (("org.apache.spark.executor.CoarseGrainedExecutorBackend",), "executor"),
                            (("org.apache.spark.deploy.SparkSubmit", "x"), "driver"), (("pyspark.daemon",), "python")):
            self.assertEqual(self.kind(*words), kind)

    def test_a_process_that_is_gone_has_no_kind(self):
        with subprocess.Popen([sys.executable, "-c", ""]) as process:
            pass
        self.assertIsNone(measure.Meter.kind(process.pid))

    def test_what_a_run_took(self):
        with tempfile.TemporaryDirectory() as folder:
            took = measure.measured([sys.executable, "-c", "import time; time.sleep(0.3); raise SystemExit(3)"], folder)
        self.assertEqual((took["status"], set(took["processor"]) - {"gone"}), (3, {"python"}))
        self.assertTrue(took["peak_mb"] > 1 and took["seconds"] > 0 and took["others_cores"] >= 0)


class PathTests(unittest.TestCase):
    def test_raw_files_are_those_of_hours(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            for path in ("raw/2025-10-23/15/okx.ndjson.gz", "raw/2025-10-23/14/okx.ndjson.gz", "raw/2025-10-23/15/stream/okx.part",
                         "raw/history/okx/funding/x.ndjson.gz", "staged/2025-10-23/15/okx.ndjson.gz"):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).touch()
            self.assertEqual(cluster.raw_files(folder), ["raw/2025-10-23/14/okx.ndjson.gz", "raw/2025-10-23/15/okx.ndjson.gz"])


if __name__ == "__main__":
    unittest.main()
