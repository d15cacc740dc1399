"""The author's kit, out of tree: what is installed, and nothing else of this project.

Usage: kit.py zoo ZOO_JSON BUILD | templates LANGUAGE BUILD | manifest BUILD | authors BUILD | limits BUILD | mistakes BUILD | signatures BUILD | host BUILD | fetch SOURCE | gold PLUGIN DIRECTORY BUILD
       | document SOURCE BUILD [--write]
Each works in a directory of its own that is removed at the end. Exit code 77: what it needs is not on this machine.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

CODE = "com_acme_helpdesk"


def run(*command, cwd=None, code=0):
    """Its output. Ends the test when it ends with another exit code than `code` (None: any)."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd or pathlib.Path.cwd()), "LC_ALL": "C.UTF-8"}
    environment.update({name: os.environ[name] for name in ("CARGO_HOME", "RUSTUP_HOME", "CMAKE_PREFIX_PATH", "PKG_CONFIG_PATH") if name in os.environ})
    if "RUSTUP_HOME" not in environment and "HOME" in os.environ:
        environment["RUSTUP_HOME"] = os.environ["HOME"] + "/.rustup"
        environment["CARGO_HOME"] = os.environ["HOME"] + "/.cargo"
    ended = subprocess.run([str(word) for word in command], cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240)
    if code is not None and ended.returncode != code:
        sys.exit(f"{' '.join(map(str, command))}: exit code {ended.returncode}\n{ended.stdout}")
    return ended.stdout


def install(build, scratch):
    prefix = scratch / "prefix"
    run("cmake", "--install", build, "--prefix", prefix)
    return prefix


def new(prefix, directory, language):
    run(prefix / "bin/msp-plugin", "new", directory, "--id", CODE, "--lang", language)
    return directory


