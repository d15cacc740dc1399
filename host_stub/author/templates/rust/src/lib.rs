// lib.rs - Acme Helpdesk with an API token.
mod msp;

use msp::{Answer, Call};
use std::os::raw::c_void;

const API: &str = "https://api.acme.example/v1/";

#[derive(Default)]
struct Connection { account: String, name: String, user: String, may: String } // empty before the platform was asked

/// The text member of a flat JSON object, without escapes. A platform with richer answers deserves a JSON reader.
fn read_text(json: &str, key: &str) -> Option<String> {
    let quoted = format!("\"{key}\":\"");
    let begin = json.find(&quoted)? + quoted.len();
    let value = &json[begin..begin + json[begin..].find('"')?];
    if value.is_empty() || value.contains('\\') { None } else { Some(value.to_string()) }
}

fn bearer(call: &Call) -> String { format!("Bearer {}", call.secret("api_token")) }

impl Connection {
    fn validate_credentials(&mut self, call: &Call) -> i32 {
        let outcome = self.sign_in(call);
        if outcome == msp::ACCEPTED { call.identity(&self.account, &self.name, &self.user, API) }
        outcome
    }

    fn check_permissions(&mut self, call: &Call) -> i32 {
        let outcome = self.sign_in(call);
        if outcome != msp::ACCEPTED { return outcome }
        for right in ["tickets.read", "tickets.write"] {
            let granted = self.may.split(' ').any(|each| each == right);
            call.grant(right, if granted { msp::GRANTED_ALL } else { msp::GRANTED_NONE }, &format!("may: {}", self.may));
        }
        outcome
    }

    fn authenticate(&mut self, call: &Call) -> i32 {
        // Rejected meanwhile? Then what is known of the token is old.
        if call.rejected() { self.account.clear() }
        let outcome = self.sign_in(call);
        if outcome == msp::ACCEPTED { call.session(API, "Authorization", &bearer(call)) }
        outcome
    }

    /// The one question there is. Each operation needs its answer, and only the first one asks.
    fn sign_in(&mut self, call: &Call) -> i32 {
        if !self.account.is_empty() { return msp::ACCEPTED }
        call.progress("Asking Acme Helpdesk whose token it is");
        match call.get(&format!("{API}me"), "Authorization", &bearer(call)) {
            Ok(answer) => self.read(call, &answer),
            Err(outcome) => outcome,
        }
    }

    fn read(&mut self, call: &Call, answer: &Answer) -> i32 {
        if answer.status == 401 {
            return call.end(msp::REFUSED, Some(answer), "auth.rejected", "api_token",
                            "Acme Helpdesk does not accept this API token.",
                            "Create a new token under Settings, API, and enter it here.");
        }
        if answer.status == 429 {
            return call.end(msp::THROTTLED, Some(answer), "platform.throttled", "",
                            "Acme Helpdesk is receiving too many requests at the moment.",
                            "Wait a few minutes, then try again.");
        }
        match (answer.status, read_text(&answer.body, "account"), read_text(&answer.body, "user")) {
            (200, Some(account), Some(user)) => {
                self.name = read_text(&answer.body, "name").unwrap_or_default();
                self.may = read_text(&answer.body, "may").unwrap_or_default();
                self.user = user;
                self.account = account;
                msp::ACCEPTED
            }
            _ => call.end(msp::UNAVAILABLE, Some(answer), "platform.unexpected_response", "",
                          "Acme Helpdesk did not say whose token it is.", "Try again later."),
        }
    }
}

const MANIFEST: &[u8] = include_bytes!("../manifest.json");

/// With the NUL that the host looks for.
#[no_mangle]
#[allow(non_upper_case_globals)]
pub static msp_plugin_manifest: [u8; MANIFEST.len() + 1] = {
    let mut text = [0; MANIFEST.len() + 1];
    let mut i = 0;
    while i < MANIFEST.len() { text[i] = MANIFEST[i]; i += 1 }
    text
};

extern "C" fn create(host: *const msp::Host) -> *mut c_void { msp::create::<Connection>(host) }
extern "C" fn destroy(held: *mut c_void) { msp::destroy::<Connection>(held) }
extern "C" fn validate_credentials(held: *mut c_void, call: *const msp::RawCall) -> i32 { msp::run(held, call, Connection::validate_credentials) }
extern "C" fn check_permissions(held: *mut c_void, call: *const msp::RawCall) -> i32 { msp::run(held, call, Connection::check_permissions) }
extern "C" fn authenticate(held: *mut c_void, call: *const msp::RawCall) -> i32 { msp::run(held, call, Connection::authenticate) }

static TABLE: msp::Plugin = msp::Plugin {
    struct_size: 64, abi_major: 1, abi_minor: 0, reserved: 0, create, destroy,
    operations: [validate_credentials, check_permissions, authenticate], get_extension: std::ptr::null(),
};

#[no_mangle]
pub extern "C" fn msp_plugin_entry(_host: *const msp::Host) -> *const msp::Plugin { &TABLE }

#[cfg(test)]
mod tests {
    use super::read_text;

    #[test]
    fn members_of_a_flat_object_are_read() {
        assert_eq!(read_text(r#"{"account":"harbour-it","user":""}"#, "account").as_deref(), Some("harbour-it"));
        assert_eq!(read_text(r#"{"account":"harbour-it","user":""}"#, "user"), None);
        assert_eq!(read_text("<html>", "account"), None);
    }
}
