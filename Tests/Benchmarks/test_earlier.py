"""An earlier commit as a peer: what both know, whose turn it is, and which way its ratios go."""
import os
import sys
import types
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import earlier
from folders import FolderTest
import frame


class CommitTests(unittest.TestCase):
    def of(self, answers, name="7a4a420"):
        with mock.patch.object(earlier, "git", lambda *words: answers.get(words[1])):
            return earlier.commit_of(name)

    def test_a_name_becomes_a_short_commit(self):
        self.assertEqual(self.of({"--short=7": "7a4a420"}, "7a4a420f5fce"), "7a4a420")

    def test_what_is_no_commit_is_wrong_usage_with_a_way_out(self):
        for shallow, words in (("true", "git fetch --unshallow"), ("false", "is no commit of this clone: git fetch --all")):
            with self.assertRaisesRegex(frame.Failure, words) as caught:
                self.of({"--is-shallow-repository": shallow})
            self.assertEqual(caught.exception.status, 64)


class ArchiveTests(FolderTest):
    def setUp(self):
        super().setUp()
        self.raw = f"{self.folder}/raw"
        for exchange in ("okx", "gate", "okx.stream"):
            for hour in ("2025-06-01/00", "2025-06-02/23"):
                os.makedirs(f"{self.raw}/{hour}", exist_ok=True)
                open(f"{self.raw}/{hour}/{exchange}.ndjson.gz", "w").close()
        open(f"{self.raw}/.simulated", "w").close()

    def files(self, folder):
        return sorted(os.path.relpath(f"{top}/{name}", folder) for top, _, names in os.walk(folder) for name in names)

    def test_where_both_know_all_it_is_the_archive_itself(self):
        self.assertEqual(earlier.common_archive(self.raw, ["okx", "gate"], ["okx", "gate"]), self.raw)

    def test_otherwise_it_has_the_files_of_the_exchanges_that_both_know(self):
        for _ in range(2):  # a second run makes it anew
            shared = earlier.common_archive(self.raw, ["okx", "lighter"], ["okx", "gate"])
            self.assertEqual(self.files(shared), [".simulated", "2025-06-01/00/okx.ndjson.gz", "2025-06-02/23/okx.ndjson.gz"])

    def test_hours_behind_it_are_of_the_same_exchanges(self):
        archive = types.SimpleNamespace(simulate=lambda *_: None)
        earlier.simulate_next(archive, ["gate"], self.raw, ["2025-06-01T00", "2025-06-02T23"])
        self.assertEqual(self.files(self.raw), [".simulated", "2025-06-01/00/gate.ndjson.gz", "2025-06-02/23/gate.ndjson.gz"])


class Side:
    """Notes whose turn it is."""

    def __init__(self, name, log):
        self.name, self.log = name, log

    def reprocess(self, _):
        return self.note("reprocess")

    def transform(self, *_):
        return self.note("transform")

    def load(self, hour, _):
        return self.note(hour)

    def note(self, what):
        self.log.append((what, self.name))
        return self.name


class TurnTests(unittest.TestCase):
    def round(self, ours_first):
        log, pairs = [], {"raw to warehouse": [], "raw to staged": [], "one hour behind it": []}
        archive = types.SimpleNamespace(first="2025-06-01", last="2025-06-01")
        sides = [Side("ours", log), Side("peer", log)]
        earlier.one_round(sides, ours_first, archive, "raw", "next", ["h0", "h1", "h2"], pairs)
        return log, pairs

    def test_a_pair_is_ours_and_the_peer_whoever_went_first(self):
        for ours_first in (True, False):
            log, pairs = self.round(ours_first)
            self.assertEqual([name for what, name in log if what == "reprocess"], ["ours", "peer"] if ours_first else ["peer", "ours"])
            self.assertEqual({pair for runs in pairs.values() for pair in runs}, {("ours", "peer")})

    def test_the_first_hour_is_not_counted_and_the_others_change_turns(self):
        log, pairs = self.round(True)
        self.assertEqual(len(pairs["one hour behind it"]), 2)
        first = {hour: next(name for what, name in log if what == hour) for hour in ("h0", "h1", "h2")}
        self.assertEqual(first, {"h0": "ours", "h1": "peer", "h2": "ours"})

    def test_above_one_ours_is_faster(self):
        ours, peer = frame.Turn((2, 4)), frame.Turn((3, 5))
        found = earlier.ratio_of("raw to warehouse", [(ours, peer)])
        self.assertEqual((found["wall"]["ratio"], found["CPU"]["ratio"], found["ours_s"], found["peer_s"]), (1.5, 1.25, 2, 3))


if __name__ == "__main__":
    unittest.main()