def build_by_cmake(directory, prefix, code=0):
    run("cmake", "-S", directory, "-B", directory / "build", f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Debug")
    return run("cmake", "--build", directory / "build", code=code)


def use_in_console(prefix, library, directory, scratch):
    """The installed console enables the dropped library and adds an integration with a scripted platform."""
    plugins = scratch / "plugins"
    plugins.mkdir(mode=0o700)
    shutil.copy(library, plugins)
    (plugins / library.name).chmod(0o700)
    ready = scratch / "ready.json"
    with subprocess.Popen([prefix / "bin/msp-sim", "script", directory / "script.json", "--ready-file", ready,
                           "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as platform:
        platform.stdout.readline()  # it listens
        platform.stdout.readline()
        options = json.loads(ready.read_text())["console_options"]
        console = [prefix / "bin/msp-console", "--data-dir", scratch / "data", "--plugin-dir", plugins, *options]
        secret = scratch / "secret"
        secret.write_text("throw-away-1")
        secret.chmod(0o600)
        run(*console, "plugin", "enable", CODE, "--yes")
        run(*console, "integration", "add", "--platform", CODE, "--secret", f"api_token=@file:{secret}")
        answer = run(*console, "integration", "request", "Integration with Acme Helpdesk", "GET", "me")
        assert '"account":"harbour-it"' in answer, answer
        secret.write_text("throw-away-2")
        refused = run(*console, "integration", "add", "--platform", CODE, "--name", "Another", "--secret",
                      f"api_token=@file:{secret}", code=None)
        assert "Write tickets" in refused, refused
        platform.stdin.close()


def templates(language, build, scratch):
    if language == "rust" and not shutil.which("cargo"):
        print("cargo is not installed")
        sys.exit(77)
    prefix = install(build, scratch)
    directory = new(prefix, scratch / "helpdesk", language)
    if language == "rust":
        run("cargo", "build", "--offline", "--release", cwd=directory)
        run("cargo", "test", "--offline", cwd=directory)
        library = directory / "target/release" / f"lib{CODE}.so"
    else:
        build_by_cmake(directory, prefix)
        run("ctest", "--test-dir", directory / "build", "--output-on-failure")
        library = directory / "build/plugins" / f"{CODE}.so"
    lines = sum(len(file.read_text().splitlines()) for file in directory.rglob("*.[ch]*") if "test" not in file.name
                and "build" not in file.parts) or len((directory / "src/lib.rs").read_text().splitlines())
    assert lines < 150, f"{lines} lines of code"
    judged = json.loads(run(prefix / "bin/msp-plugin", "check", library, "--exchange", directory / "script.json",
                            "--settings", directory / "settings.json", "--json"))
    assert judged["tier"] == "gold", judged
    use_in_console(prefix, library, directory, scratch)
    tried = run(prefix / "bin/msp-plugin", "try", library, "--exchange", directory / "script.json", "--secret",
                "api_token=throw-away-1")
    assert "GET https://api.acme.example/v1/me -> 200" in tried, tried


def make(prefix, directory, changes):
    """The C template with those changes, built by hand as AUTHORS.md shows it."""
    new(prefix, directory, "c")
    flags = []
    for file, old, text in changes:
        if file == "flags":
            flags.append(text)
            continue
        content = (directory / file).read_text().replace(CODE, "acme_helpdesk")
        assert old == "+" or old in content, f"{file} has no longer {old!r}"
        (directory / file).write_text(content + text if old == "+" else content.replace(old, text))
    cmake = prefix / "lib/cmake/msp"
    run("cmake", "-D", "INPUT=manifest.json", "-D", "OUTPUT=manifest.c", "-P", cmake / "MspEmbedManifest.cmake", cwd=directory)
    script = [] if "surplus" in flags else [f"-Wl,--version-script={cmake}/msp_plugin.map"]
    more = [word for flag in flags if flag != "surplus" for word in flag.split()]
    run("cc", "-shared", "-fPIC", "-fvisibility=hidden", "-I", prefix / "include", "plugin.c", "manifest.c", "-o", "plugin.so",
        "-Wl,-z,now", *script, *more, cwd=directory)
    return directory / "plugin.so"


def zoo(zoo_file, build, scratch):
    prefix = install(build, scratch)
    animals = json.loads(pathlib.Path(zoo_file).read_text())
    checks = {line.split()[0] for line in run(prefix / "bin/msp-plugin", "check", "--list").splitlines()}
    assert checks == set(animals), f"no plugin fails, or no check is: {checks ^ set(animals)}"

    def judge(name):
        directory = scratch / name
        library = make(prefix, directory, animals[name])
        judged = run(prefix / "bin/msp-plugin", "check", library, "--only", name, "--json", *(
            ["--exchange", directory / "script.json", "--settings", directory / "settings.json"]
            if name.split(".")[0] not in ("file", "manifest", "load", "table", "host", "life") else []), code=None)
        verdict = json.loads(judged)["checks"][0] if judged.startswith("{") else {"verdict": judged}
        return f"{name}: {verdict}" if verdict["verdict"] != "failed" else None

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        wrong = [each for each in pool.map(judge, animals) if each]
    assert not wrong, "\n".join(wrong)


def limits(build, scratch):
    """Nothing that a plugin does to its check's process holds up the checker."""
    prefix = install(build, scratch)
    for name, body, told in (
            ("deaf", "close(1); close(2); for (;;) sleep(1);", "did not end within 2 seconds"),
            ("loud", 'for (;;) puts("Hello");', "did not end within 2 seconds"),
            ("parent", "if (fork() == 0) sleep(60);", None)):
        library = make(prefix, scratch / name, [["plugin.c", "+", "#include <unistd.h>\n__attribute__((constructor)) static void "
                                                f"misbehave(void) {{ {body} }}\n"]])
        begun = time.monotonic()
        judged = run(prefix / "bin/msp-plugin", "check", library, "--only", "load.quick", "--limit", "2", code=None)
        assert time.monotonic() - begun < 50, f"{name} held up the checker"
        assert told is None or told in judged, judged


def mistakes(build, scratch):
    """A slip at the command line is one sentence that repeats no value."""
    program = pathlib.Path(build) / "bin/msp-plugin"
    library = pathlib.Path(build) / "plugins/autotask.so"
    for arguments, told in (
            ([], "A command is missing"), (["chek"], "There is no such command"), (["check"], "A file is missing"),
            (["try", library, "--secert", "password=hunter-2"], "There is no option --secert."),
            (["try", library, "--secert=hunter-2"], "There is no option --secert."),
            (["try", library, "hunter-2"], "an argument too many"),
            (["new", scratch / "x", "--id", "a", "--lang", "cobol"], "cobol"),
            (["check", scratch / "none.so"], "does not exist")):
        printed = run(program, *arguments, code=2)
        assert told in printed and "hunter-2" not in printed and printed.count("\n") == 1, printed


def manifest(build, scratch):
    prefix = install(build, scratch)
    directory = new(prefix, scratch / "helpdesk", "cpp")
    file = directory / "manifest.json"
    file.write_text(file.read_text().replace('"required": true', '"requird": true'))
    told = build_by_cmake(directory, prefix, code=None)
    assert "manifest.json: fields[0].requird: is not known." in told, told
    file.write_text(file.read_text().replace('"requird": true', '"required": 1'))
    told = run("cmake", "--build", directory / "build", code=None)
    assert "manifest.json: fields[0].required" in told, told


def signatures(build, scratch):
    """A plugin is signed in place, by whoever has the key; the installed console knows the publisher of an update."""
    program = build + "/bin/msp-plugin"
    keys = scratch / "mine.key", scratch / "theirs.key"
    names = [run(program, "keygen", key).splitlines()[0].removeprefix("Publisher: ") for key in keys]
    assert names[0] != names[1] and keys[0].stat().st_mode & 0o077 == 0, names
    before = keys[0].read_bytes()
    assert "is there" in run(program, "keygen", keys[0], code=2) and keys[0].read_bytes() == before

    plugins = scratch / "plugins"
    plugins.mkdir(mode=0o700)
    library = plugins / "autotask.so"
    shutil.copy(f"{build}/plugins/autotask.so", library)
    library.chmod(0o700)
    plain = library.read_bytes()
    assert "is not signed" in run(program, "verify", library, code=1)
    run(program, "sign", library, "--key", keys[1])
    run(program, "sign", library, "--key", keys[0])  # in place of the other's
    assert len(library.read_bytes()) == len(plain) + 112 and library.read_bytes().startswith(plain)
    assert library.stat().st_mode & 0o777 == 0o700
    assert names[0] in run(program, "verify", library, "--publisher", names[0])
    assert "another publisher" in run(program, "verify", library, "--publisher", names[1], code=1)
    assert "holds no key" in run(program, "sign", library, "--key", library, code=2)

    console = [build + "/bin/msp-console", "--data-dir", scratch / "data", "--plugin-dir", plugins]
    run(*console, "plugin", "enable", "autotask", "--yes")
    assert names[0] in run(*console, "plugin", "show", "autotask")
    run(program, "sign", library, "--key", keys[1])
    shown = run(*console, "plugin", "show", "autotask")
    assert names[1] in shown, shown

    library.write_bytes(library.read_bytes()[:-200] + b"x" + library.read_bytes()[-199:])
    assert "was changed" in run(program, "verify", library, code=1)


def authors(build, scratch):
    """Every command of AUTHORS.md, in its order, as somebody types it."""
    prefix = install(build, scratch)
    page = (prefix / "share/doc/msp/AUTHORS.md").read_text()
    blocks = re.findall(r"^```sh( rust)?\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 4, "the page has no commands"
    os.environ["PATH"] = f"{prefix}/bin:{os.environ['PATH']}"
    os.environ["CMAKE_PREFIX_PATH"] = str(prefix)
    for rust, block in blocks:
        if rust and not shutil.which("cargo"):
            continue
        for command in block.splitlines():
            run(*shlex.split(command), cwd=scratch)


def host(build, scratch):
    """A console of its own, with the installed host library: the program that INTEGRATORS.md shows."""
    prefix = install(build, scratch)
    (scratch / "CMakeLists.txt").write_text("""cmake_minimum_required(VERSION 3.25)
project(console LANGUAGES C CXX)
find_package(msp 1.0 REQUIRED COMPONENTS host)
add_executable(integrator ${msp_prefix}/share/doc/msp/integrator.cpp)
target_link_libraries(integrator PRIVATE msp::host)
""")
    run("cmake", "-S", scratch, "-B", scratch / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", scratch / "build")
    assert "Four arguments" in run(scratch / "build/integrator", code=1)
    os.environ["PKG_CONFIG_PATH"] = str(prefix / "lib/pkgconfig")
    flags = shlex.split(run("pkg-config", "--cflags", "--libs", "msp-host"))
    run("c++", "-std=c++20", prefix / "share/doc/msp/integrator.cpp", "-o", scratch / "by_hand", *flags)
    assert "Four arguments" in run(scratch / "by_hand", code=1)


def fetch(source, scratch):
    """As a part of a project that knows C++ only, with nothing but headers."""
    (scratch / "plugin.cpp").write_text("#include \"msp/msp.h\"\n"
                                        "extern \"C\" const msp_plugin* msp_plugin_entry(const msp_host*) noexcept { return nullptr; }\n")
    (scratch / "manifest.json").write_text("{}")
    (scratch / "CMakeLists.txt").write_text(f"""cmake_minimum_required(VERSION 3.25)
project(helpdesk LANGUAGES CXX)
include(FetchContent)
FetchContent_Declare(msp SOURCE_DIR {source})
FetchContent_MakeAvailable(msp)
msp_add_plugin(helpdesk MANIFEST manifest.json SOURCES plugin.cpp)
target_link_libraries(helpdesk PRIVATE msp::sdk)
""")
    hidden = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in ("CURL", "Boost", "spdlog", "OpenSSL")]
    run("cmake", "-S", scratch, "-B", scratch / "build", *hidden)
    run("cmake", "--build", scratch / "build")
    assert (scratch / "build/plugins/helpdesk.so").exists()


def gold(plugin, directory, build):
    """A plugin of ours, with the simulator of its platform."""
    build = pathlib.Path(build)
    exchange, settings = (pathlib.Path(directory) / f"{plugin}.{kind}.json" for kind in ("exchange", "settings"))
    judged = json.loads(run(build / "bin/msp-plugin", "check", build / "plugins" / f"{plugin}.so", "--exchange", exchange,
                            "--settings", settings, "--json"))
    assert judged["tier"] == "gold", judged


def document(source, build):
    made = run(pathlib.Path(build) / "bin/msp-plugin", "check", "--list", "--markdown")
    kept = pathlib.Path(source) / "host_api/docs/CHECKS.md"
    if "--write" in sys.argv:
        kept.write_text(made)
    assert kept.read_text() == made, "CHECKS.md is not what the program prints: msp-plugin check --list --markdown"


def main():
    what, *arguments = sys.argv[1:]
    if what == "document":
        return document(*arguments[:2])
    if what == "gold":
        return gold(*arguments)
    with tempfile.TemporaryDirectory(prefix="kit") as scratch:
        {"zoo": zoo, "templates": templates, "manifest": manifest, "fetch": fetch, "authors": authors, "limits": limits, "mistakes": mistakes, "host": host,
         "signatures": signatures}[what](*arguments, pathlib.Path(scratch))


main()
