//! What hangs on a record, in forms and on its page: small pictures, each of which opens; and the ways to add one.

use lianxin_shared::id::{DocId, FileHash};
use lianxin_shared::records::{Attachment, File, JPEG};
use lianxin_shared::rules::{MAX_ATTACHMENTS, MAX_CAPTION};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::shown::{Shown, use_file};
use super::take::{TakeError, take};
use crate::i18n::{Words, use_texts};
use crate::vault::{News, Vault, VaultError};

/// What the panel needs.
#[derive(Debug, PartialEq, Properties)]
pub struct PhotosProps {
    /// The record.
    pub doc: DocId,
    /// What hangs on it.
    pub attachments: Vec<Attachment>,
    /// What hangs on it from now on. Without it nothing can be changed.
    #[prop_or_default]
    pub on_change: Option<Callback<Vec<Attachment>>>,
    /// Whether it is being written: then what can be changed of each is there at once, and not only when it is opened.
    #[prop_or_default]
    pub is_form: bool,
    /// Whether papers can be chosen as well.
    #[prop_or_default]
    pub takes_papers: bool,
}

/// What hangs on a record. Nothing where there is nothing and nothing can be added.
#[component]
pub fn Photos(props: &PhotosProps) -> Html {
    let t = use_texts();
    let unsent = use_unsent();
    if props.attachments.is_empty() && props.on_change.is_none() {
        return html! {};
    }
    let all = &props.attachments;
    let change = |n: usize, on_change: &Callback<Vec<Attachment>>| {
        let all = all.clone();
        on_change.reform(move |changed: Option<Attachment>| {
            let mut all = all.clone();
            match changed {
                Some(changed) => all[n] = changed,
                None => drop(all.remove(n)),
            }
            all
        })
    };
    let photos = all.iter().enumerate().map(|(n, attachment)| {
        let on_change = props.on_change.as_ref().map(|on_change| change(n, on_change));
        let is_unsent = attachment.files().any(|(file, _)| unsent.contains(&file.hash));
        html! {
            <Photo key={attachment.file.hash.to_string()} doc={props.doc} number={n + 1} attachment={attachment.clone()}
                {is_unsent} is_form={props.is_form} {on_change} />
        }
    });
    html! {
        <section class="photos" aria-label={t.get("photos")} data-test="photos">
            <h2 class="label">{ t.get("photos") }</h2>
            if !all.is_empty() {
                <ul class="photo-list">{ for photos }</ul>
            }
            if let Some(on_change) = &props.on_change {
                <Add doc={props.doc} attachments={all.clone()} on_change={on_change.clone()} takes_papers={props.takes_papers} />
            }
        </section>
    }
}

/// The files that the server is not known to have.
#[hook]
fn use_unsent() -> Vec<FileHash> {
    let vault = use_context::<Vault>();
    let unsent = use_state(Vec::new);
    use_effect_with(vault, {
        let unsent = unsent.setter();
        move |vault| {
            let listening = vault.clone().map(|vault| {
                let look = {
                    let vault = vault.clone();
                    move || {
                        let (vault, unsent) = (vault.clone(), unsent.clone());
                        spawn_local(async move {
                            let files = vault.unsent_files().await.unwrap_or_default();
                            unsent.set(files.into_iter().map(|(hash, _)| hash).collect());
                        });
                    }
                };
                look();
                vault.bell().listen(Callback::from(move |news| {
                    if matches!(news, News::Files) {
                        look();
                    }
                }))
            });
            move || drop(listening)
        }
    });
    (*unsent).clone()
}

/// How many pictures and papers wait to be sent.
#[hook]
pub fn use_waiting() -> usize {
    use_unsent().len()
}

#[derive(PartialEq, Properties)]
struct PhotoProps {
    doc: DocId,
    number: usize,
    attachment: Attachment,
    is_unsent: bool,
    is_form: bool,
    on_change: Option<Callback<Option<Attachment>>>,
}

