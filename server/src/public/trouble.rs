//! What is said when a page cannot be given: a page too, in words.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::html;

use super::layout;
use super::visitor::Visitor;
use crate::app::App;
use crate::limits::{Kind, Wait};
use crate::problem::REQUEST_ID;
use crate::store::StoreError;

/// Why a page cannot be given. The words are the messages `public-trouble-NAME` and `public-trouble-NAME-detail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing is published at that address.
    Unknown,
    /// The address does not do this.
    Method,
    /// A form that cannot be read.
    Unreadable,
    /// More bytes than a form takes.
    TooLarge,
    /// The field that people do not see was filled.
    Machine,
    /// Too fast.
    TooFast(Wait),
    /// The database does not do it now.
    Unavailable,
    /// A fault of the server's own.
    Internal,
}

impl Trouble {
    fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Method => "method",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::Machine => "machine",
            Self::TooFast(_) => "too-fast",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unreadable | Self::Machine => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooFast(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What an answer means that no handler has made.
    pub(super) fn of(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::Method),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::BAD_REQUEST
            | StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Self::Unreadable),
            _ => None,
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "store.failed");
        if error.is_permanent() {
            Self::Internal
        } else {
            Self::Unavailable
        }
    }
}

impl From<Wait> for Trouble {
    fn from(wait: Wait) -> Self {
        Self::TooFast(wait)
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Holds up who is too fast, and puts trouble into words.
pub(super) async fn guard(
    State(app): State<App>,
    visitor: Visitor,
    request: Request,
    next: Next,
) -> Response {
    let kind = match *request.method() {
        Method::GET | Method::HEAD => Kind::Read,
        _ => Kind::Send,
    };
    let number = request.headers().get(REQUEST_ID).cloned();
    let response = match app.limits.pace().take(kind, visitor.address, Instant::now()) {
        Ok(()) => next.run(request).await,
        Err(wait) => Trouble::from(wait).into_response(),
    };
    let said = response.extensions().get().copied();
    let is_page = response.headers().contains_key(CACHE_CONTROL);
    match said.or_else(|| Trouble::of(response.status()).filter(|_| !is_page)) {
        Some(trouble) => render(&visitor, trouble, number.as_ref()),
        None => response,
    }
}

/// Whatever is no page of ours.
pub async fn unknown() -> Response {
    Trouble::Unknown.into_response()
}

fn render(visitor: &Visitor, trouble: Trouble, number: Option<&HeaderValue>) -> Response {
    let number = number.and_then(|number| number.to_str().ok());
    let key = format!("public-trouble-{}", trouble.name());
    let title = visitor.get(&key);
    let body = html! {
        h1 { (title) }
        p { (visitor.get(&format!("{key}-detail"))) }
        @if let Some(number) = number {
            p { small { (visitor.with("public-trouble-number", &[("number", number.into())])) } }
        }
        p { a href=(visitor.link("/public")) { (visitor.get("public-to-front")) } }
    };
    let mut response = (trouble.status(), layout::private(visitor, &title, &body)).into_response();
    let retry = match trouble {
        // Whole seconds, and not before the time.
        Trouble::TooFast(Wait(wait)) => Some(wait.as_secs() + 1),
        Trouble::Unavailable => Some(5),
        _ => None,
    };
    if let Some(seconds) = retry {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
