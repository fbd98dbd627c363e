//! Who may sign in: the list, and one account beside it.

use std::rc::Rc;

use lianxin_shared::rules::Principal;
use serde::Deserialize;
use yew::prelude::*;

use super::Places;
use super::account::{Changing, Starting};
use crate::components::{Empty, Notice, SearchBox, Tone};
use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::pages::office::failure;
use crate::pages::office::use_asked;
use crate::route::Route;

/// An account as the server tells it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Account {
    /// The name at sign-in, the roles, and where the user belongs.
    #[serde(flatten)]
    pub(super) principal: Principal,
    /// The name that people know.
    pub(super) name: String,
    /// Whether it is shut out.
    pub(super) disabled: bool,
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct AccountsProps {
    /// The account that is open beside the list.
    #[prop_or_default]
    pub(super) open: Option<String>,
    /// Whether one is being added.
    #[prop_or_default]
    pub(super) is_new: bool,
}

/// The list of accounts with one of them.
#[component]
pub(super) fn Accounts(props: &AccountsProps) -> Html {
    let t = use_texts();
    let asked = use_asked::<Vec<Account>>(Some("/api/accounts".to_owned()));
    let sought = use_state(String::new);
    let on_input = {
        let sought = sought.setter();
        Callback::from(move |words| sought.set(words))
    };
    let accounts = asked.answer.clone().unwrap_or_default();
    let words = sought.trim().to_lowercase();
    let fits = |account: &&Account| {
        account.name.contains(&words) || account.principal.user.as_str().contains(&words)
    };
    let rows = accounts.iter().filter(fits).map(|account| {
        let user = account.principal.user.to_string();
        let is_open = props.open.as_ref() == Some(&user);
        html! { <li key={user}><Row account={account.clone()} {is_open} /></li> }
    });
    let opened = props.open.as_ref().and_then(|user| {
        let is_it = |account: &&Account| account.principal.user.as_str() == user;
        accounts.iter().find(is_it).cloned().map(Rc::new)
    });
    html! {
        <>
            <section class="pane list" aria-labelledby="accounts-title">
                <Places current={Route::Admin} />
                <h1 id="accounts-title">{ t.get("admin-accounts") }</h1>
                <SearchBox label={t.get("account-search")} value={(*sought).clone()} {on_input} />
                <Go to={Route::NewAccount} class="button" test="new-account">{ t.get("account-new") }</Go>
                if let Some(error) = &asked.error {
                    <Notice tone={Tone::Attention}><p data-test="failure">{ failure::of_api(&t, error) }</p></Notice>
                }
                if asked.answer.is_none() && asked.error.is_none() {
                    <Empty><p role="status">{ t.get("admin-loading") }</p></Empty>
                } else {
                    <ul class="rows">{ for rows }</ul>
                }
            </section>
            <section class="pane record" aria-label={t.get("account")}>
                <Go class="back button quiet" to={Route::Admin} test="back">{ t.get("account-back") }</Go>
                if props.is_new {
                    <Starting on_done={asked.again.clone()} />
                } else if let Some(account) = opened {
                    <Changing key={account.principal.user.to_string()} account={Rc::clone(&account)} on_done={asked.again.clone()} />
                } else {
                    <Empty><p>{ t.get("account-choose") }</p></Empty>
                }
            </section>
        </>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct RowProps {
    account: Account,
    is_open: bool,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let t = use_texts();
    let Account {
        principal,
        name,
        disabled,
    } = &props.account;
    let user = principal.user.to_string();
    let roles = principal.roles.iter().map(|role| t.get(&format!("role-{role}")));
    let roles = roles.collect::<Vec<_>>().join(&t.get("ui-separator"));
    html! {
        <Go class={classes!("row", props.is_open.then_some("open"))} to={Route::Account { user: user.clone() }}
            current={props.is_open} test="account">
            <span class="row-title">{ name }</span>
            <span class="row-meta"><span>{ user }</span><span>{ roles }</span></span>
            if *disabled {
                <span class="row-state"><span class="badge">{ t.get("account-disabled") }</span></span>
            }
        </Go>
    }
}
