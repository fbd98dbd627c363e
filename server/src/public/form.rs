//! Forms: how they look and how they are read.

use std::collections::BTreeMap;

use axum::extract::{Form, FromRequest, Request};
use axum::response::IntoResponse;
use lianxin_shared::rules::{Issue, IssueCode};
use maud::{Markup, html};

use super::trouble::Trouble;
use super::visitor::Visitor;
use super::write;

/// The field that people do not see. Programs that fill in whatever they find fill it too.
const TRAP: &str = "website";

/// The field by which the same form sent twice is one: an old phone on a bad line asks again.
const ONCE: &str = "once";

/// What is written in a form, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Draft {
    fields: BTreeMap<String, String>,
    issues: Vec<(&'static str, String)>,
}

impl<S: Send + Sync> FromRequest<S> for Draft {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let sent = Form::<Vec<(String, String)>>::from_request(request, state).await;
        let sent = sent.map_err(|refused| {
            let status = refused.into_response().status();
            Trouble::of(status).unwrap_or(Trouble::Unreadable)
        })?;
        // Browsers end lines as typewriters did.
        let clean = |(name, text): (String, String)| (name, text.replace("\r\n", "\n").trim().to_owned());
        let fields: BTreeMap<_, _> = sent.0.into_iter().map(clean).collect();
        if fields.get(TRAP).is_some_and(|text| !text.is_empty()) {
            return Err(Trouble::Machine);
        }
        Ok(Self {
            fields,
            issues: Vec::new(),
        })
    }
}

impl Draft {
    /// What is in a field; empty where there is nothing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Everything that was sent, for naming what becomes of it.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// What the rules find wrong with it.
    pub(super) fn find(&mut self, visitor: &Visitor, issues: Vec<Issue>) {
        for Issue { field, code } in issues {
            let args: &[_] = match code {
                IssueCode::TooLong { max } => &[("max", max.into())],
                _ => &[],
            };
            let words = visitor.with(&format!("issue-{}", code.as_str()), args);
            self.issues.push((field, words));
        }
    }

    /// A field has more characters than a form takes.
    pub(super) fn limit(&mut self, visitor: &Visitor, field: &'static str, max: usize) {
        if self.get(field).chars().count() > max {
            let max = i64::try_from(max).unwrap_or(i64::MAX);
            let code = IssueCode::TooLong { max };
            self.find(visitor, vec![Issue { field, code }]);
        }
    }

    /// Whether nothing is wrong.
    pub(super) fn is_good(&self) -> bool {
        self.issues.is_empty()
    }

    fn issue(&self, name: &str) -> Option<&str> {
        let found = self.issues.iter().find(|(field, _)| *field == name);
        found.map(|(_, words)| words.as_str())
    }
}

/// What every form carries beside its fields.
pub(super) fn hidden(visitor: &Visitor) -> Result<Markup, Trouble> {
    Ok(html! {
        input type="hidden" name=(ONCE) value=(write::fresh()?);
        div.trap aria-hidden="true" {
            label for=(TRAP) { (visitor.get("public-trap")) }
            input id=(TRAP) name=(TRAP) tabindex="-1" autocomplete="off";
        }
    })
}

/// What is wrong, above the form.
pub(super) fn summary(visitor: &Visitor, draft: &Draft) -> Markup {
    html! {
        @if !draft.is_good() { p.notice.wrong role="alert" { (visitor.get("public-form-wrong")) } }
    }
}

/// A field of several lines.
pub(super) fn area(visitor: &Visitor, draft: &Draft, name: &str, label: &str, max: usize) -> Markup {
    html! {
        div.field {
            label for=(name) { (visitor.get(label)) }
            (issue(draft, name))
            textarea id=(name) name=(name) rows="6" maxlength=(max) required aria-invalid=[invalid(draft, name)] {
                // A browser drops the first line break.
                "\n" (draft.get(name))
            }
        }
    }
}

/// A field of one line that may stay empty.
pub(super) fn line(visitor: &Visitor, draft: &Draft, name: &str, label: &str, max: usize) -> Markup {
    html! {
        div.field {
            label for=(name) { (visitor.get(label)) " " span.quiet { (visitor.get("public-optional")) } }
            (issue(draft, name))
            input id=(name) name=(name) value=(draft.get(name)) maxlength=(max) autocomplete="off"
                aria-invalid=[invalid(draft, name)];
        }
    }
}

/// One of several, all in sight.
pub(super) fn choice(draft: &Draft, name: &str, label: &str, choices: &[(String, String)]) -> Markup {
    html! {
        fieldset {
            legend { (label) }
            (issue(draft, name))
            @for (key, words) in choices {
                label.choice {
                    input type="radio" name=(name) value=(key) checked[draft.get(name) == key];
                    " " (words)
                }
            }
        }
    }
}

/// One of many.
pub(super) fn select(
    visitor: &Visitor,
    draft: &Draft,
    name: &str,
    label: &str,
    choices: &[(String, &str)],
) -> Markup {
    html! {
        div.field {
            label for=(name) { (visitor.get(label)) }
            (issue(draft, name))
            select id=(name) name=(name) required aria-invalid=[invalid(draft, name)] {
                option value="" { (visitor.get("public-choose")) }
                @for (key, words) in choices {
                    option value=(key) selected[draft.get(name) == key] { (words) }
                }
            }
        }
    }
}

/// Yes or no.
pub(super) fn tick(visitor: &Visitor, draft: &Draft, name: &str, label: &str) -> Markup {
    html! {
        label.choice {
            input type="checkbox" name=(name) value="1" checked[!draft.get(name).is_empty()];
            " " (visitor.get(label))
        }
    }
}

fn issue(draft: &Draft, name: &str) -> Markup {
    html! { @if let Some(words) = draft.issue(name) { p.wrong { (words) } } }
}

fn invalid(draft: &Draft, name: &str) -> Option<&'static str> {
    draft.issue(name).map(|_| "true")
}
