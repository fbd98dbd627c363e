//! 更多: everything that is not needed every day.

use lianxin_shared::texts::Lang;
use yew::prelude::*;

use super::link::Go;
use super::text_size::TextSize;
use crate::agent::use_posted;
use crate::book::use_book;
use crate::components::{Chip, Chips, Notice, Tone};
use crate::i18n::use_texts;
use crate::route::Route;
use crate::session::use_here;

/// The page of everything else.
#[component]
pub fn More() -> Html {
    let t = use_texts();
    let book = use_book();
    let lying = use_posted(&[]);
    let Some(here) = use_here() else {
        return html! {};
    };
    let other = if here.session.language == Lang::Zh {
        Lang::En
    } else {
        Lang::Zh
    };
    let speak = {
        let speak = here.speak.clone();
        move |_: MouseEvent| speak.emit(other)
    };
    let roles = here
        .session
        .principal
        .roles
        .iter()
        .map(|role| t.get(&format!("role-{role}")));
    let roles = roles.collect::<Vec<_>>().join(&t.get("list-comma"));
    html! {
        <main class="page" id="page">
            <h1>{ t.get("place-more") }</h1>
            <p>{ book.person(&here.session.principal.user) }{ " " }<span class="muted">{ roles }</span></p>
            <ul class="links">
                <li><Go to={Route::Safe}>{ t.get("safe") }</Go></li>
                <li><Go to={Route::People}>{ t.get("people") }</Go></li>
                <li><Go to={Route::Drafts}>
                    { t.with("drafts-n", &[("n", book.drafts().len().into())]) }
                </Go></li>
                <li><Go to={Route::Handover}>{ t.get("handover") }</Go></li>
                <li><Go to={Route::Carry}>
                    { t.with("carry-n", &[("n", lying.carried.waiting.into())]) }
                </Go></li>
                if here.session.principal.in_office() {
                    <li><Go to={Route::Office}>{ t.get("more-office") }</Go></li>
                }
                <li><Go to={Route::Access}>{ t.get("access") }</Go></li>
                <li><button type="button" data-test="language" lang={other.as_str()} onclick={speak}>
                    { t.get("language-other") }
                </button></li>
                <li><TextSize /></li>
                <li><Go to={Route::Welcome} test="to-welcome">{ t.get("welcome") }</Go></li>
            </ul>
            <h2>{ t.get("lock-section") }</h2>
            <button type="button" class="button" data-test="lock" onclick={here.lock.reform(|_: MouseEvent| ())}>
                { t.get("lock") }
            </button>
            <IdleMinutes />
            <SignOut />
            <p class="muted small">{ t.with("about", &[("version", env!("CARGO_PKG_VERSION").into())]) }</p>
        </main>
    }
}

/// After how many minutes without a touch the tablet locks itself.
#[component]
fn IdleMinutes() -> Html {
    const CHOICES: [u32; 5] = [1, 5, 10, 20, 30];
    let t = use_texts();
    let Some(here) = use_here() else {
        return html! {};
    };
    let options = CHOICES.map(|minutes| Chip {
        value: minutes.to_string().into(),
        label: t.with("lock-minutes", &[("n", minutes.into())]).into(),
        count: None,
    });
    let set = here.set_idle_minutes.clone();
    let on_choose = Callback::from(move |chosen: Option<AttrValue>| {
        if let Some(minutes) = chosen.and_then(|minutes| minutes.parse().ok()) {
            set.emit(minutes);
        }
    });
    html! {
        <div data-test="idle">
            <p class="label">{ t.get("lock-idle") }</p>
            <Chips label={t.get("lock-idle")} options={options.to_vec()}
                chosen={Some(AttrValue::from(here.idle_minutes.to_string()))} {on_choose} />
        </div>
    }
}

/// Signing out takes two taps: without a line nobody gets in again.
#[component]
fn SignOut() -> Html {
    let t = use_texts();
    let book = use_book();
    let is_asked = use_state(|| false);
    let Some(here) = use_here() else {
        return html! {};
    };
    if !*is_asked {
        let onclick = move |_: MouseEvent| is_asked.set(true);
        return html! {
            <button type="button" class="button" data-test="sign-out" {onclick}>{ t.get("sign-out") }</button>
        };
    }
    let n = book.unsent().len() + book.drafts().len();
    let leave = move |_: MouseEvent| here.sign_out.emit(());
    let stay = move |_: MouseEvent| is_asked.set(false);
    html! {
        <Notice tone={Tone::Attention}>
            <p>{ t.with("sign-out-unsent", &[("n", n.into())]) }</p>
            <p>{ t.get("sign-out-line") }</p>
            <div class="actions">
                <button type="button" class="button" data-test="sign-out-sure" onclick={leave}>{ t.get("sign-out") }</button>
                <button type="button" class="button quiet" onclick={stay}>{ t.get("sign-out-stay") }</button>
            </div>
        </Notice>
    }
}
