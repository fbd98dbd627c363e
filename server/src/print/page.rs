//! What all printed pages have in common.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::clock::now;
use crate::reading::{Reading, shown};

/// `GET /print/style.css`.
pub async fn style() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("style.css")).into_response()
}

/// A page with a title. No cache keeps it: it is full of names.
pub(super) fn page(reading: &Reading, title: &str, content: &Markup) -> Response {
    let texts = &reading.texts;
    let printed = texts.with("print-made", &[("when", shown(now()).into())]);
    let page = html! {
        (DOCTYPE)
        html lang=(texts.lang().as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) " · " (texts.get("app-name")) }
                link rel="stylesheet" href="/print/style.css";
            }
            body {
                header { (texts.get("app-name")) " · " (texts.get("app-purpose")) }
                main { (content) }
                footer { (printed) }
            }
        }
    };
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, page.into_string()).into_response()
}

/// A table with headings; nothing where it has no rows.
pub(super) fn table(caption: &str, headings: &[String], rows: &[Vec<String>]) -> Markup {
    html! {
        @if !rows.is_empty() {
            table {
                caption { (caption) }
                thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
                tbody {
                    @for row in rows {
                        tr { @for (n, cell) in row.iter().enumerate() {
                            @if n == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                        } }
                    }
                }
            }
        }
    }
}
