"""Every test has a time limit: one that hangs fails after minutes with its name, not after ctest's 25 minutes.

Usage: timeouts_test.py BUILD_TREE
"""

import pathlib
import re
import sys

BUILD = pathlib.Path(sys.argv[1])
# What CMake writes for ctest: add_test([=[name]=] ...) or add_test(name ...), and the properties of a test in the same way.
NAME = r'(?:\[(=*)\[(?P<long>.*?)\]\1\]|"(?P<quoted>[^"]*)"|(?P<plain>[^\s"\[)]+))'
ADDED = re.compile(r"^\s*add_test\(" + NAME, re.MULTILINE)
# A property may contain line breaks; the next command begins a line.
LIMITED = re.compile(r"^\s*set_tests_properties\(" + NAME + r"(?:(?!\n\s*(?:add_test|set_tests_properties)\().)*?\bTIMEOUT\b",
                     re.MULTILINE | re.DOTALL)


def names(pattern, text):
    return {match["long"] or match["quoted"] or match["plain"] for match in pattern.finditer(text)}


found, without = 0, []
for path in sorted(BUILD.rglob("CTestTestfile.cmake")):
    text = path.read_text(encoding="utf-8")
    tests = names(ADDED, text)
    found += len(tests)
    without += [f"{name} ({path.parent.relative_to(BUILD)})" for name in sorted(tests - names(LIMITED, text))]
# The tests of GoogleTest's programs are found when ctest runs; each of these files hands on one program's properties.
for path in sorted(BUILD.rglob("*_include.cmake")):
    text = path.read_text(encoding="utf-8")
    if "gtest_discover_tests_impl" not in text:
        continue
    found += 1
    if not re.search(r"\bTIMEOUT\b", text):
        without.append(path.stem.split("[")[0])

if without:
    print("These tests have no TIMEOUT:", *without, sep="\n  ")
    sys.exit(1)
if found < 10:
    print(f"only {found} tests were found under {BUILD}, so this proved nothing")
    sys.exit(1)
