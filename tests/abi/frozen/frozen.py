#!/usr/bin/env python3
"""The contract of 1.0 as it was frozen in host_api/abi/1.0, against that of today.

  frozen.py unchanged ROOT     the frozen files are those whose digests were kept with them
  frozen.py layout ROOT CC     every constant, size and offset of 1.0 is still the same
  frozen.py schema ROOT        a manifest of 1.0 is still a manifest
  frozen.py types ROOT CC      abidiff finds nothing but what was appended where that is allowed
  frozen.py touched ROOT CC    a changed contract is found: each of some changes fails its gate
  frozen.py write ROOT CC      freezes the contract of today; by hand, once

Exit code 77: what the test needs is not installed.
"""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# What a later minor may append to: the host's tables, and what is reported.
GROWING = {"msp_host", "msp_call", "msp_finding", "msp_grant", "msp_identity", "msp_session"}
MAY_RISE = {"MSP_ABI_MINOR"}


class Broken(Exception):
    pass


def headers(include):
    return sorted((include / "msp").glob("*.h"))


def structs(include):
    """The members of each struct, by its name."""
    found = {}
    for header in headers(include):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
        for name, body in re.findall(r"^(?:typedef )?struct (\w+) \{(.*?)^\}", text, flags=re.S | re.M):
            members = []
            for declaration in filter(None, map(str.strip, body.split(";"))):
                function = re.search(r"\(MSP_CDECL \*(\w+)\)", declaration)
                members.append(function[1] if function else re.search(r"(\w+)$", declaration)[1])
            found[name] = members
    return found


def constants(include):
    """The value of each as the header writes it, by its name."""
    found = {}
    for header in headers(include):
        found.update(re.findall(r"^#define (MSP_\w+) +(\d+u?|\"[^\"]*\")\s*(?:/\*|$)", header.read_text(), flags=re.M))
    return {name: value for name, value in sorted(found.items()) if name not in MAY_RISE}


def layout(include, compiler, scratch):
    """A line for everything that is frozen: kind, name, value. The compiler says the value."""
    lines = []
    for name, value in constants(include).items():
        form, wide = ("%s", "") if value.startswith('"') else ("%lld", "(long long)")
        lines.append(f'printf("constant {name} {form}\\n", {wide}{name});')
    for struct, members in sorted(structs(include).items()):
        lines.append(f'printf("size {struct} %zu\\n", sizeof({struct}));')
        for member in members:
            lines.append(f'printf("member {struct}.{member} %zu %zu\\n", offsetof({struct}, {member}), '
                         f"sizeof((({struct} *)0)->{member}));")
    program = scratch / "layout.c"
    program.write_text('#include <stdio.h>\n#include "msp/msp.h"\nint main(void) {\n' + "\n".join(lines) +
                       "\nreturn 0;\n}\n")
    binary = scratch / "layout"
    build = subprocess.run([compiler, "-std=c11", "-w", "-I", include, program, "-o", binary], capture_output=True,
                           text=True)
    if build.returncode != 0:
        raise Broken("the headers do not compile: " + build.stderr.splitlines()[0])
    return subprocess.run([binary], capture_output=True, text=True, check=True).stdout.splitlines()


def compare_layout(golden, today):
    now = {(kind, name): value for kind, name, value in (line.split(" ", 2) for line in today)}
    for kind, name, value in (line.split(" ", 2) for line in golden):
        found = now.get((kind, name))
        if found is None:
            raise Broken(f"{kind} {name} is gone")
        if kind == "size" and name in GROWING and int(found) >= int(value):
            continue
        if found != value:
            raise Broken(f"{kind} {name} was {value} and is {found}")


