//! Steps on several records at once. They are kept on the device and held back for a few seconds, so that they can be undone;
//! then each goes in by itself, through the one door, and one that does not go in holds up no other. Closing the page loses
//! none: what is left is sent when the office's pages are opened next.

use std::collections::BTreeMap;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use lianxin_shared::document::Author;
use lianxin_shared::id::DocId;
use lianxin_shared::records::Event;
use lianxin_shared::rules::steps_for;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::failure;
use super::opened::{OpenError, Opened, Written};
use crate::api::{Api, use_api};
use crate::chance;
use crate::components::label;
use crate::i18n::{use_texts, when};
use crate::session::Here;
use crate::vault::{HeldAct, Vault};

/// How long a step is held back, in milliseconds.
const HOLD: i64 = 10_000;

/// How long it is said that all went in, in milliseconds.
const SAID: u32 = 8_000;

/// What is held back, and what became of what was sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Held {
    /// What is not known to have gone in.
    acts: Vec<HeldAct>,
    /// Why some of it did not.
    failures: BTreeMap<DocId, Failure>,
    /// How many went in.
    pub(super) done: usize,
}

/// Equal to itself alone.
#[derive(Debug, Clone)]
struct Failure(Rc<OpenError>);

impl PartialEq for Failure {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What happens to it.
#[derive(Debug)]
pub(super) enum Change {
    /// This is held now.
    Holds(Vec<HeldAct>),
    /// One went in.
    Done(DocId),
    /// One did not.
    Failed(DocId, OpenError),
    /// What failed is tried again.
    Again,
}

impl Reducible for Held {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut held = (*self).clone();
        match change {
            Change::Holds(acts) => {
                held.failures
                    .retain(|doc, _| acts.iter().any(|act| act.doc == *doc));
                held.done = if held.acts.is_empty() { 0 } else { held.done };
                held.acts = acts;
            }
            Change::Done(doc) => {
                held.acts.retain(|act| act.doc != doc);
                held.failures.remove(&doc);
                held.done += 1;
            }
            Change::Failed(doc, why) => {
                held.failures.insert(doc, Failure(Rc::new(why)));
            }
            Change::Again => held.failures.clear(),
        }
        Rc::new(held)
    }
}

impl Held {
    /// What can still be undone or is on its way.
    fn waiting(&self) -> impl Iterator<Item = &HeldAct> {
        self.acts
            .iter()
            .filter(|act| !self.failures.contains_key(&act.doc))
    }
}

/// What is held back, and what is done with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Holding {
    pub(super) held: Held,
    /// Holds more back.
    pub(super) hold: Callback<Vec<HeldAct>>,
    /// Takes back what is not sent yet.
    undo: Callback<()>,
    /// Tries again what did not go in.
    again: Callback<()>,
    /// Gives up what did not go in.
    give_up: Callback<()>,
}

