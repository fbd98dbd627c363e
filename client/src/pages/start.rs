//! What the user may start: the two that are done most large, the rest below; and, from a record, what can follow from it.

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Columns, Field, Part, REGISTERS, Register, Shape};
use lianxin_shared::rules::{Principal, may_start, names_work};
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::query::ToQuery;

use super::link::Go;
use crate::components::{Empty, label};
use crate::i18n::use_texts;
use crate::route::Route;
use crate::session::use_session;

/// How many stand out: the first of the registers, whose order is that of use.
const MAX_LARGE: usize = 2;

/// The part of an address that says how a new form starts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewQuery {
    /// What is already written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<DocId>,
    /// The field that names what it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<DocId>,
}

/// The registers of work in which the user may start records, in the order of use.
pub fn startable(principal: &Principal) -> Vec<&'static Register> {
    REGISTERS
        .iter()
        .copied()
        .filter(|register| register.columns == Columns::Work && may_start(principal, register))
        .collect()
}

/// What the user may start that rests on a record of this kind, each with the field that names it.
pub fn followers(principal: &Principal, kind: &str) -> Vec<(&'static Register, &'static Field)> {
    let names = |field: &&'static Field| match field.shape {
        Shape::Reference(named) | Shape::References { kind: named, .. } => named == kind && names_work(field),
        _ => false,
    };
    let fills = |register: &Register, field: &Field| {
        let is_starter = |part: &Part| *part == Part::Owner || register.create.contains(part);
        field.edit.iter().any(is_starter)
    };
    startable(principal)
        .into_iter()
        .filter_map(|register| {
            let field = register.fields.iter().find(names)?;
            fills(register, field).then_some((register, field))
        })
        .collect()
}

/// The page of what can be started.
#[component]
pub fn Start() -> Html {
    let t = use_texts();
    let Some(session) = use_session() else {
        return html! {};
    };
    let mut all = startable(&session.principal);
    let rest = all.split_off(MAX_LARGE.min(all.len()));
    let rest = rest.into_iter().map(|register| {
        let kind = register.kind.to_owned();
        let test = format!("new-{kind}");
        html! { <li><Go to={Route::New { kind }} {test}>{ t.get(&format!("new-{}", register.kind)) }</Go></li> }
    });
    html! {
        <main class="page" id="page">
            <h1>{ t.get("start") }</h1>
            if all.is_empty() {
                <Empty><p>{ t.get("start-nothing") }</p></Empty>
            } else {
                <LargeButtons />
                <ul class="links">{ for rest }</ul>
            }
        </main>
    }
}

/// The two that are done most, as large as a thumb cannot miss.
#[component]
pub fn LargeButtons() -> Html {
    let t = use_texts();
    let Some(session) = use_session() else {
        return html! {};
    };
    let first = startable(&session.principal).into_iter().take(MAX_LARGE);
    let buttons = first.enumerate().map(|(n, register)| {
        let kind = register.kind.to_owned();
        let class = classes!("button", "large", (n == 0).then_some("primary"));
        let test = format!("new-{kind}");
        html! { <Go to={Route::New { kind }} {class} {test}>{ t.get(&format!("new-{}", register.kind)) }</Go> }
    });
    html! { <div class="actions">{ for buttons }</div> }
}

/// What follows needs.
#[derive(PartialEq, Properties)]
pub struct FollowProps {
    /// The record that it follows from.
    pub id: DocId,
    /// Its kind.
    pub kind: &'static str,
}

/// What the user may start from a record; the form starts with the link to it. Nothing where there is nothing.
#[component]
pub fn Follow(props: &FollowProps) -> Html {
    let t = use_texts();
    let followers = use_session().map(|session| followers(&session.principal, props.kind));
    let followers = followers.unwrap_or_default();
    if followers.is_empty() {
        return html! {};
    }
    let links = followers.into_iter().map(|(register, field)| {
        let query = NewQuery {
            draft: None,
            field: Some(field.name.to_owned()),
            of: Some(props.id),
        };
        // Names and ids always make a query.
        let query = query.to_query().unwrap_or_default().into_owned();
        let to = Route::New {
            kind: register.kind.to_owned(),
        };
        let test = format!("follow-{}", register.kind);
        html! { <Go class="button" {to} {query} {test}>{ label::kind(&t, register.kind) }</Go> }
    });
    html! {
        <section class="section" data-test="follow">
            <h2>{ t.get("start-from-this") }</h2>
            <div class="actions">{ for links }</div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianxin_shared::rules::Role;

    fn kinds(registers: &[&'static Register]) -> Vec<&'static str> {
        registers.iter().map(|register| register.kind).collect()
    }

    fn followed(principal: &Principal, kind: &str) -> Vec<(&'static str, &'static str)> {
        let all = followers(principal, kind).into_iter();
        all.map(|(register, field)| (register.kind, field.name)).collect()
    }

    #[test]
    fn everybody_starts_what_is_theirs_in_the_order_of_use() {
        let host = Principal {
            hosts: [DocId([1; 16])].into(),
            ..Principal::new("host1".parse().unwrap(), [Role::Host])
        };
        assert_eq!(kinds(&startable(&host))[..2], ["suggestion", "activity"]);
        let leader = Principal::new("leader1".parse().unwrap(), [Role::Member, Role::Leader]);
        assert_eq!(kinds(&startable(&leader))[..2], ["opinion_report", "visit"]);
        let handler = Principal::new("handler1".parse().unwrap(), [Role::Handler]);
        assert!(startable(&handler).is_empty());
    }

    #[test]
    fn what_follows_comes_from_the_declarations() {
        let member = Principal::new("member1".parse().unwrap(), [Role::Member]);
        assert_eq!(followed(&member, "visit"), [("help_case", "visit")]);
        assert_eq!(
            followed(&member, "opinion_report"),
            [("proposal", "reports"), ("consultation", "reports")]
        );
        assert!(followed(&member, "suggestion").contains(&("opinion_report", "suggestions")));
        assert!(
            followed(&member, "rectification").is_empty(),
            "the public page's comments are not started here"
        );
    }
}
