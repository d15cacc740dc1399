#!/usr/bin/env python3
"""host_api/docs/REFERENCE.md is made from the manifest's schema, the headers of the contract and the codes of findings.

  reference_test.py ROOT            fails when the page is not what they say
  reference_test.py ROOT --write    writes the page
"""

import json
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
page = root / "host_api/docs/REFERENCE.md"
schema = json.loads((root / "host_api/schema/manifest.schema.json").read_text())

LIMITS = (("minLength", "at least {} characters"), ("maxLength", "at most {} characters"), ("minItems", "at least {} entries"),
          ("maxItems", "at most {} entries"), ("minimum", "from {}"), ("maximum", "to {}"))
SHAPES = {"line": "text", "shown_line": "text", "text": "text", "shown_text": "text", "https_url": "https address",
          "id": "id", "permission_id": "id", "host": "host", "integer": "integer", "field": "object",
          "choice": "object", "condition": "object", "permission": "object", "conditions": "list of conditions"}


def resolved(value):
    name = value.get("$ref", "").rsplit("/", 1)[-1]
    return name, {**schema["$defs"].get(name, {}), **value}


def shape(value):
    name, whole = resolved(value)
    if "const" in whole:
        return f"`{json.dumps(whole['const'])}`"
    if "enum" in whole:
        return " ".join(f"`{json.dumps(one)}`" for one in whole["enum"])
    kind = SHAPES.get(name, whole.get("type", "any"))
    if whole.get("type") == "array" and name != "conditions":
        kind = f"list of {shape(whole.get('items', {}))}"
    limits = [words.format(f"{whole[key]:,}") for key, words in LIMITS
              if key in whole and kind not in ("id", "host") and abs(whole[key]) < 2**62]
    return ", ".join([kind, *limits])


def keys(title, of):
    required = set(of.get("required", []))
    lines = [f"### {title}", "", "| key | value | |", "|---|---|---|"]
    for key, value in of["properties"].items():
        must = "required. " if key in required else ""
        lines.append(f"| `{key}` | {shape(value)} | {must}{value.get('description', '')} |".replace("  |", " |"))
    return lines + [""]


def constants(header, first, last):
    """The definitions from one name to another, with what their comments say."""
    text = (root / "host_api/include/msp" / header).read_text()
    lines = ["| | value | |", "|---|---|---|"]
    inside = False
    for name, value, comment in re.findall(r"^#define (MSP_\w+) +(\d+u?) *(?:/\* (.*?) *(?:\*/|$))?$", text, flags=re.M):
        inside = inside or name == first
        if inside:
            lines.append(f"| `{name}` | {value.rstrip('u')} | {comment} |".replace("|  |", "| |"))
        if name == last:
            return lines + [""]
    raise SystemExit(f"{header} has no {first} to {last}")


def codes():
    text = (root / "host_api/src/base/finding_codes.cpp").read_text()
    lines = ["| code | what it says |", "|---|---|"]
    for code, meaning in re.findall(r'^ +"([a-z._]+)", *(?:// (.+))?$', text, flags=re.M):
        if not meaning:
            raise SystemExit(f"finding_codes.cpp does not say what {code} means")
        lines.append(f"| `{code}` | {meaning} |")
    return lines + [""]


lines = ["# Reference", "",
         "Made by `tests/reference_test.py` from `schema/manifest.schema.json` and the headers, and from the host's list of codes; [ABI.md](ABI.md) has the rules.",
         "", "## Manifest", "", schema["description"], ""]
lines += keys("The whole", schema)
for name in ("abi", "network"):
    lines += keys(f"`{name}`", schema["properties"][name])
for name, title in (("field", "A field"), ("choice", "A choice of a field"), ("permission", "A permission"),
                    ("condition", "A condition of `visible_when` and `when`")):
    lines += keys(title, schema["$defs"][name])
lines += ["## Outcomes of an operation", "", *constants("abi.h", "MSP_ACCEPTED", "MSP_FAILED")]
lines += ["## Results of a service", "", *constants("abi.h", "MSP_DONE", "MSP_UNABLE")]
lines += ["## Findings", "", *constants("call.h", "MSP_ERROR", "MSP_INFO")]
lines += ["## Codes of findings", "", "Whose they are to say is in [ABI.md](ABI.md#finding-codes).", "", *codes()]
lines += ["## Grants", "", *constants("call.h", "MSP_GRANTED_UNKNOWN", "MSP_HOW_PROBED")]
lines += ["## What is known of a request", "", *constants("http.h", "MSP_HTTP_ANSWERED", "MSP_HTTP_LOST")]
text = "\n".join(lines)

if sys.argv[2:] == ["--write"]:
    page.write_text(text)
elif not page.exists() or page.read_text() != text:
    print("REFERENCE.md is not what the schema and the headers say. Run: tests/reference_test.py . --write")
    sys.exit(1)
