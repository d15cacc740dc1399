#!/usr/bin/env python3
"""A plugin library exports exactly its two symbols.

usage: exports_test.py NM LIBRARY...
"""
import subprocess
import sys

WANTED = {"msp_plugin_entry", "msp_plugin_manifest"}
wrong = []
for library in sys.argv[2:]:
    listing = subprocess.run(
        [sys.argv[1], "--dynamic", "--defined-only", "--format=just-symbols", library],
        check=True, capture_output=True, text=True).stdout
    exported = set(listing.split())
    if exported != WANTED:
        wrong.append(f"{library}: exports {', '.join(sorted(exported)) or 'nothing'}")

print("\n".join(wrong) or f"{len(sys.argv) - 2} libraries export exactly {' and '.join(sorted(WANTED))}")
sys.exit(1 if wrong or len(sys.argv) < 3 else 0)
