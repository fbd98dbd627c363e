//! How the server is asked: JSON with a bearer token, problem documents as errors.

use std::cell::Cell;

use gloo_net::http::{Method, Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{AbortController, ReadableStream, ReadableStreamDefaultReader};
use yew::prelude::*;

/// How long an answer may take to begin, in milliseconds.
const PATIENCE: u32 = 20_000;

const JSON: &str = "application/json";

/// The version of tus.
const TUS: &str = "1.0.0";

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ApiError {
    /// The server cannot be reached.
    #[error("no line")]
    NoLine,
    /// The token is missing, expired or withdrawn.
    #[error("signed out")]
    SignedOut,
    /// The office withdrew the sign-in on this device.
    #[error("withdrawn")]
    Withdrawn,
    /// The server says why not.
    #[error("{code}: {detail}")]
    Problem {
        /// The HTTP status.
        status: u16,
        /// The stable code.
        code: String,
        /// What to tell the user.
        detail: String,
        /// Where it has too much to do: in how many seconds to come again.
        retry_after: Option<u32>,
    },
    /// The answer makes no sense.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
}

#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    code: String,
    #[serde(default)]
    detail: String,
}

/// The way to the server for one user in one language.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Api {
    token: Option<String>,
    language: String,
}

impl Api {
    /// With a token, if there is one; `language` is what refusals are worded in.
    pub fn new(token: Option<&str>, language: &str) -> Self {
        Self {
            token: token.map(ToOwned::to_owned),
            language: language.to_owned(),
        }
    }

    /// Asks for JSON.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        json(self.send(Request::get(path), None).await?).await
    }

    /// Asks for bytes.
    pub async fn bytes(&self, path: &str) -> Result<Vec<u8>, ApiError> {
        let response = self.send(Request::get(path), None).await?;
        response.binary().await.map_err(|_| ApiError::NoLine)
    }

    /// Sends JSON, answers JSON.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ApiError> {
        let request = Request::post(path).header("content-type", JSON);
        json(self.send(request, Some(to_json(body)?)).await?).await
    }

    /// Sends bytes, answers JSON.
    pub async fn post_bytes<T: DeserializeOwned>(&self, path: &str, bytes: &[u8]) -> Result<T, ApiError> {
        let request = Request::post(path).header("content-type", "application/octet-stream");
        let body = js_sys::Uint8Array::from(bytes);
        json(self.send(request, Some(body.into())).await?).await
    }

    /// Asks for something to be done; what comes back does not matter.
    pub async fn post_nothing(&self, path: &str) -> Result<(), ApiError> {
        self.send(Request::post(path), None).await.map(|_| ())
    }

    /// The same, with what it takes: a proof.
    pub async fn post_because(&self, path: &str, why: &impl Serialize) -> Result<(), ApiError> {
        let request = Request::post(path).header("content-type", JSON);
        self.send(request, Some(to_json(why)?)).await.map(|_| ())
    }

    /// Sends JSON; what comes back does not matter.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Result<(), ApiError> {
        let request = Request::put(path).header("content-type", JSON);
        self.send(request, Some(to_json(body)?)).await.map(|_| ())
    }

    /// The same, answers JSON.
    pub async fn put_for<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ApiError> {
        let request = Request::put(path).header("content-type", JSON);
        json(self.send(request, Some(to_json(body)?)).await?).await
    }

    /// Deletes what is at an address.
    pub async fn delete(&self, path: &str) -> Result<(), ApiError> {
        self.send(Request::delete(path), None).await.map(|_| ())
    }

    /// Deletes what is at an address, and says why.
    pub async fn delete_because(&self, path: &str, why: &impl Serialize) -> Result<(), ApiError> {
        let request = Request::delete(path).header("content-type", JSON);
        self.send(request, Some(to_json(why)?)).await.map(|_| ())
    }

    /// Up to where the server has what is at an address (tus 1.0).
    pub async fn offset(&self, path: &str) -> Result<usize, ApiError> {
        let request = RequestBuilder::new(path).method(Method::HEAD);
        offset(&self.send(request.header("tus-resumable", TUS), None).await?)
    }

    /// Sends the next bytes of what is at an address; answers up to where the server has it (tus 1.0).
    pub async fn append(&self, path: &str, from: usize, bytes: &[u8]) -> Result<usize, ApiError> {
        let request = Request::patch(path)
            .header("tus-resumable", TUS)
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", &from.to_string());
        let body = js_sys::Uint8Array::from(bytes);
        offset(&self.send(request, Some(body.into())).await?)
    }

    /// Sends one page of sync frames; the answer is read as it comes.
    pub async fn sync(&self, frames: &[u8]) -> Result<Body, ApiError> {
        let body = js_sys::Uint8Array::from(frames);
        let request = Request::post("/api/sync").header("content-type", "application/cbor");
        Body::of(&self.send(request, Some(body.into())).await?)
    }

    /// Opens the stream of live events.
    pub async fn live(&self) -> Result<Body, ApiError> {
        let request = Request::get("/api/live").header("accept", "text/event-stream");
        Body::of(&self.send(request, None).await?)
    }

    async fn send(
        &self,
        request: RequestBuilder,
        body: Option<wasm_bindgen::JsValue>,
    ) -> Result<Response, ApiError> {
        let mut request = request
            .header("accept-language", &self.language)
            .header("x-lianxin-client", env!("CARGO_PKG_VERSION"));
        if let Some(token) = &self.token {
            request = request.header("authorization", &format!("Bearer {token}"));
        }
        let abort = AbortController::new().map_err(|_| ApiError::NoLine)?;
        let request = request.abort_signal(Some(&abort.signal()));
        let request = match body {
            Some(body) => request.body(body),
            None => request.build(),
        };
        let request = request.map_err(|e| ApiError::Unreadable(e.to_string()))?;
        let clock = gloo_timers::callback::Timeout::new(PATIENCE, move || abort.abort());
        let response = request.send().await.map_err(|_| ApiError::NoLine)?;
        drop(clock);
        if let Some(date) = response.headers().get("date") {
            crate::clock::heard(&date);
        }
        refused(response).await
    }
}

