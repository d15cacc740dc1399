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
   const char *account;   /* required: the tenant, stable over time */
   const char *label;     /* the same, for people */
   const char *principal; /* required: the user within the account */
   const char *endpoint;  /* https address that answered */
} msp_identity;

typedef struct msp_header {
   const char *name;
   const char *value;
} msp_header;

/* What authenticates a request from now on. The values of the headers are secrets. */
typedef struct msp_session {
   uint32_t struct_size;
   uint32_t header_count;
   const char *base_url;      /* required, https, ends in a slash */
   const msp_header *headers; /* header_count of them */
   int64_t expires_at;        /* seconds since 1970-01-01T00:00Z; 0: does not expire */
} msp_session;

typedef struct msp_call msp_call;

/* The host's table for one operation. Valid until the operation returns, as is every text it hands out. */
struct msp_call {
   uint32_t struct_size;
   uint32_t reserved;
   void *host_data; /* the host's own; plugins leave it alone */

   /* The value of a field that is not secret, or NULL when it is absent, invisible or unknown.
    * Booleans are "true" or "false", integers are decimal. [call-thread] */
   const char *(MSP_CALL *setting)(const msp_call *call, const char *field_id) MSP_NOEXCEPT;

   /* The value of a secret field, or NULL. The host wipes it when the operation returns. [call-thread] */
   const char *(MSP_CALL *secret)(const msp_call *call, const char *field_id) MSP_NOEXCEPT;

   /* Milliseconds until the deadline; 0 once it has passed or the host has cancelled. Work that does not go through
    * msp.http/1 asks at least ten times a second and returns on 0. [any-thread] */
   uint32_t (MSP_CALL *remaining_ms)(const msp_call *call) MSP_NOEXCEPT;

   /* What is being done now, one short sentence for people. [call-thread] */
   void (MSP_CALL *progress)(const msp_call *call, const char *sentence) MSP_NOEXCEPT;

   /* The four reports. A malformed one is answered by the host with the finding "plugin.defect". [call-thread] */
   void (MSP_CALL *report_finding)(const msp_call *call, const msp_finding *finding) MSP_NOEXCEPT;
   void (MSP_CALL *report_permission)(const msp_call *call, const msp_grant *grant) MSP_NOEXCEPT;
   void (MSP_CALL *report_identity)(const msp_call *call, const msp_identity *identity) MSP_NOEXCEPT;
   void (MSP_CALL *report_session)(const msp_call *call, const msp_session *session) MSP_NOEXCEPT;
};

MSP_STATIC_ASSERT(sizeof(msp_finding) == 56, "layout is frozen");
MSP_STATIC_ASSERT(offsetof(msp_finding, http_status) == 48, "layout is frozen");
MSP_STATIC_ASSERT(sizeof(msp_grant) == 32, "layout is frozen");
MSP_STATIC_ASSERT(sizeof(msp_identity) == 40, "layout is frozen");
MSP_STATIC_ASSERT(sizeof(msp_header) == 16, "layout is frozen");
MSP_STATIC_ASSERT(sizeof(msp_session) == 32, "layout is frozen");
MSP_STATIC_ASSERT(offsetof(msp_session, expires_at) == 24, "layout is frozen");
MSP_STATIC_ASSERT(offsetof(msp_call, setting) == 16, "layout of 1.0 is frozen");
MSP_STATIC_ASSERT(offsetof(msp_call, report_session) == 72, "layout of 1.0 is frozen");

#endif
