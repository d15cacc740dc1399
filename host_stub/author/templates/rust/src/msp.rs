// msp.rs - the msp plugin contract 1.0 for Rust: the tables as they are, and a safe layer for one-question plugins.
use std::ffi::{CStr, CString};
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

pub const ACCEPTED: i32 = 0;
pub const REFUSED: i32 = 1;
pub const THROTTLED: i32 = 4;
pub const UNAVAILABLE: i32 = 5;
pub const FAILED: i32 = 9;
pub const GRANTED_NONE: i32 = 1;
pub const GRANTED_ALL: i32 = 3;
pub const HOW_INTROSPECTED: i32 = 1;
const ERROR: i32 = 1;
const CALL_REJECTED: u32 = 1;
const HTTP_ANSWERED: u32 = 1;

#[repr(C)]
pub struct Host {
    struct_size: u32, abi_major: u32, abi_minor: u32, reserved: u32,
    host_data: *mut c_void, name: *const c_char, version: *const c_char,
    get_service: extern "C" fn(*const Host, *const c_char) -> *const c_void,
    log: extern "C" fn(*const Host, i32, *const c_char),
}
#[repr(C)]
struct RawFinding {
    struct_size: u32, severity: i32, code: *const c_char, field: *const c_char, summary: *const c_char,
    remedy: *const c_char, doc_url: *const c_char, http_status: i32, retry_after_s: i32,
}
#[repr(C)]
struct RawGrant { struct_size: u32, granted: i32, how: i32, reserved: u32, permission_id: *const c_char, evidence: *const c_char }
#[repr(C)]
struct RawIdentity {
    struct_size: u32, reserved: u32, account: *const c_char, label: *const c_char, principal: *const c_char,
    endpoint: *const c_char,
}
#[repr(C)]
struct Pair { name: *const c_char, value: *const c_char, flags: u32, reserved: u32 }
#[repr(C)]
struct RawSession {
    struct_size: u32, flags: u32, name: *const c_char, base_url: *const c_char, headers: *const Pair,
    query: *const Pair, header_count: u32, query_count: u32, rejected_statuses: *const i32,
    rejected_status_count: u32, reserved: u32, expires_at: i64,
}
#[repr(C)]
pub struct RawCall {
    struct_size: u32, flags: u32, host_data: *mut c_void,
    setting: extern "C" fn(*const RawCall, *const c_char) -> *const c_char,
    secret: extern "C" fn(*const RawCall, *const c_char) -> *const c_char,
    remaining_ms: extern "C" fn(*const RawCall) -> u32,
    wait: extern "C" fn(*const RawCall, u32) -> u32,
    progress: extern "C" fn(*const RawCall, *const c_char),
    report_finding: extern "C" fn(*const RawCall, *const RawFinding),
    report_permission: extern "C" fn(*const RawCall, *const RawGrant),
    report_identity: extern "C" fn(*const RawCall, *const RawIdentity),
    report_session: extern "C" fn(*const RawCall, *const RawSession),
}
#[repr(C)]
struct RawRequest {
    struct_size: u32, header_count: u32, method: *const c_char, url: *const c_char, headers: *const Pair,
    body: *const c_void, body_size: u64,
}
#[repr(C)]
struct RawResponse {
    struct_size: u32, flags: u32, status: i32, outcome: i32, host_data: *mut c_void, problem: *const RawFinding,
    header: extern "C" fn(*const RawResponse, *const c_char, u32) -> *const c_char,
    body: extern "C" fn(*const RawResponse, *mut u64) -> *const c_char,
}
#[repr(C)]
struct Http {
    struct_size: u32, reserved: u32,
    send: extern "C" fn(*const Host, *const RawCall, *const RawRequest, u32, *mut *const RawResponse),
}
#[repr(C)]
pub struct Plugin {
    pub struct_size: u32, pub abi_major: u32, pub abi_minor: u32, pub reserved: u32,
    pub create: extern "C" fn(*const Host) -> *mut c_void,
    pub destroy: extern "C" fn(*mut c_void),
    pub operations: [extern "C" fn(*mut c_void, *const RawCall) -> i32; 3], // validate, check permissions, authenticate
    pub get_extension: *const c_void,
}
unsafe impl Sync for Plugin {}

macro_rules! sizes { ($($kind:ty = $size:expr),*) => { $(const _: () = assert!(std::mem::size_of::<$kind>() == $size);)* } }
sizes!(Host = 56, RawFinding = 56, RawGrant = 32, RawIdentity = 40, Pair = 24, RawSession = 72, RawCall = 88,
       RawRequest = 48, RawResponse = 48, Http = 16, Plugin = 64);

fn text(of: &str) -> CString { CString::new(of.replace('\0', "")).unwrap_or_default() }

/// One operation: what may be asked, and where is reported. Good until it returns.
pub struct Call<'a> { host: &'a Host, raw: &'a RawCall }

/// What the platform answered.
pub struct Answer { pub status: i32, pub body: String, pub retry_after: i32 }

