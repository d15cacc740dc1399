"""The host library's sentences name no option of a command line: other consoles have other ones.

Usage: no_option_names_test.py PROJECT. Reads every string literal of the library's sources.
"""

import pathlib
import re
import sys

PROJECT = pathlib.Path(sys.argv[1])
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
OPTION = re.compile(r"(?<![-\w])--[a-z][a-z-]+")

found = []
read = 0
for folder in ("host_api/src", "host_api/include/msp"):
    for path in sorted((PROJECT / folder).glob("**/*.[ch]pp")):
        if "isolation" in path.parts:
            continue  # the runner's own arguments
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for literal in LITERAL.findall(line.split("//")[0] if '"' not in line.split("//")[0] else line):
                read += 1
                found += [f"{path.relative_to(PROJECT)}:{number}: {option}" for option in OPTION.findall(literal)]

assert read > 1000, f"only {read} literals were read"
print("\n".join(found) or f"{read} literals name no option")
sys.exit(1 if found else 0)
