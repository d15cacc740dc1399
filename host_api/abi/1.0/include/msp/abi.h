/* msp/abi.h - what every other header of the contract stands on: the version, the calling convention,
 * the outcome of an operation and the result of a service.
 *
 * The contract is C11, 64-bit only, little-endian or big-endian as the machine is. Every text that crosses it is
 * plain, NUL-terminated UTF-8: no HTML, no terminal codes. The rules P... (plugin) and H... (host) of docs/ABI.md say
 * what each side owes the other, and what surrounds a plugin while it runs.
 *
 * Thread tags. [call-thread]: on the thread on which the host called the plugin, before that call returns. A plugin
 * starts no thread, so this is all that a plugin needs to know. [serial]: the host calls it on one thread at a time.
 */
#ifndef MSP_ABI_H
#define MSP_ABI_H

#include <stddef.h>
#include <stdint.h>

/* The version of the contract. Majors must be equal on both sides; a minor only ever adds.
 * The build reads these two lines: the version is written nowhere else. */
#define MSP_ABI_MAJOR 1
#define MSP_ABI_MINOR 0

#if defined(_WIN32)
#define MSP_CDECL   __cdecl
#define MSP_EXPORT_ __declspec(dllexport)
#else
#define MSP_CDECL
#define MSP_EXPORT_ __attribute__((visibility("default")))
#endif

/* MSP_EXPORT declares one of the two symbols that a plugin exports. MSP_NOEXCEPT is part of every function type:
 * in C++ a function that may throw does not convert to it, so an exception cannot cross by mistake. */
#if defined(__cplusplus)
#define MSP_EXPORT                         extern "C" MSP_EXPORT_
#define MSP_NOEXCEPT                       noexcept
#define MSP_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#define MSP_EXPORT extern MSP_EXPORT_
#define MSP_NOEXCEPT
#define MSP_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

/* Whether the other side's table is long enough to hold `member`. Needed only for members that a later minor
 * appended: those of 1.0 are always there. The table starts with its own size in bytes, `struct_size`. */
#define MSP_HAS(table, member) \
   ((size_t)(table)->struct_size >= (size_t)((const char *)(&(table)->member + 1) - (const char *)(table)))

/* How an operation ended. The first two are answers of the platform; all others say why there is none.
 * Every outcome but MSP_ACCEPTED comes with at least one reported finding of severity MSP_ERROR. */
typedef int32_t msp_outcome;

#define MSP_ACCEPTED         0 /* the platform said yes */
#define MSP_REFUSED          1 /* the platform said no: wrong credentials, or a right is missing */
#define MSP_INVALID_SETTINGS 2 /* a setting cannot be right; nothing was sent */
#define MSP_UNREACHABLE      3 /* no connection: name, network, proxy, certificate */
#define MSP_THROTTLED        4 /* the platform asks to come back later */
#define MSP_UNAVAILABLE      5 /* the platform answered, but not with sense: 5xx, HTML, truncated */
#define MSP_CANCELLED        6 /* the host cancelled the operation */
#define MSP_TIMED_OUT        7 /* the operation's deadline passed */
#define MSP_INCOMPATIBLE     8 /* this plugin cannot work with this host, or with this platform */
#define MSP_FAILED           9 /* the plugin's own defect */

/* What became of a request to a service of the host. It says nothing about the platform. */
typedef int32_t msp_result;

#define MSP_DONE          0
#define MSP_UNSUPPORTED   1 /* this service does not know what was asked for, such as an algorithm */
#define MSP_OUT_OF_BOUNDS 2 /* too large, too small, or NULL where something is required */
#define MSP_UNABLE        3 /* the host's system could not do it */

MSP_STATIC_ASSERT(sizeof(void *) == 8, "the contract is 64-bit only");
MSP_STATIC_ASSERT(sizeof(size_t) == 8, "the contract is 64-bit only");

#endif
