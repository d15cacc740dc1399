#!/usr/bin/env python3
"""What vcpkg would read: the port's dependencies are those of the project, and its version is the contract's."""

import json
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
project = json.loads((root / "vcpkg.json").read_text())
port = json.loads((root / "host_api/install/vcpkg/msp/vcpkg.json").read_text())
abi = (root / "host_api/include/msp/abi.h").read_text()
version = ".".join(re.search(rf"MSP_ABI_{part} (\d+)", abi)[1] for part in ("MAJOR", "MINOR")) + ".0"

own = [one for one in port["dependencies"] if not (isinstance(one, dict) and one.get("host"))]
mistakes = []
if own != project["dependencies"]:
    mistakes.append("The dependencies of the port are not those of vcpkg.json.")
if port["version"] != version:
    mistakes.append(f"The port's version is {port['version']}, the contract's {version}.")
print("\n".join(mistakes) or "the port fits the project")
sys.exit(bool(mistakes))
