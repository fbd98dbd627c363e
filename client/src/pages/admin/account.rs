//! One account: starting it, changing it, another password. Where somebody hosts and belongs is shown here and changed in
//! the lists of stations and groups, where everybody sees it.

use std::collections::BTreeSet;
use std::rc::Rc;

use lianxin_shared::id::DocId;
use lianxin_shared::rules::Role;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::accounts::Account;
use super::devices::Devices;
use crate::api::{ApiError, use_api};
use crate::book::use_book;
use crate::components::event::typed;
use crate::components::{Notice, Tone};
use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::pages::office::failure;
use crate::pages::sessions::{By, Sessions};
use crate::route::Route;

#[derive(Debug, Default, Clone, PartialEq, Serialize)]
struct New {
    user: String,
    name: String,
    roles: BTreeSet<Role>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Wanted {
    name: String,
    roles: BTreeSet<Role>,
    disabled: bool,
}

/// What the server tells once.
#[derive(Debug, Deserialize)]
struct Told {
    password: Option<String>,
}

/// What became of the last thing asked for.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    Saved,
    /// A password that was made up, for a user.
    Password(String, String),
    Failed(ApiError),
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct StartingProps {
    /// It is there.
    pub(super) on_done: Callback<()>,
}

/// A new account.
#[component]
pub(super) fn Starting(props: &StartingProps) -> Html {
    let t = use_texts();
    let api = use_api();
    let new = use_state(New::default);
    let outcome = use_state(|| None::<Outcome>);
    let on_user = change(&new, |new, user| new.user = user);
    let on_name = change(&new, |new, name| new.name = name);
    let on_roles = change(&new, |new, roles| new.roles = roles);
    let onsubmit = {
        let (new, outcome, on_done) = (new.clone(), outcome.setter(), props.on_done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (api, wanted, new) = (api.clone(), (*new).clone(), new.setter());
            let (outcome, on_done) = (outcome.clone(), on_done.clone());
            spawn_local(async move {
                match api.post::<Told>("/api/accounts", &wanted).await {
                    Ok(told) => {
                        let password = told.password.unwrap_or_default();
                        outcome.set(Some(Outcome::Password(
                            wanted.user.trim().to_lowercase(),
                            password,
                        )));
                        new.set(New::default());
                        on_done.emit(());
                    }
                    Err(error) => outcome.set(Some(Outcome::Failed(error))),
                }
            });
        })
    };
    html! {
        <>
            <h1>{ t.get("account-new") }</h1>
            <Said outcome={(*outcome).clone()} />
            <form class="form" {onsubmit} autocomplete="off" data-test="account-form">
                <Line name="user" label={t.get("account-user")} hint={Some(t.get("account-user-hint"))} value={new.user.clone()} on_input={on_user} />
                <Line name="name" label={t.get("account-name")} value={new.name.clone()} on_input={on_name} />
                <Roles chosen={new.roles.clone()} on_change={on_roles} />
                <p class="muted small">{ t.get("account-new-places") }</p>
                <div class="actions">
                    <button class="button primary" data-test="save">{ t.get("account-add") }</button>
                </div>
            </form>
        </>
    }
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct ChangingProps {
    pub(super) account: Rc<Account>,
    /// It was changed.
    pub(super) on_done: Callback<()>,
}

/// An account that is there.
#[component]
pub(super) fn Changing(props: &ChangingProps) -> Html {
    let t = use_texts();
    let api = use_api();
    let account = &props.account;
    let user = account.principal.user.to_string();
    let wanted = use_state(|| Wanted {
        name: account.name.clone(),
        roles: account.principal.roles.clone(),
        disabled: account.disabled,
    });
    let outcome = use_state(|| None::<Outcome>);
    // Withdrawn in either list, both change.
    let turn = use_state(|| 0_u32);
    let on_withdrawn = {
        let turn = turn.clone();
        Callback::from(move |()| turn.set(turn.wrapping_add(1)))
    };
    let on_name = change(&wanted, |wanted, name| wanted.name = name);
    let on_roles = change(&wanted, |wanted, roles| wanted.roles = roles);
    let on_disabled = change(&wanted, |wanted, disabled| wanted.disabled = disabled);
    let onsubmit = {
        let (api, user, wanted) = (api.clone(), user.clone(), wanted.clone());
        let (outcome, on_done) = (outcome.setter(), props.on_done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (api, path, wanted) = (api.clone(), format!("/api/accounts/{user}"), (*wanted).clone());
            let (outcome, on_done) = (outcome.clone(), on_done.clone());
            spawn_local(async move {
                outcome.set(Some(match api.put(&path, &wanted).await {
                    Ok(()) => Outcome::Saved,
                    Err(error) => Outcome::Failed(error),
                }));
                on_done.emit(());
            });
        })
    };
    let on_password = {
        let (user, outcome) = (user.clone(), outcome.setter());
        Callback::from(move |_: MouseEvent| {
            let (api, user, outcome) = (api.clone(), user.clone(), outcome.clone());
            spawn_local(async move {
                let path = format!("/api/accounts/{user}/password");
                let told = api.post::<Told>(&path, &serde_json::json!({})).await;
                outcome.set(Some(match told {
                    Ok(told) => Outcome::Password(user, told.password.unwrap_or_default()),
                    Err(error) => Outcome::Failed(error),
                }));
            });
        })
    };
    html! {
        <>
            <h1>{ &account.name }{ " " }<span class="muted">{ &user }</span></h1>
            <Said outcome={(*outcome).clone()} />
            <form class="form" {onsubmit} autocomplete="off" data-test="account-form">
                <Line name="name" label={t.get("account-name")} value={wanted.name.clone()} on_input={on_name} />
                <Roles chosen={wanted.roles.clone()} on_change={on_roles} />
                <Tick name="disabled" label={t.get("account-disable")} is_on={wanted.disabled} on_change={on_disabled} />
                <div class="actions">
                    <button class="button primary" data-test="save">{ t.get("office-save") }</button>
                </div>
            </form>
            <Belongs account={Rc::clone(account)} />
            <section class="section">
                <h2>{ t.get("account-password") }</h2>
                <p class="muted">{ t.get("account-password-hint") }</p>
                <button type="button" class="button" onclick={on_password} data-test="set-password">
                    { t.get("account-password-new") }
                </button>
            </section>
            <Sessions address={format!("/api/accounts/{user}/sessions")} title="account-sessions" hint="account-sessions-hint"
                by={By::Office} turn={*turn} on_withdrawn={on_withdrawn.clone()} />
            <Devices {user} turn={*turn} {on_withdrawn} />
        </>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct BelongsProps {
    account: Rc<Account>,
}

/// Where somebody hosts, belongs and convenes, by the lists.
#[component]
fn Belongs(props: &BelongsProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let principal = &props.account.principal;
    let named = |key: &str, ids: &BTreeSet<DocId>| {
        let links = ids.iter().map(|&id| {
            let name = book
                .title(&id)
                .map_or_else(|| t.get("ui-unknown"), |name| name.to_string());
            html! { <li><Go to={Route::OfficeRecord { id }}>{ name }</Go></li> }
        });
        (!ids.is_empty()).then(|| {
            html! { <><dt>{ t.get(key) }</dt><dd><ul>{ for links }</ul></dd></> }
        })
    };
    let person: BTreeSet<_> = principal.person.into_iter().collect();
    html! {
        <section class="section" data-test="belongs">
            <h2>{ t.get("account-belongs") }</h2>
            <p class="muted">{ t.get("account-belongs-hint") }</p>
            <dl class="facts">
                { for named("account-person", &person) }
                { for named("account-hosts", &principal.hosts) }
                { for named("account-member-of", &principal.member_of) }
                { for named("account-convenes", &principal.convenes) }
                { for named("account-groups", &principal.groups) }
            </dl>
        </section>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct SaidProps {
    outcome: Option<Outcome>,
}

/// What became of it. A password is shown this once.
#[component]
fn Said(props: &SaidProps) -> Html {
    let t = use_texts();
    match &props.outcome {
        None => html! {},
        Some(Outcome::Saved) => {
            html! { <Notice tone={Tone::Good}><p data-test="saved">{ t.get("account-saved") }</p></Notice> }
        }
        Some(Outcome::Failed(error)) => {
            html! { <Notice tone={Tone::Attention}><p data-test="failure">{ failure::of_api(&t, error) }</p></Notice> }
        }
        Some(Outcome::Password(user, password)) => html! {
            <Notice tone={Tone::Attention}>
                <p>{ t.with("account-password-told", &[("user", user.clone().into())]) }</p>
                <p><code data-test="password">{ password }</code></p>
            </Notice>
        },
    }
}

#[derive(Debug, PartialEq, Properties)]
struct LineProps {
    name: &'static str,
    label: String,
    #[prop_or_default]
    hint: Option<String>,
    value: String,
    on_input: Callback<String>,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let id = format!("account-{}", props.name);
    html! {
        <div class="field">
            <label class="label" for={id.clone()}>{ &props.label }</label>
            if let Some(hint) = &props.hint {
                <p class="hint">{ hint }</p>
            }
            <input class="input" {id} name={props.name} value={props.value.clone()} maxlength="40" required={true}
                autocomplete="off" autocapitalize="none" oninput={typed(&props.on_input)} />
        </div>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct RolesProps {
    chosen: BTreeSet<Role>,
    on_change: Callback<BTreeSet<Role>>,
}

/// The roles that an account can have.
#[component]
fn Roles(props: &RolesProps) -> Html {
    let t = use_texts();
    let roles = Role::ALL.iter().filter(|role| **role != Role::Resident);
    let ticks = roles.map(|&role| {
        let chosen = props.chosen.clone();
        let on_change = props.on_change.reform(move |is_on| {
            let mut roles = chosen.clone();
            if is_on {
                roles.insert(role)
            } else {
                roles.remove(&role)
            };
            roles
        });
        let is_on = props.chosen.contains(&role);
        html! { <Tick name={role.as_str()} label={t.get(&format!("role-{role}"))} {is_on} {on_change} /> }
    });
    html! {
        <fieldset class="field roles">
            <legend class="label">{ t.get("account-roles") }</legend>
            { for ticks }
        </fieldset>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct TickProps {
    name: &'static str,
    label: String,
    is_on: bool,
    on_change: Callback<bool>,
}

#[component]
fn Tick(props: &TickProps) -> Html {
    let is_on = props.is_on;
    let onchange = props.on_change.reform(move |_: Event| !is_on);
    html! {
        <label class="tick">
            <input type="checkbox" name={props.name} checked={is_on} {onchange} />
            { &props.label }
        </label>
    }
}

/// A callback that changes a part of a state.
fn change<S: Clone + 'static, T: 'static>(state: &UseStateHandle<S>, apply: fn(&mut S, T)) -> Callback<T> {
    let state = state.clone();
    Callback::from(move |value| {
        let mut changed = (*state).clone();
        apply(&mut changed, value);
        state.set(changed);
    })
}