/// Holds steps back and sends them when their time has come.
#[hook]
pub(super) fn use_holding(vault: &Vault, here: &Here) -> Holding {
    let api = use_api();
    let held = use_reducer(Held::default);
    let tell = {
        let dispatcher = held.dispatcher();
        use_callback((), move |change, ()| dispatcher.dispatch(change))
    };
    // What was left by a page that was closed.
    use_effect_with(vault.clone(), {
        let tell = tell.clone();
        move |vault| {
            let vault = vault.clone();
            spawn_local(async move {
                if let Ok(acts) = vault.held_acts().await {
                    tell.emit(Change::Holds(acts));
                }
            });
        }
    });
    let next = held.waiting().map(|act| act.at).min();
    use_effect_with((next, vault.clone(), api), {
        let (tell, here) = (tell.clone(), here.clone());
        move |(next, vault, api)| {
            let (vault, api) = (vault.clone(), api.clone());
            let clock = next.map(|at| {
                let left = u32::try_from((at.0 + HOLD - when::now().0).clamp(0, HOLD)).unwrap_or(0);
                Timeout::new(left, move || spawn_local(send(vault, api, here, tell)))
            });
            // A clock that is dropped stops; what is already being sent goes on.
            move || drop(clock)
        }
    });
    // What went well is said for a moment, and not for ever.
    let is_through = held.done > 0 && held.acts.is_empty();
    use_effect_with(is_through, {
        let tell = tell.clone();
        move |is_through| {
            let clock = is_through.then(|| Timeout::new(SAID, move || tell.emit(Change::Holds(Vec::new()))));
            move || drop(clock)
        }
    });
    let change = |work: fn(&mut Vec<HeldAct>, &Held, Vec<HeldAct>)| {
        let (vault, tell, now) = (vault.clone(), tell.clone(), (*held).clone());
        Callback::from(move |more: Vec<HeldAct>| {
            let (vault, tell, now) = (vault.clone(), tell.clone(), now.clone());
            spawn_local(async move {
                if let Ok(acts) = vault.change_held_acts(|acts| work(acts, &now, more)).await {
                    tell.emit(Change::Holds(acts));
                }
            });
        })
    };
    Holding {
        held: (*held).clone(),
        hold: change(|acts, _, more| {
            // One step a record: the later one counts.
            acts.retain(|act| more.iter().all(|new| new.doc != act.doc));
            acts.extend(more);
        }),
        undo: change(|acts, now, _| acts.retain(|act| now.failures.contains_key(&act.doc)))
            .reform(|()| Vec::new()),
        give_up: change(|acts, now, _| acts.retain(|act| !now.failures.contains_key(&act.doc)))
            .reform(|()| Vec::new()),
        again: tell.reform(|()| Change::Again),
    }
}

/// Sends what has been held back long enough. Other windows wait meanwhile, and find what is left.
async fn send(vault: Vault, api: Api, here: Here, tell: Callback<Change>) {
    let Ok(_guard) = vault.sends_held_acts().await else {
        return;
    };
    let Ok(acts) = vault.held_acts().await else { return };
    let sent_elsewhere = Change::Holds(acts.clone());
    tell.emit(sent_elsewhere);
    for act in acts.into_iter().filter(|act| act.at.0 + HOLD <= when::now().0) {
        // It may have been undone while the others were sent.
        match vault.held_acts().await {
            Ok(acts) if acts.contains(&act) => {}
            _ => continue,
        }
        let outcome = deliver(&api, &here, &act).await;
        let outcome = match outcome {
            Ok(()) => vault
                .change_held_acts(|acts| acts.retain(|other| *other != act))
                .await
                .map(drop)
                .map_err(OpenError::from),
            failed => failed,
        };
        tell.emit(match outcome {
            Ok(()) => Change::Done(act.doc),
            Err(why) => Change::Failed(act.doc, why),
        });
    }
}

