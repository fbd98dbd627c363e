//! What on the tablet is likely to speak of the same trouble as the form: shown while it is being written, with no line.

use gloo_timers::callback::Timeout;
use lianxin_shared::id::DocId;
use lianxin_shared::twins::{CLEAR, Twin};
use yew::prelude::*;

use crate::book::{Book, use_book};
use crate::components::{StateMark, label};
use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::route::Route;

/// How long typing rests before anything is looked for, in milliseconds.
const PAUSE: u32 = 600;
/// How many are shown: enough to recognise one, too few to keep anybody from sending.
const MOST: usize = 3;
/// Of fewer characters nothing is said: too much would be alike.
const WORDS: usize = 6;

/// What is looked for.
#[derive(Debug, PartialEq, Properties)]
pub(super) struct LikelyProps {
    /// The record that is being written, which is no twin of itself.
    pub(super) id: DocId,
    /// What is written of it.
    pub(super) said: String,
}

/// The likely twins of what is written, once typing pauses. It asks for nothing and blocks nothing.
#[component]
pub(super) fn Likely(props: &LikelyProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let twins = use_likely(&book, props);
    let shown = twins.iter().filter_map(|twin| {
        let record = book.get(&twin.id)?;
        let shared = twin.phrases.join(&t.get("list-comma"));
        let alike = t.get(if twin.score >= CLEAR {
            "likely-clear"
        } else {
            "likely-perhaps"
        });
        let title = if record.title.is_empty() {
            label::kind(&t, &record.kind)
        } else {
            record.title.clone()
        };
        Some(html! {
            <li key={twin.id.to_string()} class="likely-one" data-test="likely" data-id={twin.id.to_string()}>
                <Go to={Route::Record { id: twin.id }} class="likely-title">{ title }</Go>
                <span class="small">
                    <StateMark kind={record.kind.clone()} state={record.state.clone()} />
                    { " " }<strong>{ alike }</strong>
                    if !shared.is_empty() {
                        { " · " }{ t.with("likely-shared", &[("words", shared.into())]) }
                    }
                </span>
            </li>
        })
    });
    let shown: Vec<_> = shown.collect();
    html! {
        <div class="likely-place" role="status">
            if !shown.is_empty() {
                <div class="likely">
                    <p class="muted small">{ t.get("likely-title") }</p>
                    <ul>{ for shown }</ul>
                </div>
            }
        </div>
    }
}

/// What was found when typing last paused.
#[hook]
fn use_likely(book: &Book, props: &LikelyProps) -> Vec<Twin> {
    let found = use_state(Vec::new);
    // The newest book, which a keystroke changes too: that must not begin the pause anew.
    let latest = use_mut_ref(Book::default);
    latest.replace(book.clone());
    use_effect_with((props.id, props.said.clone(), book.is_loaded()), {
        let found = found.clone();
        move |(id, said, _)| {
            let (id, said) = (*id, said.clone());
            let clock = Timeout::new(PAUSE, move || {
                let twins = if said.trim().chars().count() < WORDS {
                    Vec::new()
                } else {
                    latest.borrow().likely(&said, MOST, id)
                };
                found.set(twins);
            });
            move || drop(clock)
        }
    });
    (*found).clone()
}
