#!/usr/bin/env python3
"""The published schema and the host's own reading of a manifest say the same.

usage: manifest_schema_test.py SCHEMA CASES PLUGINS_DIRECTORY
Each case changes one place of the base manifest. `problem` is what the host says about it; a case that is `beyond_schema`
breaks a rule between two places, which a schema cannot see.
"""
import copy
import glob
import json
import os
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(1 if os.environ.get("CI") else 77)  # 77: skipped


def changed(document, case):
    keys = case["at"].split("/")[1:]
    if not keys:
        return case["value"]
    document = copy.deepcopy(document)
    parent = document
    for key in keys[:-1]:
        parent = parent[int(key) if isinstance(parent, list) else key]
    last = keys[-1]
    if "value" not in case:
        del parent[last]
    elif isinstance(parent, list):
        parent[int(last)] = case["value"]
    else:
        parent[last] = case["value"]
    return document


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


schema, cases = load(sys.argv[1]), load(sys.argv[2])
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

wrong = []
if not validator.is_valid(cases["base"]):
    wrong.append("the base manifest: refused")
for case in cases["cases"]:
    wanted = "problem" not in case or case.get("beyond_schema", False)
    if validator.is_valid(changed(cases["base"], case)) != wanted:
        wrong.append(f"{case['title']}: {'refused' if wanted else 'accepted'}")
manifests = glob.glob(os.path.join(sys.argv[3], "*", "manifest.json"))
if not manifests:
    wrong.append(f"{sys.argv[3]}: holds no plugin")
for path in manifests:
    wrong += [f"{path}: {error.json_path}: {error.message}" for error in validator.iter_errors(load(path))]

print("\n".join(wrong) or f"{len(cases['cases'])} cases and {len(manifests)} manifests agree")
sys.exit(1 if wrong else 0)
