/* msp/call.h - one operation as the plugin sees it: what it may ask, and where it reports.
 *
 * The host makes a call for every operation and passes it in. Results are reported into the call, never returned:
 * the host copies what it is given before the function returns, so no memory changes hands.
 * A member that is zero (NULL, 0) in a reported struct means "not given".
 */
#ifndef MSP_CALL_H
#define MSP_CALL_H

#include "abi.h"

/* Severity of a finding. An error explains why the outcome is not MSP_ACCEPTED. */
#define MSP_ERROR   1
#define MSP_WARNING 2
#define MSP_INFO    3

/* Something the administrator should know. docs/ABI.md lists the codes; a plugin's own are "<vendor>.<code>". */
typedef struct msp_finding {
   uint32_t struct_size;
   int32_t severity;      /* MSP_ERROR, MSP_WARNING or MSP_INFO */
   const char *code;      /* required, for example "auth.rejected" */
   const char *field;     /* id of the manifest's field it belongs to */
   const char *summary;   /* required: what happened, one or two sentences */
   const char *remedy;    /* what to do next; required for MSP_ERROR */
   const char *doc_url;   /* https page that says more */
   int32_t http_status;   /* of the platform's answer */
   int32_t retry_after_s; /* seconds after which trying again makes sense */
} msp_finding;

/* How far a right reaches, and how that became known. */
#define MSP_GRANTED_UNKNOWN    0 /* could not be found out; a finding says why */
#define MSP_GRANTED_NONE       1
#define MSP_GRANTED_RESTRICTED 2 /* under conditions that the platform sets */
#define MSP_GRANTED_ALL        3

#define MSP_HOW_NOT_STATED   0
#define MSP_HOW_INTROSPECTED 1 /* the platform's own statement about the user */
#define MSP_HOW_PROBED       2 /* a read-only request that needs the right was answered */

/* The verdict on one permission of the manifest. Each is reported once per check_permissions. */
typedef struct msp_grant {
   uint32_t struct_size;
   int32_t granted;           /* MSP_GRANTED_... */
   int32_t how;               /* MSP_HOW_... */
   uint32_t reserved;         /* 0 */
   const char *permission_id; /* required, as in the manifest */
   const char *evidence;      /* what was seen, for example "userAccessForUpdate=None" */
} msp_grant;

/* Who the credentials are. Two integrations with the same account and principal are one and the same. */
typedef struct msp_identity {
   uint32_t struct_size;
   uint32_t reserved;     /* 0 */
   const char *account;   /* the tenant, stable over time. NULL where the platform tells none: then the values of the
                           * manifest's fields marked "identity" stand for the account */
   const char *label;     /* the same, for people */
   const char *principal; /* required: the user within the account */
   const char *endpoint;  /* https address that answered */
} msp_identity;

/* A header, or a parameter of a query. The host treats every value as a secret and hides it in all texts, unless the
 * pair is marked as public. */
#define MSP_PAIR_PUBLIC 1u /* the value is no secret, for example an API version or a tenant's number */

typedef struct msp_pair {
   const char *name;
   const char *value;
   uint32_t flags;    /* MSP_PAIR_... */
   uint32_t reserved; /* 0 */
} msp_pair;

/* The platform reads the credentials in the body of every request, as SOAP does. The host cannot write them there: it
 * hands the session to the console's own code for this platform, and adds neither header nor parameter to a request. */
#define MSP_SESSION_IN_BODY 1u

/* The plugin signs each request that is sent under the session, by its extension msp.signer/1 (signer.h). Such a session
 * needs no credential of its own. */
#define MSP_SESSION_SIGNED 2u

