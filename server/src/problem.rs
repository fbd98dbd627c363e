//! Problem documents (RFC 9457). Handlers answer a [`Problem`]; a layer gives it its words in the client's language and the
//! request's id.
//!
//! `code` is stable; programs go by it. What went wrong inside goes to the log, never into the answer.

use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lianxin_shared::texts::{Lang, Texts};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::StoreError;

/// When to try again where nothing else is known.
const SOON: Duration = Duration::from_secs(5);

/// The header that names a request, in requests and answers.
pub const REQUEST_ID: &str = "x-request-id";

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:ident $code:literal;)*) => {
        /// Why a request was not answered. The words are the messages `problem-CODE` and `problem-CODE-detail`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Problem { $($(#[$doc])* $name,)* }

        impl Problem {
            /// Every problem.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Its status.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }
        }
    };
}

problems! {
    /// The first frame cannot be read.
    FrameInvalid = BAD_REQUEST "frame-invalid";
    /// The first message is no hello.
    MessageUnexpected = BAD_REQUEST "message-unexpected";
    /// A foreign version of the protocol.
    ProtocolUnsupported = UPGRADE_REQUIRED "protocol-unsupported";
    /// More bytes than the server reads.
    BodyTooLarge = PAYLOAD_TOO_LARGE "body-too-large";
    /// A parameter or body that is not what it should be.
    RequestInvalid = BAD_REQUEST "request-invalid";
    /// Bytes that are no envelopes.
    ParcelInvalid = BAD_REQUEST "parcel-invalid";
    /// No session, or one that has ended.
    SignInNeeded = UNAUTHORIZED "sign-in-needed";
    /// A session that the office withdrew: the device destroys its key of the user's vault.
    Withdrawn = UNAUTHORIZED "withdrawn";
    /// No code of the office's, or one that is spent or has ended.
    DeviceCodeWrong = UNAUTHORIZED "device-code-wrong";
    /// No ticket of the server's, or one that is spent, has ended or is for another address.
    TicketInvalid = UNAUTHORIZED "ticket-invalid";
    /// A wrong name or password.
    CredentialsWrong = UNAUTHORIZED "credentials-wrong";
    /// The password is right, and the account asks for a code besides it.
    CodeNeeded = FORBIDDEN "code-needed";
    /// A code that is wrong, over, or used.
    CodeWrong = FORBIDDEN "code-wrong";
    /// The district asks for a code besides the password, and this account has none yet.
    SecondOwed = FORBIDDEN "second-owed";
    /// Not the password of whoever is signed in.
    PasswordWrong = FORBIDDEN "password-wrong";
    /// Too many wrong passwords in a short time.
    TooManyAttempts = TOO_MANY_REQUESTS "too-many-attempts";
    /// An account or a device that asks too fast.
    TooFast = TOO_MANY_REQUESTS "too-fast";
    /// There is too much to do; this was not begun.
    Overloaded = SERVICE_UNAVAILABLE "overloaded";
    /// Signed in, but not for this.
    Forbidden = FORBIDDEN "forbidden";
    /// More records than a sheet takes.
    ExportTooLarge = UNPROCESSABLE_ENTITY "export-too-large";
    /// A file that is no workbook, or one beyond all bounds.
    WorkbookUnreadable = UNPROCESSABLE_ENTITY "workbook-unreadable";
    /// No such document, or none for this user.
    DocumentUnknown = NOT_FOUND "document-unknown";
    /// No such file, or none for this user.
    FileUnknown = NOT_FOUND "file-unknown";
    /// A record names it, and it has not come yet.
    FileNotHere = NOT_FOUND "file-not-here";
    /// The bytes are not what the record says.
    FileWrong = UNPROCESSABLE_ENTITY "file-wrong";
    /// The bytes do not go on where those that are here end.
    OffsetWrong = CONFLICT "offset-wrong";
    /// A piece of another media type than tus has.
    UploadTypeUnsupported = UNSUPPORTED_MEDIA_TYPE "upload-type-unsupported";
    /// Another version of tus, or none.
    TusUnsupported = PRECONDITION_FAILED "tus-unsupported";
    /// There is an account of that name, or nobody may have it.
    AccountExists = CONFLICT "account-exists";
    /// No such account.
    AccountUnknown = NOT_FOUND "account-unknown";
    /// A password that is too easily guessed.
    PasswordWeak = UNPROCESSABLE_ENTITY "password-weak";
    /// No such session of that account.
    SessionUnknown = NOT_FOUND "session-unknown";
    /// Nobody withdraws the very device that they do it on.
    SessionOwn = CONFLICT "session-own";
    /// Nobody shuts out themselves.
    AccountOwn = CONFLICT "account-own";
    /// No such address.
    AddressUnknown = NOT_FOUND "address-unknown";
    /// No district is found under this name.
    HostUnknown = NOT_FOUND "host-unknown";
    /// The address does not do this.
    MethodUnknown = METHOD_NOT_ALLOWED "method-unknown";
    /// The database does not do it now.
    Unavailable = SERVICE_UNAVAILABLE "unavailable";
    /// A fault of the server's own.
    Internal = INTERNAL_SERVER_ERROR "internal";
}

