//! Two people who act on one record without knowing of each other: in whatever order what they did is put together, all see
//! the same record, and nothing of what either did is missing.

use lianxin_shared::document::{Actor, Author, Document, DocumentError};
use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::records::{Envelope, Event, Lifecycle, Mark, Object, REGISTERS, Step, Values, Words};
use proptest::prelude::*;

fn author(user: UserId, actor: u8) -> Author {
    Author {
        user,
        actor: Actor([actor; 16]),
        at: Moment(i64::from(actor)),
    }
}

fn event(step: &Step, author: &Author, choice: usize) -> Event {
    let event = Event::new(step.act, &author.user, author.at);
    let judged = |event: Event, mark: &Mark| event.with_mark(mark.name, mark.keys[choice % mark.keys.len()]);
    let event = step.marks.iter().fold(event, judged);
    let event = match step.words {
        Words::None => event,
        Words::Welcome | Words::Required => event.with_words(author.user.as_str()),
    };
    match step.object {
        Object::None => event,
        Object::Record => Event {
            into: Some(DocId([9; 16])),
            ..event
        },
        Object::Handler => Event {
            handler: Some(author.user.clone()),
            due: Some(Moment(1_000)),
            ..event
        },
        Object::Number => Event {
            number: Some(format!("第{choice}号")),
            ..event
        },
    }
}

/// Takes steps that are allowed from where the record stands, each as a change of its own.
fn walk(
    document: &mut Document,
    lifecycle: &Lifecycle,
    choices: &[usize],
    author: &Author,
) -> Result<Vec<Event>, DocumentError> {
    let mut taken = Vec::new();
    for choice in choices {
        let state = lifecycle.status(&document.record()?.timeline).state;
        let steps: Vec<_> = lifecycle.steps_from(state).collect();
        if let Some(step) = steps.get(choice % steps.len().max(1)) {
            let event = event(step, author, *choice);
            let base = document.heads();
            let events = std::slice::from_ref(&event);
            document.edit(&base, &Values::new(), events, author)?;
            taken.push(event);
        }
    }
    Ok(taken)
}

/// One after the other as `turns` says, each person's in the order in which they were taken.
fn interleaved(mut one: Vec<Vec<u8>>, mut other: Vec<Vec<u8>>, turns: &[bool]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    one.reverse();
    other.reverse();
    for turn in turns {
        all.extend(if *turn { one.pop() } else { other.pop() });
    }
    all.extend(one.into_iter().rev());
    all.extend(other.into_iter().rev());
    all
}

/// What of `all` is by this person.
fn by(all: &[Event], author: &Author) -> Vec<Event> {
    let theirs = all.iter().filter(|event| event.by == author.user);
    theirs.cloned().collect()
}

proptest! {
    #[test]
    fn in_whatever_order_all_see_the_same_and_both_stand(
        register in prop::sample::select(REGISTERS),
        before in prop::collection::vec(0..100usize, 0..6),
        one in prop::collection::vec(0..100usize, 1..5),
        other in prop::collection::vec(0..100usize, 1..5),
        turns in prop::collection::vec(any::<bool>(), 0..10),
        swapped: bool,
    ) {
        let owner = author("host1".parse().unwrap(), 1);
        let (first, second) = if swapped { (3, 2) } else { (2, 3) };
        let (clerk, member) = (author("clerk1".parse().unwrap(), first), author("member1".parse().unwrap(), second));
        let envelope = Envelope {
            schema: register.schema,
            kind: register.kind.to_owned(),
            id: DocId([1; 16]),
            station: None,
            owner: owner.user.clone(),
            created_at: owner.at,
            attachments: Vec::new(),
        };
        let mut base = Document::create(&envelope, &Values::new(), &[], &owner).unwrap();
        let taken_before = walk(&mut base, &register.lifecycle, &before, &owner).unwrap();
        let heads = base.heads();
        let (mut ones, mut others) = (base.clone(), base.clone());
        let by_clerk = walk(&mut ones, &register.lifecycle, &one, &clerk).unwrap();
        let by_member = walk(&mut others, &register.lifecycle, &other, &member).unwrap();
        let from_clerk = ones.changes_since(heads.as_slice());
        let from_member = others.changes_since(heads.as_slice());

        ones.apply(&from_member).unwrap();
        let seen = ones.record().unwrap();
        others.apply(&from_clerk).unwrap();
        prop_assert_eq!(&others.record().unwrap(), &seen);
        let changes = interleaved(from_clerk, from_member, &turns);
        for change in changes {
            base.apply(&[change]).unwrap();
        }
        prop_assert_eq!(&base.record().unwrap(), &seen);
        prop_assert_eq!(base.record().unwrap().status(), seen.status());
        prop_assert_eq!(Document::load(&base.save()).unwrap().record().unwrap(), seen.clone());

        prop_assert_eq!(by(&seen.timeline, &owner), taken_before);
        prop_assert_eq!(by(&seen.timeline, &clerk), by_clerk);
        prop_assert_eq!(by(&seen.timeline, &member), by_member);
    }
}