/* What authenticates a request from now on: headers, parameters of the query, or both. */
typedef struct msp_session {
   uint32_t struct_size;
   uint32_t flags;          /* MSP_SESSION_... */
   const char *name;        /* NULL for the session that every plugin reports. Others, such as one for a second server,
                             * have a name of a-z, 0-9 and _, at most 64 bytes: a request chooses them by it */
   const char *base_url;    /* required, https, ends in a slash, has no query */
   const msp_pair *headers; /* header_count of them */
   const msp_pair *query;   /* query_count of them, unescaped; the host escapes them */
   uint32_t header_count;
   uint32_t query_count;
   const int32_t *rejected_statuses; /* rejected_status_count of them: an answer of this status means that the session
                                      * is no longer good. 401 always does */
   uint32_t rejected_status_count;
   uint32_t reserved;  /* 0 */
   int64_t expires_at; /* seconds since 1970-01-01T00:00Z; 0: does not expire */
} msp_session;

/* Why and for whom an operation runs. A plugin ignores bits that it does not know. */
#define MSP_CALL_REJECTED 1u /* the platform rejected a session that authenticate reported last: open other ones */
#define MSP_CALL_ATTENDED 2u /* a person waits for the operation and may be asked something */

typedef struct msp_call msp_call;

/* The host's table for one operation. Valid until the operation returns, as is every text it hands out. */
struct msp_call {
   uint32_t struct_size;
   uint32_t flags;  /* MSP_CALL_... */
   void *host_data; /* the host's own; plugins leave it alone */

   /* The value of a field that is not secret, or NULL when the field is empty or invisible.
    * Booleans are "true" or "false", integers are decimal. REQUIRES: the manifest names the field. [call-thread] */
   const char *(MSP_CDECL *setting)(const msp_call *call, const char *field_id) MSP_NOEXCEPT;

   /* The value of a secret field, likewise. The host wipes it when the operation returns. [call-thread] */
   const char *(MSP_CDECL *secret)(const msp_call *call, const char *field_id) MSP_NOEXCEPT;

   /* Milliseconds until the deadline; 0 once it has passed or the host has cancelled. Work that does not go through
    * msp.http/1 asks at least ten times a second and returns on 0. [call-thread] */
   uint32_t (MSP_CDECL *remaining_ms)(const msp_call *call) MSP_NOEXCEPT;

   /* Waits `ms` milliseconds, or until the deadline or a cancel if that comes first. Returns what remaining_ms returns
    * then. [call-thread] */
   uint32_t (MSP_CDECL *wait)(const msp_call *call, uint32_t ms) MSP_NOEXCEPT;

   /* What is being done now, one short sentence for people. [call-thread] */
   void (MSP_CDECL *progress)(const msp_call *call, const char *sentence) MSP_NOEXCEPT;

   /* The four reports. The host copies them before the function returns, and answers a malformed one with the finding
    * "plugin.defect". [call-thread] */
   void (MSP_CDECL *report_finding)(const msp_call *call, const msp_finding *finding) MSP_NOEXCEPT;
   void (MSP_CDECL *report_permission)(const msp_call *call, const msp_grant *grant) MSP_NOEXCEPT;
   void (MSP_CDECL *report_identity)(const msp_call *call, const msp_identity *identity) MSP_NOEXCEPT;
   void (MSP_CDECL *report_session)(const msp_call *call, const msp_session *session) MSP_NOEXCEPT;

   /* The language of whoever reads the findings: one of the manifest's own (`language`, or a name under `texts`), as it
    * is written there. Never NULL. */
   const char *language;
};

MSP_STATIC_ASSERT(offsetof(msp_finding, retry_after_s) == 52, "layout of 1.0 is frozen");
MSP_STATIC_ASSERT(offsetof(msp_grant, evidence) == 24, "layout of 1.0 is frozen");
MSP_STATIC_ASSERT(offsetof(msp_identity, endpoint) == 32, "layout of 1.0 is frozen");
MSP_STATIC_ASSERT(sizeof(msp_pair) == 24, "frozen at 1.0");
MSP_STATIC_ASSERT(offsetof(msp_session, expires_at) == 64, "layout of 1.0 is frozen");
MSP_STATIC_ASSERT(offsetof(msp_call, setting) == 16, "layout of 1.0 is frozen");
MSP_STATIC_ASSERT(offsetof(msp_call, report_session) == 80, "layout of 1.0 is frozen");
MSP_STATIC_ASSERT(offsetof(msp_call, language) == 88, "layout of 1.0 is frozen");

#endif