def compare_schema(old, new, place="manifest"):
    """Whatever was valid is valid: nothing is taken away, asked for in addition, or made narrower."""
    for key, value in old.get("properties", {}).items():
        if key not in new.get("properties", {}):
            raise Broken(f"{place}.{key} is gone")
        compare_schema(value, new["properties"][key], f"{place}.{key}")
    for key, value in old.get("$defs", old.get("definitions", {})).items():
        later = new.get("$defs", new.get("definitions", {}))
        if key not in later:
            raise Broken(f"{place}: the definition {key} is gone")
        compare_schema(value, later[key], f"{place}#{key}")
    if isinstance(old.get("items"), dict):
        compare_schema(old["items"], new.get("items", {}), place + "[]")
    if set(new.get("required", [])) - set(old.get("required", [])):
        raise Broken(f"{place} requires more than before")
    if old.get("type") != new.get("type"):
        raise Broken(f"{place} is of another type")
    if set(old.get("enum", [])) - set(new.get("enum", [])) and "enum" in new:
        raise Broken(f"{place} knows a word less")
    for bound, narrower in (("maxLength", int.__lt__), ("maxItems", int.__lt__), ("maximum", int.__lt__),
                            ("minLength", int.__gt__), ("minItems", int.__gt__), ("minimum", int.__gt__)):
        if bound in new and (bound not in old or narrower(int(new[bound]), int(old[bound]))):
            raise Broken(f"{place}: {bound} became narrower")
    if new.get("pattern") != old.get("pattern"):
        raise Broken(f"{place} has another pattern")


def library(include, compiler, scratch, name, grown):
    """Everything that crosses between host and plugin, as the debug information of a library."""
    source = scratch / f"{name}.c"
    objects = "\n".join(f"const {struct} of_{struct};" for struct in sorted(structs(include).keys() - grown))
    source.write_text('#include "msp/msp.h"\nconst char msp_plugin_manifest[] = "";\n'
                      "const msp_plugin *MSP_CDECL msp_plugin_entry(const msp_host *host) {\n"
                      "   (void)host;\n   return 0;\n}\n#pragma GCC visibility push(default)\n" + objects + "\n")
    result = scratch / f"{name}.so"
    subprocess.run([compiler, "-std=c11", "-w", "-g", "-shared", "-fPIC", "-I", include, source, "-o", result],
                   check=True)
    return result


def compare_types(old_include, new_include, compiler, scratch):
    members, today = structs(old_include), structs(new_include)
    grown = {name for name in GROWING if today[name] != members[name]}
    allowed = scratch / "allowed.ini"
    allowed.write_text("".join(f"[suppress_type]\nname = {name}\nhas_data_member_inserted_at = end\n\n"
                               for name in sorted(grown)))
    old = library(old_include, compiler, scratch, "frozen", grown)
    new = library(new_include, compiler, scratch, "today", grown)
    run = subprocess.run(["abidiff", "--suppressions", allowed, "--no-show-locs", "--no-added-syms", old, new],
                         capture_output=True, text=True)
    if run.returncode != 0:
        raise Broken("abidiff says:\n" + run.stdout + run.stderr)


CHANGES = [  # file, what stands there, what somebody makes of it, the gate that must fail
    ("call.h", "   const char *code;      /* required", "   const char *id;\n   const char *code;      /* required", "layout"),
    ("call.h", "   uint32_t flags;    /* MSP_PAIR_... */", "   uint64_t flags;    /* MSP_PAIR_... */", "layout"),
    ("call.h", "#define MSP_GRANTED_ALL        3", "#define MSP_GRANTED_ALL        4", "layout"),
    ("http.h", '#define MSP_HTTP_SERVICE "msp.http/1"', '#define MSP_HTTP_SERVICE "msp.http/2"', "layout"),
    ("http.h", "#define MSP_HTTP_LOST", "#define MSP_HTTP_MISSED", "layout"),
    ("plugin.h", "   msp_outcome (MSP_CDECL *authenticate)(msp_connection *connection, const msp_call *call)",
     "   msp_outcome (MSP_CDECL *authenticate)(const msp_call *call, msp_connection *connection)", "types"),
    ("digest.h", "msp_result (MSP_CDECL *random)(const msp_host *host, void *out, uint64_t size)",
     "msp_result (MSP_CDECL *random)(const msp_host *host, void *out, uint32_t size)", "types"),
    ("call.h", "   int64_t expires_at;", "   uint64_t expires_at;", "types"),
]