/// A problem as it is sent (RFC 9457).
#[derive(Serialize, ToSchema)]
pub struct ProblemDocument {
    #[serde(rename = "type")]
    kind: &'static str,
    /// What is the matter, in the client's language.
    title: String,
    status: u16,
    /// What to do next.
    detail: String,
    /// Stable; programs go by it.
    code: &'static str,
    /// The request's id, to be found in the log.
    request_id: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem that may say when to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    problem: Problem,
    wait: Option<Duration>,
}

impl Refused {
    /// For now: the same may be answered after so long.
    pub const fn later(problem: Problem, wait: Duration) -> Self {
        Self {
            problem,
            wait: Some(wait),
        }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, wait: None }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.problem.into_response();
        if let Some(wait) = self.wait {
            response.extensions_mut().insert(RetryAfter(wait));
        }
        response
    }
}

/// When to try again, as a refusal says.
#[derive(Clone, Copy)]
struct RetryAfter(Duration);

impl RetryAfter {
    /// Whole seconds, and not before the time.
    fn header(self) -> HeaderValue {
        HeaderValue::from(self.0.as_secs_f64().ceil().max(1.0) as u64)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "store.failed");
        if error.is_permanent() {
            Self::Internal
        } else {
            Self::Unavailable
        }
    }
}

/// Puts problems into words, and makes problems of what axum refuses by itself.
pub async fn render(request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let id = request.headers().get(REQUEST_ID).cloned();
    let is_api = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let said = response.extensions().get::<Problem>().copied();
    let wait = response.extensions().get::<RetryAfter>().copied();
    let Some(problem) = said.or_else(|| is_api.then(|| bare(&response)).flatten()) else {
        return response;
    };
    let texts = Texts::of(lang);
    let code = problem.code();
    let id = id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or_default();
    let body = Json(ProblemDocument {
        kind: "about:blank",
        title: texts.get(&format!("problem-{code}")),
        status: problem.status().as_u16(),
        detail: texts.get(&format!("problem-{code}-detail")),
        code,
        request_id: id.to_owned(),
    });
    let mut response = (problem.status(), body).into_response();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    let next = match problem.status() {
        StatusCode::UNAUTHORIZED => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
            let wait = wait.unwrap_or(RetryAfter(SOON));
            Some((RETRY_AFTER, wait.header()))
        }
        _ => None,
    };
    if let Some((name, value)) = next {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The language that a client asks for.
pub fn language(headers: &HeaderMap) -> Lang {
    headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Lang::default(), Lang::from_accept)
}

/// What an answer means that no handler has made.
fn bare(response: &Response) -> Option<Problem> {
    match response.status() {
        StatusCode::NOT_FOUND => Some(Problem::AddressUnknown),
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::MethodUnknown),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Problem::BodyTooLarge),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Some(Problem::RequestInvalid)
        }
        StatusCode::REQUEST_TIMEOUT => Some(Problem::Unavailable),
        status if status.is_server_error() => Some(Problem::Internal),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_words() {
        for lang in Lang::ALL {
            let texts = Texts::of(*lang);
            for problem in Problem::ALL {
                let code = problem.code();
                assert!(texts.has(&format!("problem-{code}")), "{code}");
                assert!(texts.has(&format!("problem-{code}-detail")), "{code}");
            }
        }
    }
}