/// Takes one step. What went in before, when the answer was lost, is not done twice.
async fn deliver(api: &Api, here: &Here, act: &HeldAct) -> Result<(), OpenError> {
    let opened = Opened::open(api, act.doc).await?;
    let principal = &here.session.principal;
    let step = &act.step;
    let event = Event {
        handler: step.handler.clone(),
        due: step.due,
        into: step.into,
        ..Event::new(&step.act, &principal.user, act.at).with_words(&step.words)
    };
    if opened.record.timeline.contains(&event) {
        return Ok(());
    }
    let steps = steps_for(principal, &opened.record);
    if !steps.iter().any(|possible| possible.act == step.act) {
        return Err(OpenError::MovedOn);
    }
    let author = Author {
        actor: chance::actor(),
        ..here.author()
    };
    let written = Written {
        events: vec![event],
        ..Written::default()
    };
    opened.write(api, here.device, &author, &written).await
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct HeldBarProps {
    pub(super) holding: Holding,
}

/// What is held back, with the way to undo it; then what became of it.
#[component]
pub(super) fn HeldBar(props: &HeldBarProps) -> Html {
    let t = use_texts();
    let Holding {
        held,
        undo,
        again,
        give_up,
        ..
    } = &props.holding;
    let waiting: Vec<_> = held.waiting().collect();
    let count = |key: &str, n: usize| t.with(key, &[("n", i64::try_from(n).unwrap_or(i64::MAX).into())]);
    let is_over = |act: &&&HeldAct| act.at.0 + HOLD <= when::now().0;
    let failed = held
        .acts
        .iter()
        .filter_map(|act| Some((act, held.failures.get(&act.doc)?)));
    let failed = failed.map(|(act, Failure(why))| {
        let title = if act.title.is_empty() {
            label::kind(&t, &act.kind)
        } else {
            act.title.clone()
        };
        html! {
            <li key={act.doc.to_string()} data-test="held-failed">
                <strong>{ title }</strong>{ " " }{ failure::of_record(&t, why) }
            </li>
        }
    });
    let click = |callback: &Callback<()>| callback.reform(|_: MouseEvent| ());
    html! {
        <div class="held" role="status" data-test="held">
            if let Some(first) = waiting.first() {
                <div class="held-card">
                    <p>{ t.with("office-held", &[
                        ("n", i64::try_from(waiting.len()).unwrap_or(i64::MAX).into()),
                        ("act", label::act(&t, &first.kind, &first.step.act).into()),
                        ("seconds", (HOLD / 1000).into()),
                    ]) }</p>
                    if waiting.iter().filter(is_over).count() == 0 {
                        <button type="button" class="button" onclick={click(undo)} data-test="undo">{ t.get("office-undo") }</button>
                    }
                </div>
            } else if held.done > 0 && held.failures.is_empty() {
                <div class="held-card" data-test="held-done"><p>{ count("office-held-done", held.done) }</p></div>
            }
            if !held.failures.is_empty() {
                <div class="held-card attention">
                    <p>{ count("office-held-failed", held.failures.len()) }</p>
                    <ul>{ for failed }</ul>
                    <div class="actions">
                        <button type="button" class="button" onclick={click(again)}>{ t.get("office-again") }</button>
                        <button type="button" class="button quiet" onclick={click(give_up)} data-test="held-give-up">
                            { t.get("office-give-up") }
                        </button>
                    </div>
                </div>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use lianxin_shared::id::Moment;

    use super::*;
    use crate::vault::StepDraft;

    fn act(n: u8) -> HeldAct {
        HeldAct {
            doc: DocId([n; 16]),
            kind: "suggestion".to_owned(),
            title: String::new(),
            step: StepDraft::default(),
            at: Moment(n.into()),
        }
    }

    fn run(changes: Vec<Change>) -> Held {
        let start = Rc::new(Held::default());
        let held = changes
            .into_iter()
            .fold(start, |held, change| held.reduce(change));
        (*held).clone()
    }

    fn waiting(held: &Held) -> Vec<u8> {
        held.waiting().map(|act| act.doc.0[0]).collect()
    }

    #[test]
    fn one_that_does_not_go_in_holds_up_no_other() {
        let sent = || {
            vec![
                Change::Holds(vec![act(1), act(2), act(3)]),
                Change::Failed(act(1).doc, OpenError::MovedOn),
                Change::Done(act(2).doc),
            ]
        };
        let held = run(sent());
        assert_eq!((waiting(&held), held.done), (vec![3], 1));
        assert_eq!(held.failures.keys().collect::<Vec<_>>(), [&act(1).doc]);
        let again = run(sent().into_iter().chain([Change::Again]).collect());
        assert_eq!(waiting(&again), [1, 3]);
        let given_up = run(sent().into_iter().chain([Change::Holds(vec![act(3)])]).collect());
        assert!(given_up.failures.is_empty());
    }

    #[test]
    fn what_went_in_is_counted_until_the_next_are_held() {
        let held = run(vec![
            Change::Holds(vec![act(1)]),
            Change::Done(act(1).doc),
            Change::Holds(vec![act(2)]),
        ]);
        assert_eq!((waiting(&held), held.done), (vec![2], 0));
    }
}
