/* A library that lacks something that a plugin needs; the definitions of the build say what. */
#include "msp/plugin.h"

#ifdef BROKEN_CALLS
int BROKEN_CALLS(void);
#endif

#ifndef BROKEN_MANIFEST
#define BROKEN_MANIFEST                                                                                      \
   "{\"manifest\":1,\"id\":\"broken\",\"name\":\"Broken\",\"version\":\"1\",\"vendor\":\"Test\",\"fields\":[]," \
   "\"abi\":{\"major\":1,\"minor_min\":0}}"
#endif

/* What a compiler would not let pass: a symbol of the contract in the wrong section. Written for either format. */
#if defined(_WIN32)
#define READ_ONLY                 ".section .rdata,\"dr\"\n"
#define OBJECT(name, value)       ".globl " name "\n" name ": " value "\n" \
                                  ".section .drectve,\"yni\"\n.ascii \" -export:" name ",data\"\n.text"
#else
#define READ_ONLY                 ".section .rodata\n"
#define OBJECT(name, value)       ".globl " name "\n.type " name ", @object\n" name ": " value "\n.text"
#endif

#if defined(BROKEN_WITHOUT_MANIFEST)
#elif defined(BROKEN_MANIFEST_IS_WRITABLE)
__asm__(".data\n" OBJECT("msp_plugin_manifest", ".asciz \"{}\""));
#elif defined(BROKEN_MANIFEST_IS_ENDLESS)
__asm__(READ_ONLY OBJECT("msp_plugin_manifest", ".fill 1100000, 1, 32"));
#else
const char msp_plugin_manifest[] = BROKEN_MANIFEST;
#endif

#if defined(BROKEN_WITHOUT_ENTRY)
#elif defined(BROKEN_ENTRY_IS_DATA)
__asm__(".data\n" OBJECT("msp_plugin_entry", ".quad 0"));
#else
const msp_plugin *MSP_CDECL msp_plugin_entry(const msp_host *host) {
   (void)host;
#ifdef BROKEN_CALLS
   BROKEN_CALLS();
#endif
   return NULL;
}
#endif
