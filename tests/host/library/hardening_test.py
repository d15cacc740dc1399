#!/usr/bin/env python3
"""hardening_test.py OPTIMISED FILE...: what the built files have of the means that MspHardening.cmake asks for.
OPTIMISED is 1 where the build is; only then the C library's checked functions are used."""
import struct
import sys

PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_GNU_STACK, PT_GNU_RELRO = 1, 2, 3, 0x6474E551, 0x6474E552
DT_NULL, DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_BIND_NOW, DT_FLAGS, DT_RPATH, DT_RUNPATH, DT_FLAGS_1 = 0, 5, 6, 10, 24, 30, 15, 29, 0x6FFFFFFB
ET_DYN, EM_X86_64, EM_AARCH64 = 3, 62, 183


def faults(name, optimised):
    with open(name, "rb") as file:
        data = file.read()
    kind, machine = struct.unpack_from("<HH", data, 16)
    table, = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    segments = [struct.unpack_from("<IIQQQQQQ", data, table + i * size) for i in range(count)]
    loads = [s for s in segments if s[0] == PT_LOAD]

    def offset(address):
        for _, _, start, virtual, _, length, _, _ in loads:
            if virtual <= address < virtual + length:
                return start + address - virtual
        raise ValueError("no such address")

    dynamic = {}
    for _, _, start, _, _, length, _, _ in (s for s in segments if s[0] == PT_DYNAMIC):
        for at in range(start, start + length, 16):
            tag, value = struct.unpack_from("<qQ", data, at)
            if tag == DT_NULL:
                break
            dynamic[tag] = value
    strings = offset(dynamic[DT_STRTAB])
    names = data[strings:strings + dynamic[DT_STRSZ]].split(b"\0")

    if kind != ET_DYN:
        yield "lies at a fixed address (no PIE)"
    if not (DT_BIND_NOW in dynamic or dynamic.get(DT_FLAGS, 0) & 8 or dynamic.get(DT_FLAGS_1, 0) & 1):
        yield "binds late (no -z now)"
    if not any(s[0] == PT_GNU_RELRO for s in segments):
        yield "has no RELRO"
    if any(s[0] == PT_GNU_STACK and s[1] & 1 for s in segments) or not any(s[0] == PT_GNU_STACK for s in segments):
        yield "has an executable stack"
    for segment in loads:
        if segment[1] & 3 == 3:
            yield "has memory that is writable and executable"
    if not any(s[1] & 1 == 0 and s[1] & 2 == 0 for s in loads):
        yield "has constants among its code (no -z separate-code)"
    if DT_RPATH in dynamic or DT_RUNPATH in dynamic:
        yield "has libraries searched in directories of its own"
    if b"__stack_chk_fail" not in names:
        yield "has no stack protector"
    # A small plugin calls no function that has a checked form; a program (with an interpreter) does.
    is_program = any(s[0] == PT_INTERP for s in segments)
    if optimised and is_program and not any(one.endswith(b"_chk") for one in names):
        yield "uses no checked function of the C library (_FORTIFY_SOURCE)"
    if b"libstdc++.so.6" in names and not any(b"glibcxx_assert_fail" in one for one in names):
        yield "uses the C++ library without its checks (_GLIBCXX_ASSERTIONS)"
    code = b"".join(data[s[2]:s[2] + s[5]] for s in loads if s[1] & 1)
    if machine == EM_X86_64 and code.count(b"\xf3\x0f\x1e\xfa") < 3:
        yield "has no marks for indirect branches (endbr64)"
    if machine == EM_AARCH64 and code.count(b"\x5f\x24\x03\xd5") + code.count(b"\x3f\x23\x03\xd5") < 3:
        yield "has no marks for indirect branches (bti, paciasp)"


def main():
    found = [f"{name} {fault}." for name in sys.argv[2:] for fault in faults(name, sys.argv[1] == "1")]
    print("\n".join(found) or "All are hardened.")
    return 1 if found or len(sys.argv) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())
