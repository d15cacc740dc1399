#!/usr/bin/env python3
"""The published schema and the host's own reading of a manifest say the same.

usage: manifest_schema_test.py SCHEMA STRICT_SCHEMA CASES PLUGINS_DIRECTORY [--write]
The strict schema, for editors and builds, is the same but for keys that it does not know: it refuses them. --write makes it.
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


def validator_accepts(schema, document):
    return jsonschema.Draft202012Validator(schema).is_valid(document)


def strict_of(schema):
    """The same schema; every object that names its properties has no others."""
    schema = copy.deepcopy(schema)
    schema["$id"] += ":strict"
    schema["title"] += ", with known keys only"
    schema["description"] = schema["description"].replace(
        "Keys that this version does not know are ignored.", "For editors and builds: a key that is not known is a mistake.")

    def close(node):
        if isinstance(node, dict):
            if node.get("type") == "object" and "properties" in node:
                node["unevaluatedProperties"] = False
            for value in node.values():
                close(value)
        elif isinstance(node, list):
            for value in node:
                close(value)
    close(schema)
    return schema


schema, cases = load(sys.argv[1]), load(sys.argv[3])
if "--write" in sys.argv:
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(json.dumps(strict_of(schema), indent=2) + "\n")
strict = load(sys.argv[2])
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

wrong = []
if strict != strict_of(schema):
    wrong.append(f"{sys.argv[2]} is not what {sys.argv[1]} makes of it: run this test with --write")
strict_validator = jsonschema.Draft202012Validator(strict)
for place in ([], ["abi"], ["network"], ["fields", 0], ["fields", 0, "choices", 1], ["fields", 2, "visible_when"],
              ["permissions", 1]):
    misspelt = copy.deepcopy(cases["base"])
    parent = misspelt
    for key in place:
        parent = parent[key]
    parent["requird"] = True
    if not validator_accepts(schema, misspelt) or validator_accepts(strict, misspelt):
        wrong.append(f"a misspelt key in {place}: the tolerant schema accepts it, the strict one does not")
if not validator.is_valid(cases["base"]):
    wrong.append("the base manifest: refused")
for case in cases["cases"]:
    wanted = "problem" not in case or case.get("beyond_schema", False)
    if validator.is_valid(changed(cases["base"], case)) != wanted:
        wrong.append(f"{case['title']}: {'refused' if wanted else 'accepted'}")
manifests = glob.glob(os.path.join(sys.argv[4], "*", "manifest.json"))
if not manifests:
    wrong.append(f"{sys.argv[4]}: holds no plugin")
for path in manifests:
    wrong += [f"{path}: {error.json_path}: {error.message}" for error in strict_validator.iter_errors(load(path))]

print("\n".join(wrong) or f"{len(cases['cases'])} cases and {len(manifests)} manifests agree")
sys.exit(1 if wrong else 0)
