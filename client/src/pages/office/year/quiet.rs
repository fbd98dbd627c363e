//! Of whom nothing was heard for long, so that somebody calls them: a quiet list for those who care for members.

use lianxin_shared::id::Moment;
use lianxin_shared::records::{quiet_days, register};
use lianxin_shared::rules::may_start;
use yew::prelude::*;

use super::tally::{district, lines, quiet};
use super::{Answer, figures};
use crate::book::use_book;
use crate::i18n::{use_texts, when};
use crate::pages::link::Go;
use crate::pages::office::asked::use_asked;
use crate::route::Route;
use crate::session::use_session;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The members without any record for as long as the district's record says; with the way to change that.
#[component]
pub(in crate::pages::office) fn Quiet() -> Html {
    let t = use_texts();
    let book = use_book();
    let session = use_session();
    let now = when::now();
    let year = when::wall(now).year;
    let present = use_asked::<Answer>(figures(year));
    // Early in a year, who was last heard of is found in the one before.
    let before = use_asked::<Answer>(figures(year.saturating_sub(1)));
    let members = lines(&book, "member");
    let (Some(present), Some(before)) = (present.answer, before.answer) else {
        return html! {};
    };
    if members.is_empty() {
        return html! {};
    }
    let setting = district(&book);
    let days = quiet_days(setting.as_ref().map(|setting| &setting.reference));
    let since = Moment(now.0.saturating_sub(days.saturating_mul(DAY_MS)));
    let counted: Vec<_> = before.figures.iter().chain(&present.figures).cloned().collect();
    let quiet = quiet(&members, &counted, since);
    let may_set = session
        .zip(register("district"))
        .is_some_and(|(session, register)| may_start(&session.principal, register));
    let change = may_set.then(|| {
        let to = match &setting {
            Some(setting) => Route::OfficeRecord { id: setting.doc },
            None => Route::New {
                kind: "district".to_owned(),
            },
        };
        html! { <Go class="button quiet" {to} test="quiet-change">{ t.get("report-quiet-change") }</Go> }
    });
    let n = i64::try_from(quiet.len()).unwrap_or(i64::MAX);
    let said = t.with("report-quiet-since", &[("days", days.into()), ("n", n.into())]);
    html! {
        <section class="section" data-test="quiet" data-days={days.to_string()}>
            <h2>{ t.get("report-quiet") }</h2>
            <div class="actions">
                <p>{ if quiet.is_empty() { t.get("report-quiet-nobody") } else { said } }</p>
                { for change }
            </div>
            <ul class="lines">
                { for quiet.into_iter().map(|(line, last)| {
                    let last = last.map_or_else(
                        || t.get("report-never"),
                        |last| t.with("report-last", &[("day", when::day(&t, last).into())]),
                    );
                    html! { <li data-test="quiet-one"><span>{ &line.name }</span><span class="muted small">{ last }</span></li> }
                }) }
            </ul>
        </section>
    }
}
