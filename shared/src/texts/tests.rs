use std::collections::BTreeSet;

use fluent_bundle::FluentResource;

use super::*;
use crate::records::{Columns, FIGURES, Part, REGISTERS, Shape};
use crate::rules::{RefusalCode, Role};
use crate::standing::Standing;

fn keys(lang: Lang) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for source in lang.catalogues() {
        FluentResource::try_new((*source).to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{lang:?}: a catalogue does not parse: {errors:?}"));
        for line in source.lines() {
            let Some((key, _)) = line.split_once('=') else {
                continue;
            };
            if !line.starts_with([' ', '#', '-', '.', '}', '[', '*']) {
                let key = key.trim().to_owned();
                assert!(keys.insert(key.clone()), "{lang:?}: `{key}` stands twice");
            }
        }
    }
    keys
}

#[test]
fn both_languages_say_the_same_things() {
    let (zh, en) = (keys(Lang::Zh), keys(Lang::En));
    assert_eq!(
        zh.difference(&en).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "missing in English"
    );
    assert_eq!(
        en.difference(&zh).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "missing in Chinese"
    );
}

#[test]
fn whatever_is_declared_has_words() {
    let mut wanted = Vec::new();
    for register in REGISTERS {
        let kind = register.kind;
        wanted.push(format!("kind-{kind}"));
        for field in register.fields {
            wanted.push(format!("field-{kind}-{}", field.name));
            if let Shape::Choice(keys) | Shape::Choices(keys) = field.shape {
                wanted.extend(
                    keys.iter()
                        .map(|key| format!("choice-{kind}-{}-{key}", field.name)),
                );
            }
        }
        if register.columns == Columns::Work && register.create != [Part::Server] {
            wanted.push(format!("new-{kind}"));
        }
        if register.columns != Columns::Companion {
            wanted.extend(
                register
                    .lifecycle
                    .states()
                    .map(|state| format!("state-{kind}-{state}")),
            );
        }
        for mark in register.lifecycle.steps.iter().flat_map(|step| step.marks) {
            wanted.push(format!("choice-{kind}-{}", mark.name));
            wanted.extend(
                mark.keys
                    .iter()
                    .map(|key| format!("choice-{kind}-{}-{key}", mark.name)),
            );
        }
        wanted.extend(
            register
                .lifecycle
                .steps
                .iter()
                .map(|step| format!("act-{kind}-{}", step.act)),
        );
    }
    wanted.extend(
        RefusalCode::ALL
            .iter()
            .map(|code| format!("refusal-{}", code.as_str())),
    );
    wanted.extend(
        Standing::ALL
            .iter()
            .map(|standing| format!("standing-{}", standing.as_str())),
    );
    wanted.extend(Role::ALL.iter().map(|role| format!("role-{role}")));
    wanted.extend(
        FIGURES
            .iter()
            .map(|figure| format!("choice-target-figure-{figure}")),
    );
    for issue in [
        "required",
        "too-long",
        "not-a-choice",
        "control-characters",
        "wrong-shape",
    ] {
        wanted.push(format!("issue-{issue}"));
    }
    for lang in Lang::ALL {
        let texts = Texts::of(*lang);
        let missing: Vec<_> = wanted.iter().filter(|key| !texts.has(key)).collect();
        assert!(missing.is_empty(), "{lang:?}: {missing:?}");
    }
}

#[test]
fn arguments_stand_in_the_words() {
    assert_eq!(
        Texts::of(Lang::Zh).with("issue-too-long", &[("max", 100.into())]),
        "最多 100。"
    );
    assert_eq!(Texts::of(Lang::En).get("no-such-key"), "no-such-key");
    assert_eq!(Lang::from_accept("fr-FR,en-GB;q=0.8,zh"), Lang::En);
    assert_eq!(Lang::from_accept(""), Lang::Zh);
}
