//! The description of the interface, by OpenAPI 3.1: `GET /api/openapi.json`, and a page that lists it, `GET /api/explorer`.
//!
//! What an operation takes and answers is described in `operations`, with the very types that the handlers use. Who may call
//! it, and that every refusal is a problem document, is taken from the table of routes, so neither can be told wrongly. A test
//! holds that each route of the table under `/api` is described, and nothing else.

mod explorer;
mod operations;

use std::sync::LazyLock;

use axum::Json;
use serde_json::{Value, json};
use utoipa::OpenApi as _;

use crate::routes::{Access, Route, table};

pub use explorer::explorer;

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// `GET /api/openapi.json`.
pub async fn openapi() -> Json<&'static Value> {
    Json(&DOCUMENT)
}

fn document() -> Value {
    // Only types that are maps and lists of words go into it, so this cannot fail.
    let mut document = serde_json::to_value(operations::Description::openapi()).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({
        "session": { "type": "http", "scheme": "bearer", "description": "The token of `POST /api/session`." },
        "ticket": {
            "type": "apiKey", "in": "query", "name": "ticket",
            "description": "One use of one address, from `POST /api/ticket`."
        },
    });
    for Route {
        method, path, access, ..
    } in table()
    {
        let method = method.as_str().to_lowercase();
        let described = document["paths"].get_mut(path);
        let Some(operation) = described.and_then(|path| path.get_mut(&method)) else {
            continue;
        };
        operation["security"] = security(access);
        operation["x-access"] = json!(format!("{access:?}"));
        operation["responses"]["default"] = json!({
            "description": "A problem (RFC 9457). Its `code` is stable; its words are in the client's language.",
            "content": { "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/ProblemDocument" }
            } },
        });
    }
    document
}

fn security(access: Access) -> Value {
    match access {
        Access::Anyone => json!([]),
        Access::SignedInOrTicket | Access::OfficeOrTicket | Access::AdminOrTicket => {
            json!([{ "session": [] }, { "ticket": [] }])
        }
        _ => json!([{ "session": [] }]),
    }
}
