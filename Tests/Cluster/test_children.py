"""The children of a partition, without Spark: stand-ins for `transform` that die, hang and babble."""
import json
import os
import stat
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "pipeline", "spark"))

import children
import stores

STAND_IN = """#!{python}
import json, os, signal, sys, time
folder = os.path.dirname(os.path.abspath(__file__))
def first(path):
    try:
        os.close(os.open(os.path.join(folder, path.replace("/", "_")), os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False
with open(os.path.join(folder, "children"), "a") as file: file.write("x")
for line in sys.stdin:
    path = line.rstrip("\\n")
    answer = json.dumps({{"path": path, "rows": 1}})
    if "kill" in path: os.kill(os.getpid(), signal.SIGKILL)
    if "once" in path and first(path): print("words", file=sys.stderr, flush=True); sys.exit(3)
    if "half" in path and first(path): print(answer[:9], end="", flush=True); sys.exit(0)
    if "babble" in path: answer = "no JSON"
    if "other" in path: answer = json.dumps({{"path": "x"}})
    if "hang" in path: time.sleep(60)
    if "bad" in path: answer = json.dumps({{"path": path, "error": "bad", "status": 65}})
    print(answer, flush=True)
"""


class ChildrenTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.program = os.path.join(self.folder, "transform")
        with open(self.program, "w") as file:
            file.write(STAND_IN.format(python=sys.executable))
        os.chmod(self.program, os.stat(self.program).st_mode | stat.S_IXUSR)

    def staged(self, *paths, patience=20):
        answers = list(children.staged(paths, [self.program], self.folder, patience))
        self.assertEqual([answer["path"] for answer in answers], list(paths), "each path once, in order")
        return answers

    def started(self):
        return os.path.getsize(os.path.join(self.folder, "children"))

    def test_one_child_answers_for_all_and_a_bad_file_ends_nothing(self):
        paths = [f"{number}{' bad' if number == 7 else ''}" for number in range(100)]
        answers = self.staged(*paths)
        self.assertEqual([answer["path"] for answer in answers if "error" in answer], ["7 bad"])
        self.assertEqual(self.started(), 1)

    def test_a_child_that_dies_once_costs_nothing_but_is_told(self):
        a, once, b = self.staged("a", "once", "b")
        self.assertEqual(once, {"path": "once", "rows": 1, "deaths": ["transform ended with status 3: words"]})
        self.assertEqual((a, b), ({"path": "a", "rows": 1}, {"path": "b", "rows": 1}))
        self.assertEqual(self.started(), 2)

    def test_a_file_with_which_two_children_die_fails_by_name_and_the_others_go_on(self):
        a, killed, b, once, c = self.staged("a", "kill", "b", "once", "c")
        self.assertEqual(killed["status"], 70)
        self.assertEqual(killed["error"], "transform was ended by SIGKILL, 2 times with this file at hand")
        self.assertEqual([answer.get("error") for answer in (a, b, once, c)], [None] * 4)

    def test_half_an_answer_is_none(self):
        half, = self.staged("half")
        self.assertEqual((half["rows"], half["deaths"]), (1, ["transform ended with status 0"]))

    def test_another_answer_than_the_one_awaited_is_a_death(self):
        for path in ("babble", "other"):
            answers = self.staged(path, "a")
            self.assertIn("said something else than how", answers[0]["error"])
            self.assertNotIn("error", answers[1])

    def test_a_child_that_hangs_is_given_up(self):
        hanging, other = self.staged("hang", "a", patience=0.5)
        self.assertIn("gave no answer for 0.5 s", hanging["error"])
        self.assertNotIn("error", other)

    def test_children_that_only_die_are_given_up_and_every_path_is_told(self):
        answers = self.staged(*[f"kill {number}" for number in range(1000)])
        self.assertTrue(all("error" in answer for answer in answers))
        self.assertEqual(self.started(), children.DEATHS_IN_A_ROW)

    def test_a_program_that_is_not_there_fails_every_path(self):
        answers = list(children.staged(["a", "b"], ["/nowhere/transform"], self.folder))
        self.assertEqual([answer["error"] for answer in answers], ["cannot start /nowhere/transform: No such file or directory"] * 2)

    def test_names_that_are_no_line_never_reach_a_child(self):
        answers = self.staged("a", "b\nc", "d\udcff", "e" * 5000, "f")
        self.assertEqual([answer.get("status") for answer in answers], [None, 65, 65, 65, None])

    def test_no_path_no_child(self):
        self.assertEqual(self.staged(), [])


class StoreTests(unittest.TestCase):
    def test_the_staged_object_lies_as_the_raw_one(self):
        for tail in ("2025-10-23/15/okx.ndjson.gz", "2025-10-23/15/okx.stream.ndjson.gz",
                     "history/okx/funding/2025-10-23T150000Z.ndjson.gz"):
            self.assertEqual(stores.staged_path(f"s3://b/raw/{tail}", "s3://b/staged/"), f"s3://b/staged/{tail}")
        self.assertIsNone(stores.staged_path("s3://b/raw/okx.ndjson.gz", "s3://b/staged"))

    def test_a_scheme_makes_a_store(self):
        self.assertEqual([stores.is_local(path) for path in ("raw/a", "/raw/a", "s3://b/a", "file:///a")], [True, True, False, False])


if __name__ == "__main__":
    unittest.main()
