//! The page that lists the interface.
//!
//! It is our own, and made on the server: Swagger UI brings some megabytes of script, writes styles into its page, which our
//! policy forbids, and its crate fetches it from elsewhere when it is built. What is looked for here is what there is, who may
//! call it, and what it takes and answers; to try it, any client reads `openapi.json`.

use axum::http::HeaderMap;
use axum::response::Html;
use lianxin_shared::texts::Texts;
use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use super::DOCUMENT;
use crate::problem::language;

/// `GET /api/explorer`.
pub async fn explorer(headers: HeaderMap) -> Html<String> {
    let texts = Texts::of(language(&headers));
    let title = texts.get("explorer-title");
    let page = html! {
        (DOCTYPE)
        html lang=(texts.lang().as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                link rel="stylesheet" href="/print/style.css";
            }
            body {
                main {
                    h1 { (title) }
                    p { (text(&DOCUMENT["info"], "description")) }
                    p { a href="/api/openapi.json" { "openapi.json" } }
                    @for (path, methods) in entries(&DOCUMENT["paths"]) {
                        @for (method, operation) in entries(methods) {
                            (shown(&texts, path, method, operation))
                        }
                    }
                    h2 { (texts.get("explorer-schemas")) }
                    @for (name, schema) in entries(&DOCUMENT["components"]["schemas"]) {
                        details id=(name) { summary { (name) } (fields(schema)) }
                    }
                }
            }
        }
    };
    Html(page.into_string())
}

fn shown(texts: &Texts, path: &str, method: &str, operation: &Value) -> Markup {
    let access = format!("explorer-{}", text(operation, "x-access").to_lowercase());
    let parameters = operation["parameters"].as_array();
    html! {
        section {
            h2 { (method.to_uppercase()) " " code { (path) } }
            p { (text(operation, "summary")) " " (text(operation, "description")) }
            dl {
                dt { (texts.get("explorer-access")) }
                dd { (texts.get(&access)) }
                @for parameter in parameters.into_iter().flatten() {
                    dt { code { (text(parameter, "name")) } }
                    dd { (type_of(&parameter["schema"])) " " (text(parameter, "description")) }
                }
                @for (kind, content) in entries(&operation["requestBody"]["content"]) {
                    dt { (texts.get("explorer-body")) }
                    dd { (kind) " " (type_of(&content["schema"])) }
                }
                @for (status, response) in entries(&operation["responses"]) {
                    dt { (status) }
                    dd {
                        (text(response, "description"))
                        @for (kind, content) in entries(&response["content"]) {
                            " " (kind) " " (type_of(&content["schema"]))
                        }
                    }
                }
            }
        }
    }
}

fn fields(schema: &Value) -> Markup {
    let parts = schema["allOf"].as_array().into_iter().flatten();
    html! {
        dl {
            @for part in std::iter::once(schema).chain(parts) {
                @for (name, field) in entries(&part["properties"]) {
                    dt { code { (name) } }
                    dd { (type_of(field)) " " (text(field, "description")) }
                }
            }
        }
    }
}

/// A type's name; that of a schema leads to it.
fn type_of(schema: &Value) -> Markup {
    if let Some(name) = text(schema, "$ref").strip_prefix("#/components/schemas/") {
        return html! { a href={ "#" (name) } { (name) } };
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => html! { "[" (type_of(&schema["items"])) "]" },
        Value::String(kind) => html! { (kind) },
        Value::Array(kinds) => {
            let kinds: Vec<_> = kinds.iter().filter_map(Value::as_str).collect();
            html! { (kinds.join(" | ")) }
        }
        _ => html! {},
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}
