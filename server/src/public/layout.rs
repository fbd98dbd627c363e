//! What all pages have in common.

use lianxin_shared::hex;
use std::sync::LazyLock;

use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use lianxin_shared::id::Moment;
use lianxin_shared::rules::Published;
use lianxin_shared::texts::Lang;
use maud::{DOCTYPE, Markup, html};
use sha2::{Digest, Sha256};

use super::section::Section;
use super::visitor::Visitor;
use super::{dates, fields};
use crate::clock::now;

const STYLE: &str = include_str!("style.css");

/// The style's address names its content, so browsers keep it for good.
static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let hash = Sha256::digest(STYLE.as_bytes());
    let hash = hex::written(&hash[..6]);
    format!("/public/style.css?v={hash}")
});

/// How a page is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// Asked for again each time.
    Shared,
    /// By nobody: it is for whoever holds a receipt, or answers what somebody has sent.
    Never,
}

/// A page for everybody.
pub(super) fn page(visitor: &Visitor, title: &str, body: &Markup) -> Response {
    whole(visitor, title, body, Keep::Shared)
}

/// A page for whoever asked, and for no cache or search engine.
pub(super) fn private(visitor: &Visitor, title: &str, body: &Markup) -> Response {
    whole(visitor, title, body, Keep::Never)
}

/// `GET /public/style.css`.
pub async fn style() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLE).into_response()
}

/// The headers of an answer that is for everybody, in the language that was asked for.
pub(super) fn for_everybody(kind: &'static str) -> [(HeaderName, &'static str); 3] {
    [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-cache"),
        (VARY, "accept-language"),
    ]
}

fn whole(visitor: &Visitor, title: &str, body: &Markup, keep: Keep) -> Response {
    let name = visitor.get("public-name");
    let page = html! {
        (DOCTYPE)
        html lang=(visitor.lang.as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if keep == Keep::Never { meta name="robots" content="noindex"; }
                title { (title) " · " (name) }
                link rel="stylesheet" href=(*STYLE_ADDRESS);
                link rel="icon" href="data:,";
                link rel="alternate" type="application/atom+xml" title=(name)
                    href=(visitor.link("/public/feed.atom"));
            }
            body {
                a.skip href="#main" { (visitor.get("public-skip")) }
                header {
                    a.home href=(visitor.link("/public")) { (name) }
                    nav aria-label=(visitor.get("public-parts")) {
                        @for section in Section::pages() {
                            a href=(visitor.link(&section.address())) {
                                (visitor.get(&format!("public-{}", section.name)))
                            }
                        }
                        a href=(visitor.link("/public/suggest")) { (visitor.get("public-suggest")) }
                    }
                }
                main id="main" { (body) }
                footer {
                    (code_box(visitor, ""))
                    p {
                        a href=(visitor.link("/public/feed.atom")) { (visitor.get("public-feed")) }
                        " · "
                        @for lang in Lang::ALL.iter().filter(|lang| **lang != visitor.lang) {
                            a href=(visitor.here_in(*lang)) lang=(lang.as_str()) hreflang=(lang.as_str()) {
                                (visitor.get("public-other-language"))
                            }
                        }
                    }
                    p.stand { (visitor.get("public-as-of")) " " (dates::day(visitor, now())) }
                }
            }
        }
    };
    let mut headers = for_everybody("text/html; charset=utf-8");
    if keep == Keep::Never {
        headers[1] = (CACHE_CONTROL, "private, no-store");
    }
    (headers, page.into_string()).into_response()
}

/// The box for a receipt's code.
pub(super) fn code_box(visitor: &Visitor, typed: &str) -> Markup {
    html! {
        form.code method="get" action="/follow" role="search" {
            label for="code" { (visitor.get("public-code")) }
            (language(visitor))
            div.together {
                input id="code" name="code" value=(typed) required autocomplete="off" autocapitalize="characters"
                    spellcheck="false" maxlength="20" placeholder="XXXX-XXXX";
                button { (visitor.get("public-code-look")) }
            }
        }
    }
}

/// Carries the language that was chosen through a form that asks.
fn language(visitor: &Visitor) -> Markup {
    html! {
        @if visitor.link("").starts_with('?') {
            input type="hidden" name="lang" value=(visitor.lang.as_str());
        }
    }
}

/// Where a record stands, and whether it is late.
pub(super) fn standing(visitor: &Visitor, one: &Published, now: Moment) -> Markup {
    html! {
        span.state { (fields::state(visitor, one)) }
        @if one.is_overdue(now) { " " span.state.late { (visitor.get("public-overdue")) } }
    }
}

/// A field: its label and what is in it.
pub(super) fn field(visitor: &Visitor, shown: &fields::Shown) -> Markup {
    html! {
        dt { (shown.label) }
        dd.prose { (fields::joined(visitor, &shown.words)) }
    }
}

/// What became of a record: steps with their words.
pub(super) fn steps(visitor: &Visitor, one: &Published) -> Markup {
    html! {
        @if !one.steps.is_empty() {
            ol.steps {
                @for step in &one.steps {
                    li {
                        p.what {
                            (dates::day(visitor, step.at)) " "
                            (visitor.get(&format!("act-{}-{}", one.kind, step.act)))
                        }
                        @if let Some(words) = &step.words { p.prose { (words) } }
                    }
                }
            }
        }
    }
}
