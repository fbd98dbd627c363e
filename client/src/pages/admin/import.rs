//! Bringing in people, stations and the ledger from a workbook: first it is only looked at, and what will not do is named by
//! row and column; then it is brought in.

use std::rc::Rc;

use lianxin_shared::rules::Role;
use serde::Deserialize;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Places;
use crate::api::{Api, ApiError, use_api};
use crate::components::{Chip, Chips, Notice, Tone};
use crate::i18n::{Words, use_texts};
use crate::pages::office::{Take, failure};
use crate::route::Route;
use crate::session::use_session;

/// What can be brought in, and by whom.
const WHAT: &[(&str, Role)] = &[
    ("members", Role::Admin),
    ("stations", Role::Admin),
    ("rectification", Role::Clerk),
];

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Report {
    rows: u64,
    created: u64,
    unchanged: u64,
    problems: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Problem {
    /// 0 for the file as a whole.
    row: u32,
    column: String,
    words: String,
}

/// A file that was chosen, and how far it is.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// It is being looked at or brought in.
    Busy,
    /// It was looked at.
    Seen(Rc<Vec<u8>>, Report),
    /// It is in.
    Done(Report),
    /// There is no answer.
    Failed(ApiError),
}

/// The page.
#[component]
pub(super) fn Import() -> Html {
    let t = use_texts();
    let api = use_api();
    let roles = use_session()
        .map(|session| session.principal.roles.clone())
        .unwrap_or_default();
    let may: Vec<_> = WHAT
        .iter()
        .filter(|(_, role)| roles.contains(role))
        .map(|(what, _)| *what)
        .collect();
    let what = use_state(|| may.first().copied());
    let step = use_state(|| None::<Step>);
    let Some(chosen) = *what else {
        return html! {};
    };
    let on_choose = {
        let (what, step) = (what.setter(), step.setter());
        Callback::from(move |chosen: Option<AttrValue>| {
            let known = chosen.and_then(|chosen| WHAT.iter().find(|(what, _)| **what == *chosen));
            if let Some((known, _)) = known {
                what.set(Some(known));
                step.set(None);
            }
        })
    };
    let on_file = {
        let (api, step) = (api.clone(), step.setter());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let Some(file) = input.files().and_then(|files| files.get(0)) else {
                return;
            };
            // The same file can be chosen again once it was mended.
            let reading = file.array_buffer();
            input.set_value("");
            let (api, step) = (api.clone(), step.clone());
            step.set(Some(Step::Busy));
            spawn_local(async move {
                let read = JsFuture::from(reading).await;
                let Ok(buffer) = read else {
                    step.set(Some(Step::Failed(ApiError::Unreadable("file".to_owned()))));
                    return;
                };
                let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
                step.set(Some(match send(&api, chosen, &bytes, true).await {
                    Ok(report) => Step::Seen(Rc::new(bytes), report),
                    Err(why) => Step::Failed(why),
                }));
            });
        })
    };
    let on_bring = |bytes: &Rc<Vec<u8>>| {
        let (api, step, bytes) = (api.clone(), step.setter(), Rc::clone(bytes));
        Callback::from(move |_: MouseEvent| {
            let (api, step, bytes) = (api.clone(), step.clone(), Rc::clone(&bytes));
            step.set(Some(Step::Busy));
            spawn_local(async move {
                step.set(Some(match send(&api, chosen, &bytes, false).await {
                    Ok(report) => Step::Done(report),
                    Err(why) => Step::Failed(why),
                }));
            });
        })
    };
    let came = match &*step {
        None => html! {},
        Some(Step::Busy) => html! { <p role="status">{ t.get("import-busy") }</p> },
        Some(Step::Failed(why)) => html! {
            <Notice tone={Tone::Attention}><p role="alert">{ failure::of_api(&t, why) }</p></Notice>
        },
        Some(Step::Done(report)) => html! {
            <p role="status" data-test="import-done">{ told(&t, "import-done", report) }</p>
        },
        Some(Step::Seen(bytes, report)) => html! {
            <>
                <p role="status" data-test="import-seen">{ told(&t, "import-seen", report) }</p>
                if report.problems.is_empty() {
                    if report.created > 0 {
                        <button type="button" class="button primary" onclick={on_bring(bytes)} data-test="import-bring">
                            { t.get("import-bring") }
                        </button>
                    }
                } else {
                    { problems(&t, &report.problems) }
                }
            </>
        },
    };
    let options: Vec<_> = may
        .iter()
        .map(|what| Chip {
            value: (*what).into(),
            label: t.get(&format!("import-what-{what}")).into(),
            count: None,
        })
        .collect();
    html! {
        <section class="pane list" aria-labelledby="import-title">
            <Places current={Route::Import} />
            <h1 id="import-title">{ t.get("import") }</h1>
            <p>{ t.get("import-hint") }</p>
            <Chips label={t.get("import")} {options} chosen={Some(AttrValue::from(chosen))} {on_choose} />
            <div class="actions">
                <Take key={chosen} address={format!("/api/import/{chosen}/template.xlsx")} label="import-template" />
            </div>
            <div class="field">
                <label class="label" for="import-file">{ t.get("import-file") }</label>
                <input class="input" type="file" id="import-file" name="file" accept=".xlsx" onchange={on_file} />
            </div>
            { came }
        </section>
    }
}

async fn send(api: &Api, what: &str, bytes: &[u8], dry: bool) -> Result<Report, ApiError> {
    api.post_bytes(&format!("/api/import/{what}?dry={dry}"), bytes)
        .await
}

fn told(t: &Words, key: &str, report: &Report) -> String {
    let counts = [
        ("rows", report.rows.into()),
        ("created", report.created.into()),
        ("unchanged", report.unchanged.into()),
        ("problems", report.problems.len().into()),
    ];
    t.with(key, &counts)
}

fn problems(t: &Words, problems: &[Problem]) -> Html {
    html! {
        <div class="wide" tabindex="0" role="region" aria-label={t.get("import-problem")}>
            <table class="table" data-test="import-problems">
                <thead>
                    <tr>
                        <th scope="col">{ t.get("import-row") }</th>
                        <th scope="col">{ t.get("import-column") }</th>
                        <th scope="col">{ t.get("import-problem") }</th>
                    </tr>
                </thead>
                <tbody>
                    { for problems.iter().map(|problem| html! {
                        <tr>
                            <td class="number">if problem.row > 0 { { problem.row } }</td>
                            <td>{ &problem.column }</td>
                            <td>{ &problem.words }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}
