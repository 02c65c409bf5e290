"""run.py PROGRAM [TEST ...] - the tests of this folder against a skirmishd."""
import pathlib
import sys
import unittest

if __name__ == "__main__":
    folder = str(pathlib.Path(__file__).parent)
    sys.path.insert(0, folder)
    names = sys.argv[2:] or ["test_start", "test_api", "test_session", "test_operator", "test_hang",
                             "test_bots"]
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    sys.exit(not result.wasSuccessful())
