//! What was not taken, beside what stands.

use lianxin_shared::id::DocId;
use lianxin_shared::records::Record;
use lianxin_shared::sync::Refused;
use yew::prelude::*;

use super::View;
use crate::components::{FieldsView, Notice, Timeline, Tone, label};
use crate::i18n::Words;
use crate::pages::give_up::GiveUp;
use crate::pages::link::Go;
use crate::route::Route;

/// What the user wrote and the server did not take: why, in words, beside what stands at the office.
pub(super) fn not_taken(t: &Words, view: &View, refused: &Refused, meant: &Record, id: DocId) -> Html {
    let steps: Vec<_> = meant
        .timeline
        .iter()
        .filter(|step| !view.record.timeline.contains(step))
        .cloned()
        .collect();
    let companion = view.register.companion();
    let ids: Vec<_> = std::iter::once(id)
        .chain(companion.map(|register| id.companion(register.kind)))
        .collect();
    let refusal = &refused.refusal;
    let about = refusal
        .about
        .as_deref()
        .filter(|about| view.register.field(about).is_some());
    html! {
        <>
            <Notice tone={Tone::Attention}>
                <h2>{ t.get("refused") }</h2>
                <p data-test="refusal" data-code={refusal.code.as_str()}>
                    { t.get(&format!("refusal-{}", refusal.code.as_str())) }
                    if let Some(field) = about {
                        { t.with("refused-about", &[("field", label::field(t, view.register, field).into())]) }
                    }
                </p>
                <div class="actions">
                    <Go to={Route::Edit { id }} class="button primary" test="correct">{ t.get("refused-correct") }</Go>
                    <GiveUp {ids} whole={view.is_refused_whole} />
                </div>
            </Notice>
            <section class="section" data-test="refused-words">
                <h2>{ t.get("refused-yours") }</h2>
                <FieldsView register={view.register} values={meant.values.clone()} />
                if !steps.is_empty() {
                    <Timeline register={view.register} events={steps} />
                }
            </section>
            if view.stands() {
                <h2>{ t.get("refused-theirs") }</h2>
            }
        </>
    }
}