def touched(root, compiler, scratch):
    """Each change is found, and appending to what may grow is none."""
    frozen = root / "host_api/abi/1.0"

    def changed(file, old, new):
        include = scratch / "touched"
        shutil.rmtree(include, ignore_errors=True)
        shutil.copytree(frozen / "include", include)
        text = (include / "msp" / file).read_text()
        if old not in text:
            raise Broken(f"{file} does not hold {old!r}: mend the list of changes")
        text = re.sub(r"^MSP_STATIC_ASSERT\((?:sizeof\(msp|offsetof).*$", "", text.replace(old, new, 1), flags=re.M)
        (include / "msp" / file).write_text(text)
        return include

    def gate(name, include):
        if name == "layout":
            compare_layout((frozen / "layout.txt").read_text().splitlines(), layout(include, compiler, scratch))
        else:
            compare_types(frozen / "include", include, compiler, scratch)

    for file, old, new, name in CHANGES:
        try:
            gate(name, changed(file, old, new))
        except Broken as found:
            print(f"{file}: {str(found).splitlines()[0]}")
            continue
        raise Broken(f"{name} does not notice that {file} says {new!r}")
    last = "   const char *language;\n"
    longer = changed("call.h", last + "};", last + last.replace("language", "more") + "};")
    gate("layout", longer)
    gate("types", longer)


def digests(frozen):
    files = sorted(file for file in frozen.rglob("*") if file.is_file() and file.name not in ("SHA256SUMS", "README.md"))
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(frozen).as_posix()}\n"
                   for file in files)


def write(root, compiler, scratch):
    frozen = root / "host_api/abi/1.0"
    (frozen / "include/msp").mkdir(parents=True, exist_ok=True)
    for header in headers(root / "host_api/include"):
        shutil.copy(header, frozen / "include/msp")
    shutil.copy(root / "host_api/schema/manifest.schema.json", frozen)
    for kind in ("c", "json"):
        shutil.copy(root / f"tests/abi/plain_c_plugin.{kind}", frozen / f"plugin.{kind}")
    (frozen / "layout.txt").write_text("\n".join(layout(frozen / "include", compiler, scratch)) + "\n")
    (frozen / "symbols.txt").write_text("msp_plugin_entry\nmsp_plugin_manifest\n")
    (frozen / "SHA256SUMS").write_text(digests(frozen))


def main():
    command, root, compiler = sys.argv[1], pathlib.Path(sys.argv[2]), (sys.argv + ["cc"])[3]
    frozen = root / "host_api/abi/1.0"
    if command in ("types", "touched") and shutil.which("abidiff") is None:
        print("abidiff is not installed (Debian: abigail-tools)")
        return 77
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        try:
            if command == "unchanged":
                if (frozen / "SHA256SUMS").read_text() != digests(frozen):
                    raise Broken("a file of host_api/abi/1.0 was changed, added or removed: what is frozen stays")
            elif command == "layout":
                golden = (frozen / "layout.txt").read_text().splitlines()
                if layout(frozen / "include", compiler, scratch) != golden:
                    raise Broken("layout.txt does not say what the frozen headers say")
                compare_layout(golden, layout(root / "host_api/include", compiler, scratch))
            elif command == "schema":
                compare_schema(json.loads((frozen / "manifest.schema.json").read_text()),
                               json.loads((root / "host_api/schema/manifest.schema.json").read_text()))
            elif command == "types":
                compare_types(frozen / "include", root / "host_api/include", compiler, scratch)
            elif command == "touched":
                touched(root, compiler, scratch)
            elif command == "write":
                write(root, compiler, scratch)
            else:
                print(__doc__)
                return 2
        except Broken as found:
            print(f"The contract of 1.0 is broken: {found}")
            return 1
    return 0


sys.exit(main())
