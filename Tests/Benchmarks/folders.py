"""A folder for each test."""
import tempfile
import unittest


class FolderTest(unittest.TestCase):
    """A test with a folder of its own, which goes when it ends."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
