//! What a record says. What others wrote into its prose since its reader last saw it is marked until they say that they have
//! seen it.

use std::rc::Rc;

use lianxin_shared::document::News;
use lianxin_shared::id::{DocId, Heads, UserId};
use lianxin_shared::records::{Register, Values};
use lianxin_shared::sync::Held;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Same;
use crate::book::use_book;
use crate::components::{Declared, FieldsView, Notice};
use crate::i18n::use_texts;
use crate::vault::Vault;

/// What is shown of what a record says.
#[derive(PartialEq, Properties)]
pub(super) struct SaidProps {
    pub(super) id: DocId,
    pub(super) held: Same,
    pub(super) register: Declared<Register>,
    pub(super) values: Values,
    /// Fields that are shown elsewhere.
    pub(super) without: Vec<&'static str>,
    /// Who reads it.
    pub(super) reader: UserId,
}

/// The fields of a record, with what is new in them.
#[component]
pub(super) fn Said(props: &SaidProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let (look, on_seen) = use_look(props);
    let news = look.as_ref().as_ref().map(|look| &look.news);
    let news = news.filter(|news| !news.fields.is_empty());
    let marked = news.map(|news| news.fields.clone()).unwrap_or_default();
    let who = news
        .iter()
        .flat_map(|news| &news.by)
        .map(|user| book.person(user));
    let who = who.collect::<Vec<_>>().join(&t.get("list-comma"));
    html! {
        <>
            if news.is_some() {
                <Notice>
                    <p data-test="news">{ t.with("news", &[("who", who.into())]) }</p>
                    <button type="button" class="button" data-test="seen" onclick={on_seen.reform(|_: MouseEvent| ())}>
                        { t.get("news-seen") }
                    </button>
                </Notice>
            }
            <FieldsView register={props.register} values={props.values.clone()} without={props.without.clone()} {marked} />
        </>
    }
}

/// What somebody finds who looks at a record.
#[derive(PartialEq)]
struct Look {
    news: News,
    /// The state that the record is in.
    state: Heads,
}

/// What is new to who looks; nothing until it is known what they saw last. The callback says that they have seen it.
#[hook]
fn use_look(props: &SaidProps) -> (Rc<Option<Look>>, Callback<()>) {
    let vault = use_context::<Vault>();
    let seen = use_state(|| None::<Heads>);
    let id = props.id;
    use_effect_with((id, vault.clone()), {
        let seen = seen.setter();
        move |(id, vault)| {
            let (id, vault) = (*id, vault.clone());
            spawn_local(async move {
                if let Some(vault) = vault {
                    seen.set(Some(vault.seen(id).await.unwrap_or_default()));
                }
            });
        }
    });
    let known = (props.held.clone(), (*seen).clone(), props.reader.clone());
    let look = use_memo(known, |(held, seen, reader)| {
        look(&held.0, reader, seen.as_ref()?)
    });
    let keep = {
        let (look, seen) = (Rc::clone(&look), seen.setter());
        move || {
            let (Some(vault), Some(look)) = (vault.clone(), &*look) else {
                return;
            };
            let (seen, state) = (seen.clone(), look.state.clone());
            spawn_local(async move {
                // Where it is not kept, the same is marked again the next time.
                drop(vault.keep_seen(id, &state).await);
                seen.set(Some(state));
            });
        }
    };
    use_effect_with((Rc::clone(&look), seen), {
        let keep = keep.clone();
        move |(look, seen)| {
            // Where nothing is new, it is seen by being there.
            let is_old = |look: &Look| look.news.fields.is_empty() && Some(&look.state) != seen.as_ref();
            if look.as_ref().as_ref().is_some_and(is_old) {
                keep();
            }
        }
    });
    (look, Callback::from(move |()| keep()))
}

fn look(held: &Held, reader: &UserId, seen: &Heads) -> Option<Look> {
    let mut document = held.document().ok()?;
    Some(Look {
        news: document.news(reader, seen),
        state: document.heads(),
    })
}
