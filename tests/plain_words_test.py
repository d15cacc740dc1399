"""Plain words: what nobody would say to a colleague stands in no source, document or page of ours.

Usage: plain_words_test.py PROJECT
"""

import pathlib
import re
import subprocess
import sys

PROJECT = pathlib.Path(sys.argv[1])
WORDS = re.compile(r"\b(anew|upon|otherwise than)\b", re.IGNORECASE)
KINDS = {".cpp", ".hpp", ".h", ".c", ".md", ".js", ".css", ".html", ".json", ".py", ".cmake", ".txt", ""}

listed = subprocess.run(["git", "-C", PROJECT, "ls-files"], capture_output=True, text=True)
if listed.returncode != 0:
    print("not a clone, so there is no list of files")
    sys.exit(77)

found = []
for name in listed.stdout.splitlines():
    path = PROJECT / name
    if path.suffix not in KINDS or path.name in ("plain_words_test.py", "package-lock.json") or "seeds" in path.parts:
        continue
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        continue
    found += [f"{name}:{number}: {match.group(0)}" for number, line in enumerate(lines, 1) for match in WORDS.finditer(line)]

print("\n".join(found) or "plain words only")
sys.exit(1 if found else 0)