#[component]
fn Photo(props: &PhotoProps) -> Html {
    let t = use_texts();
    let is_open = use_state(|| false);
    let attachment = &props.attachment;
    let name = attachment.caption.clone().unwrap_or_else(|| {
        let key = if attachment.is_picture() {
            "photo"
        } else {
            "photo-paper"
        };
        t.with(key, &[("n", props.number.into())])
    });
    let small = attachment.thumb.filter(|_| !*is_open).unwrap_or(attachment.file);
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    // A paper does not open on the page.
    let is_changed = props.is_form || *is_open || !attachment.is_picture();
    let on_change = props.on_change.as_ref().filter(|_| is_changed);
    let change = on_change.map(|on_change| {
        let caption = on_change.reform({
            let attachment = attachment.clone();
            move |event: Event| {
                let words: String = event.target_unchecked_into::<HtmlInputElement>().value();
                let words: String = words.trim().chars().filter(|c| !c.is_control()).take(MAX_CAPTION).collect();
                Some(Attachment {
                    caption: (!words.is_empty()).then_some(words),
                    ..attachment.clone()
                })
            }
        });
        let remove = on_change.reform(|_: MouseEvent| None);
        html! {
            <>
                <input class="input" type="text" maxlength={MAX_CAPTION.to_string()} value={attachment.caption.clone()}
                    aria-label={t.with("photo-caption", &[("n", props.number.into())])}
                    placeholder={t.get("photo-caption-hint")} onchange={caption} data-test="photo-caption" />
                <button type="button" class="button quiet" onclick={remove} data-test="photo-remove"
                    aria-label={t.with("photo-remove-which", &[("name", name.clone().into())])}>
                    { t.get("photo-remove") }
                </button>
            </>
        }
    });
    html! {
        <li class={classes!("photo", is_open.then_some("large"))} data-test="photo"
            data-unsent={props.is_unsent.to_string()} data-hash={attachment.file.hash.to_string()}>
            if attachment.is_picture() {
                <button type="button" class="photo-open" onclick={toggle} aria-expanded={is_open.to_string()}
                    aria-label={t.with("photo-open", &[("name", name.clone().into())])}>
                    <Picture key={small.hash.to_string()} doc={props.doc} file={small} name={name.clone()} />
                </button>
            } else {
                <Paper doc={props.doc} file={attachment.file} kind={attachment.kind.clone()} name={name.clone()} />
            }
            if change.is_none() {
                if let Some(caption) = &attachment.caption {
                    <span class="photo-said">{ caption }</span>
                }
            }
            <span class="muted small">{ standing(&t, attachment, props.is_unsent) }</span>
            { for change }
        </li>
    }
}

/// Whether it waits to be sent, and that its place is kept.
fn standing(t: &Words, attachment: &Attachment, is_unsent: bool) -> String {
    let unsent = is_unsent.then(|| t.get("photo-unsent"));
    let place = attachment.place.map(|place| {
        let degrees = |millionths: i32| format!("{:.5}", f64::from(millionths) / 1e6);
        let place = format!("{}, {}", degrees(place.latitude), degrees(place.longitude));
        t.with("photo-place", &[("place", place.into())])
    });
    unsent.into_iter().chain(place).collect::<Vec<_>>().join(" · ")
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    doc: DocId,
    file: File,
    name: String,
}

#[component]
fn Picture(props: &PictureProps) -> Html {
    let t = use_texts();
    match use_file(props.doc, props.file, JPEG) {
        Shown::Here(address) => html! { <img src={address.as_str().to_owned()} alt={props.name.clone()} /> },
        Shown::Opening => html! { <span class="photo-empty" aria-hidden="true" /> },
        Shown::Away => html! { <span class="photo-empty small">{ t.get("photo-away") }</span> },
    }
}

#[derive(PartialEq, Properties)]
struct PaperProps {
    doc: DocId,
    file: File,
    kind: String,
    name: String,
}

#[component]
fn Paper(props: &PaperProps) -> Html {
    let t = use_texts();
    match use_file(props.doc, props.file, &props.kind) {
        Shown::Here(address) => html! {
            <a class="button" href={address.as_str().to_owned()} download={format!("{}.pdf", props.name)}>{ &props.name }</a>
        },
        Shown::Opening => html! { <span class="photo-empty small">{ &props.name }</span> },
        Shown::Away => {
            html! { <span class="photo-empty small">{ &props.name }{ " · " }{ t.get("photo-away") }</span> }
        }
    }
}

#[derive(PartialEq, Properties)]
struct AddProps {
    doc: DocId,
    attachments: Vec<Attachment>,
    on_change: Callback<Vec<Attachment>>,
    takes_papers: bool,
}