/// An answer's body, chunk by chunk.
pub struct Body {
    reader: ReadableStreamDefaultReader,
    is_over: Cell<bool>,
}

impl Body {
    fn of(response: &Response) -> Result<Self, ApiError> {
        let stream: ReadableStream = response
            .body()
            .ok_or_else(|| ApiError::Unreadable("no body".to_owned()))?;
        let reader = stream.get_reader().unchecked_into();
        Ok(Self {
            reader,
            is_over: Cell::new(false),
        })
    }

    /// The next chunk; nothing at the end. A line that goes silent for `patience` milliseconds is a cut line.
    pub async fn next(&self, patience: u32) -> Result<Option<Vec<u8>>, ApiError> {
        use futures_util::future::{Either, select};
        let read = wasm_bindgen_futures::JsFuture::from(self.reader.read());
        let clock = gloo_timers::future::TimeoutFuture::new(patience);
        let Either::Left((read, _)) = select(read, clock).await else {
            return Err(ApiError::NoLine);
        };
        let read = read.map_err(|_| {
            self.is_over.set(true);
            ApiError::NoLine
        })?;
        let value = js_sys::Reflect::get(&read, &"value".into()).map_err(|_| ApiError::NoLine)?;
        Ok(value
            .dyn_into::<js_sys::Uint8Array>()
            .ok()
            .map(|bytes| bytes.to_vec()))
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        // Closes the line. One that broke is closed, and says so again if it is asked.
        if !self.is_over.get() {
            let _ = self.reader.cancel();
        }
    }
}

async fn refused(response: Response) -> Result<Response, ApiError> {
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let headers = response.headers();
    let retry_after = headers
        .get("retry-after")
        .and_then(|seconds| seconds.parse().ok());
    let is_ours = headers
        .get("content-type")
        .is_some_and(|kind| kind.starts_with("application/problem+json"));
    // What stands between us and the server speaks for itself when the server is down.
    if matches!(status, 502..=504) && !is_ours {
        return Err(ApiError::NoLine);
    }
    let problem = response.json::<Problem>().await.unwrap_or(Problem {
        code: status.to_string(),
        detail: String::new(),
    });
    match (status, problem.code.as_str()) {
        (401, "withdrawn") => return Err(ApiError::Withdrawn),
        (401, _) => return Err(ApiError::SignedOut),
        _ => {}
    }
    Err(ApiError::Problem {
        status,
        code: problem.code,
        detail: problem.detail,
        retry_after,
    })
}

fn offset(response: &Response) -> Result<usize, ApiError> {
    let offset = response.headers().get("upload-offset");
    offset
        .and_then(|offset| offset.parse().ok())
        .ok_or_else(|| ApiError::Unreadable("no offset".to_owned()))
}

async fn json<T: DeserializeOwned>(response: Response) -> Result<T, ApiError> {
    response
        .json()
        .await
        .map_err(|e| ApiError::Unreadable(e.to_string()))
}

fn to_json(body: &impl Serialize) -> Result<wasm_bindgen::JsValue, ApiError> {
    serde_json::to_string(body)
        .map(|text| text.into())
        .map_err(|e| ApiError::Unreadable(e.to_string()))
}

/// The way to the server as the signed-in user.
#[hook]
pub fn use_api() -> Api {
    use_context::<Api>().unwrap_or_default()
}