impl Call<'_> {
    pub fn rejected(&self) -> bool { self.raw.flags & CALL_REJECTED != 0 }

    pub fn secret(&self, field: &str) -> String {
        let value = (self.raw.secret)(self.raw, text(field).as_ptr());
        if value.is_null() { String::new() } else { unsafe { CStr::from_ptr(value) }.to_string_lossy().into_owned() }
    }

    pub fn progress(&self, sentence: &str) { (self.raw.progress)(self.raw, text(sentence).as_ptr()) }

    /// Reports why there is no yes, and hands the outcome through.
    pub fn end(&self, outcome: i32, answer: Option<&Answer>, code: &str, field: &str, summary: &str, remedy: &str) -> i32 {
        let (code, field_id, summary, remedy) = (text(code), text(field), text(summary), text(remedy));
        let finding = RawFinding {
            struct_size: 56, severity: ERROR, code: code.as_ptr(),
            field: if field.is_empty() { std::ptr::null() } else { field_id.as_ptr() },
            summary: summary.as_ptr(), remedy: remedy.as_ptr(), doc_url: std::ptr::null(),
            http_status: answer.map_or(0, |it| it.status), retry_after_s: answer.map_or(0, |it| it.retry_after),
        };
        (self.raw.report_finding)(self.raw, &finding);
        outcome
    }

    pub fn grant(&self, permission: &str, granted: i32, evidence: &str) {
        let (permission, evidence) = (text(permission), text(evidence));
        let grant = RawGrant {
            struct_size: 32, granted, how: HOW_INTROSPECTED, reserved: 0, permission_id: permission.as_ptr(),
            evidence: evidence.as_ptr(),
        };
        (self.raw.report_permission)(self.raw, &grant);
    }

    pub fn identity(&self, account: &str, label: &str, principal: &str, endpoint: &str) {
        let (account, label, principal, endpoint) = (text(account), text(label), text(principal), text(endpoint));
        let identity = RawIdentity {
            struct_size: 40, reserved: 0, account: account.as_ptr(), label: label.as_ptr(),
            principal: principal.as_ptr(), endpoint: endpoint.as_ptr(),
        };
        (self.raw.report_identity)(self.raw, &identity);
    }

    /// A session that one header authenticates and that does not expire.
    pub fn session(&self, base_url: &str, header: &str, value: &str) {
        let (base_url, header, value) = (text(base_url), text(header), text(value));
        let pair = Pair { name: header.as_ptr(), value: value.as_ptr(), flags: 0, reserved: 0 };
        let session = RawSession {
            struct_size: 72, flags: 0, name: std::ptr::null(), base_url: base_url.as_ptr(), headers: &pair,
            query: std::ptr::null(), header_count: 1, query_count: 0, rejected_statuses: std::ptr::null(),
            rejected_status_count: 0, reserved: 0, expires_at: 0,
        };
        (self.raw.report_session)(self.raw, &session);
    }

    /// The answer; without one the host has reported why, and the outcome is the operation's.
    pub fn get(&self, url: &str, header: &str, value: &str) -> Result<Answer, i32> {
        let http = (self.host.get_service)(self.host, b"msp.http/1\0".as_ptr().cast()).cast::<Http>();
        let (url, header, value) = (text(url), text(header), text(value));
        let pair = Pair { name: header.as_ptr(), value: value.as_ptr(), flags: 0, reserved: 0 };
        let request = RawRequest {
            struct_size: 48, header_count: 1, method: b"GET\0".as_ptr().cast(), url: url.as_ptr(), headers: &pair,
            body: std::ptr::null(), body_size: 0,
        };
        let mut answer = std::ptr::null();
        unsafe { ((*http).send)(self.host, self.raw, &request, 1, &mut answer) };
        let answer = unsafe { &*answer };
        if answer.flags & HTTP_ANSWERED == 0 {
            (self.raw.report_finding)(self.raw, answer.problem);
            return Err(answer.outcome);
        }
        let body = unsafe { CStr::from_ptr((answer.body)(answer, std::ptr::null_mut())) };
        let wait = (answer.header)(answer, b"Retry-After\0".as_ptr().cast(), 0);
        let wait = if wait.is_null() { String::new() } else { unsafe { CStr::from_ptr(wait) }.to_string_lossy().into_owned() };
        Ok(Answer { status: answer.status, body: body.to_string_lossy().into_owned(), retry_after: wait.parse().unwrap_or(0) })
    }
}

/// What stands behind the plugin's pointer: the host that made it, and the plugin's own state.
pub struct Held<State> { host: *const Host, state: State }

pub fn create<State: Default>(host: *const Host) -> *mut c_void {
    std::panic::set_hook(Box::new(|_| {})); // its text would go to standard error
    match catch_unwind(|| Box::into_raw(Box::new(Held { host, state: State::default() }))) {
        Ok(held) => held.cast(),
        Err(_) => std::ptr::null_mut(),
    }
}

pub fn destroy<State>(held: *mut c_void) { drop(unsafe { Box::from_raw(held.cast::<Held<State>>()) }) }

/// Runs one operation. A panic ends it as the plugin's own defect.
pub fn run<State>(held: *mut c_void, raw: *const RawCall, operation: fn(&mut State, &Call) -> i32) -> i32 {
    let held = unsafe { &mut *held.cast::<Held<State>>() };
    let call = Call { host: unsafe { &*held.host }, raw: unsafe { &*raw } };
    catch_unwind(AssertUnwindSafe(|| operation(&mut held.state, &call))).unwrap_or_else(|_| {
        call.end(FAILED, None, "plugin.defect", "", "The plugin stopped at an error of its own.",
                 "Report it to the plugin's author.")
    })
}