/// The camera and the gallery. A picture is on the device before the record names it.
#[component]
fn Add(props: &AddProps) -> Html {
    let t = use_texts();
    let vault = use_context::<Vault>();
    let keeps_place = use_state(|| false);
    let is_busy = use_state(|| false);
    let failure = use_state(|| None::<&'static str>);
    if props.attachments.len() >= MAX_ATTACHMENTS {
        return html! { <p class="muted small">{ t.with("photos-full", &[("n", MAX_ATTACHMENTS.into())]) }</p> };
    }
    // What is changed while a picture is being made counts as well.
    let latest = use_mut_ref(Vec::new);
    latest.borrow_mut().clone_from(&props.attachments);
    let onchange = {
        let (keeps_place, is_busy, failure) = (*keeps_place, is_busy.clone(), failure.clone());
        let (doc, latest, on_change) = (props.doc, latest, props.on_change.clone());
        Callback::from(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let chosen: Vec<_> = input
                .files()
                .map(|list| (0..list.length()).filter_map(|n| list.get(n)).collect())
                .unwrap_or_default();
            // The same picture can be chosen again after it was taken off.
            let (Some(vault), false) = (vault.clone(), chosen.is_empty()) else {
                return;
            };
            let (is_busy, failure) = (is_busy.clone(), failure.clone());
            let (latest, on_change) = (latest.clone(), on_change.clone());
            is_busy.set(true);
            spawn_local(async move {
                let (mut wrong, mut added) = (None, Vec::new());
                for file in chosen {
                    if latest.borrow().len() + added.len() >= MAX_ATTACHMENTS {
                        wrong = Some("photos-too-many");
                        break;
                    }
                    match add(&vault, doc, &file, keeps_place).await {
                        Ok(new) => added.push(new),
                        Err(why) => wrong = Some(why),
                    }
                }
                input.set_value("");
                failure.set(wrong);
                is_busy.set(false);
                let mut attachments = latest.borrow().clone();
                for new in added {
                    if attachments.iter().all(|known| known.file != new.file) {
                        attachments.push(new);
                    }
                }
                on_change.emit(attachments);
            });
        })
    };
    let on_place = {
        let keeps_place = keeps_place.clone();
        Callback::from(move |event: Event| {
            keeps_place.set(event.target_unchecked_into::<HtmlInputElement>().checked());
        })
    };
    let chosen = if props.takes_papers {
        "image/*,application/pdf"
    } else {
        "image/*"
    };
    let pick = |key: &str, accept: &'static str, camera: Option<&'static str>| {
        let (test, busy) = (key.to_owned(), *is_busy);
        html! {
            <label class="button photo-pick">
                { t.get(key) }
                <input type="file" {accept} capture={camera} multiple={camera.is_none()} disabled={busy}
                    onchange={onchange.clone()} data-test={test} />
            </label>
        }
    };
    html! {
        <div class="photo-add">
            <div class="actions">
                { pick("photo-take", "image/*", Some("environment")) }
                { pick(if props.takes_papers { "photo-choose-file" } else { "photo-choose" }, chosen, None) }
            </div>
            <label class="tick">
                <input type="checkbox" checked={*keeps_place} onchange={on_place} data-test="photo-keep-place" />
                { t.get("photo-keep-place") }
            </label>
            <p class="small" role="status">
                if *is_busy {
                    { t.get("photo-busy") }
                } else if let Some(key) = *failure {
                    <span class="issue" data-test="photo-failure">{ t.with(key, &[("n", MAX_ATTACHMENTS.into())]) }</span>
                }
            </p>
        </div>
    }
}

/// Makes an attachment of what was chosen and keeps its files; or the message that says why not.
async fn add(
    vault: &Vault,
    doc: DocId,
    chosen: &web_sys::File,
    keeps_place: bool,
) -> Result<Attachment, &'static str> {
    let taken = take(chosen, keeps_place).await.map_err(|error| match error {
        TakeError::Unreadable => "photo-unreadable",
        TakeError::TooLarge => "photo-too-large",
    })?;
    vault
        .keep_taken(doc, taken.files)
        .await
        .map_err(|error| match error {
            VaultError::Full => "vault-full",
            _ => "vault-failed",
        })?;
    Ok(taken.attachment)
}
