//! 代为送出: this device carries what another has to send, and delivers it when it has a line.
//!
//! - [`scan`]: the camera reads the row of codes that the other device shows.

mod scan;

use lianxin_shared::handover::{Envelope, parcel};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use self::scan::Scan;
use crate::agent::use_posted;
use crate::components::{Notice, Tone};
use crate::i18n::use_texts;
use crate::vault::outbox::Counts;
use crate::vault::{Bell, News, Outbox};

/// The largest file that is read, in bytes.
const MAX_FILE: f64 = 64.0 * 1024.0 * 1024.0;

/// What came of what was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brought {
    /// So many records, as who sealed them counts. They may have been here.
    Taken(u32),
    /// It is something else, or cut short.
    NoParcel,
    /// The device does not keep it.
    NotKept,
}

/// The page.
#[component]
pub fn Carry() -> Html {
    let t = use_texts();
    html! {
        <main class="page" id="page">
            <h1>{ t.get("carry") }</h1>
            <Carrying />
        </main>
    }
}

/// What is brought, and what becomes of it. It needs nobody to be signed in.
#[component]
pub fn Carrying() -> Html {
    let t = use_texts();
    let lying = use_posted(&[]);
    let brought = use_state(|| None::<Brought>);
    let take = {
        let brought = brought.setter();
        Callback::from(move |bytes: Vec<u8>| {
            let brought = brought.clone();
            spawn_local(async move { brought.set(Some(keep(&bytes).await)) });
        })
    };
    let on_file = {
        let (take, brought) = (take.clone(), brought.setter());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let files = input.files();
            let files = files
                .iter()
                .flat_map(|files| (0..files.length()).filter_map(|n| files.get(n)));
            for file in files.collect::<Vec<_>>() {
                let (take, brought) = (take.clone(), brought.clone());
                spawn_local(async move {
                    match read(&file).await {
                        Some(bytes) => take.emit(bytes),
                        None => brought.set(Some(Brought::NoParcel)),
                    }
                });
            }
            input.set_value("");
        })
    };
    let clear = Callback::from(|_: MouseEvent| {
        spawn_local(async {
            if let Ok(outbox) = Outbox::carried().await {
                drop(outbox.clear().await);
            }
            tell();
        });
    });
    let counts = lying.carried;
    let said = (*brought).map(|brought| match brought {
        Brought::Taken(n) => (Tone::Good, "taken", t.with("carry-taken", &[("n", n.into())])),
        Brought::NoParcel => (Tone::Attention, "no-parcel", t.get("carry-no-parcel")),
        Brought::NotKept => (Tone::Attention, "not-kept", t.get("vault-failed")),
    });
    html! {
        <div class="column">
            <p>{ t.get("carry-about") }</p>
            <div class="field">
                <label class="label" for="parcel">{ t.get("carry-file") }</label>
                <input class="input" type="file" id="parcel" name="parcel" multiple=true onchange={on_file} />
            </div>
            <Scan on_parcel={take} />
            <div role="status">
                if let Some((tone, what, words)) = said {
                    <Notice {tone}><p data-test="brought" data-what={what}>{ words }</p></Notice>
                }
            </div>
            if counts != Counts::default() {
                <p data-test="carried" data-waiting={counts.waiting.to_string()} data-delivered={counts.delivered.to_string()}
                    data-stuck={counts.stuck.to_string()}>
                    { t.with("carry-counts", &[("waiting", counts.waiting.into()), ("delivered", counts.delivered.into())]) }
                </p>
            }
            if counts.stuck > 0 {
                <Notice tone={Tone::Attention}>
                    <p>{ t.with("carry-stuck", &[("n", counts.stuck.into())]) }</p>
                    <button type="button" class="button quiet" data-test="carry-clear" onclick={clear}>
                        { t.get("carry-clear") }
                    </button>
                </Notice>
            }
        </div>
    }
}

async fn read(file: &File) -> Option<Vec<u8>> {
    if file.size() > MAX_FILE {
        return None;
    }
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

async fn keep(bytes: &[u8]) -> Brought {
    let Ok(envelopes) = parcel::read(bytes) else {
        return Brought::NoParcel;
    };
    let n = envelopes
        .iter()
        .map(|envelope| envelope.records)
        .fold(0, u32::saturating_add);
    match carry(envelopes).await {
        Ok(()) => Brought::Taken(n),
        Err(_) => Brought::NotKept,
    }
}

async fn carry(envelopes: Vec<Envelope>) -> Result<(), crate::vault::VaultError> {
    Outbox::carried().await?.carry(envelopes).await?;
    tell();
    Ok(())
}

fn tell() {
    if let Ok(bell) = Bell::of("tablet") {
        bell.ring(&News::Posted);
    }
}
