//! The pure part of the book: a reducer over summaries and drafts.

use std::rc::Rc;

use lianxin_shared::id::{DocId, UserId};
use lianxin_shared::records::{Value, register};
use lianxin_shared::rules::{Channel, Principal, channels_read_by};
use lianxin_shared::standing::Standing;
use lianxin_shared::sync::Summary;
use lianxin_shared::texts::Lang;
use lianxin_shared::twins::{Twin, Twins};
use yew::prelude::*;

use super::index::{Index, bearer};
use crate::agent::LineState;
use crate::vault::Draft;

/// Every summary and draft; cheap to clone, equal to itself alone.
#[derive(Debug, Clone, Default)]
pub struct Book(Rc<Inner>);

#[derive(Debug, Clone, Default)]
struct Inner {
    /// Apart, so that a draft that is written with each key costs nothing of them.
    index: Rc<Index>,
    drafts: Vec<Draft>,
    lang: Lang,
    is_loaded: bool,
}

impl PartialEq for Book {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A record to choose from.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Its document.
    pub id: DocId,
    /// Its name.
    pub name: String,
}

/// A person.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The person's document.
    pub id: DocId,
    /// The name at sign-in; none for who has no account.
    pub user: Option<UserId>,
    /// The name.
    pub name: String,
}

/// What happens to the book.
#[derive(Debug)]
pub enum BookChange {
    /// Every summary was read; with what finds twins among them.
    Loaded(Vec<Rc<Summary>>, Twins),
    /// These documents are now as these summaries say; those without one are gone.
    Changed(Vec<DocId>, Vec<Rc<Summary>>),
    /// The drafts are these.
    Drafts(Vec<Draft>),
    /// Another language.
    Speak(Lang),
}

impl Reducible for Book {
    type Action = BookChange;

    fn reduce(self: Rc<Self>, change: BookChange) -> Rc<Self> {
        let mut inner = (*self.0).clone();
        match change {
            BookChange::Loaded(summaries, twins) => {
                inner.index = Rc::new(Index::of(summaries, twins));
                inner.is_loaded = true;
            }
            BookChange::Changed(ids, summaries) => Rc::make_mut(&mut inner.index).change(&ids, summaries),
            BookChange::Drafts(drafts) => inner.drafts = drafts,
            BookChange::Speak(lang) => inner.lang = lang,
        }
        Rc::new(Self(Rc::new(inner)))
    }
}

impl Book {
    /// Whether the vault has been read.
    pub fn is_loaded(&self) -> bool {
        self.0.is_loaded
    }

    /// A document's summary.
    pub fn get(&self, id: &DocId) -> Option<&Rc<Summary>> {
        self.0.index.summaries.get(id)
    }

    /// The records of work, last started first.
    pub fn records(&self) -> &[Rc<Summary>] {
        &self.0.index.work
    }

    /// Everything half written, last touched first.
    pub fn drafts(&self) -> &[Draft] {
        &self.0.drafts
    }

    /// The records of work that have something to send, themselves or in their companion, last started first.
    pub fn unsent(&self) -> &[Rc<Summary>] {
        &self.0.index.unsent
    }

    /// The records of work that ask something of the user, last started first.
    pub fn attention(&self, user: &Principal) -> Vec<Rc<Summary>> {
        let asking = self.0.index.asking.iter();
        asking.filter(|record| concerns(user, record)).cloned().collect()
    }

    /// At most `n` records that are likely to speak of the same as a text, the likest first; not `own`, of which it is the text.
    pub fn likely(&self, text: &str, n: usize, own: DocId) -> Vec<Twin> {
        self.0.index.twins.likely(text, n, |id| id != own)
    }

    /// Which records name a record, last started first, with the field by which they do.
    pub fn named_by(&self, id: &DocId) -> &[(String, DocId)] {
        self.0.index.named_by.get(id).map_or(&[], Vec::as_slice)
    }

    /// The name of a station, theme or person.
    pub fn title(&self, id: &DocId) -> Option<Rc<str>> {
        self.get(id).map(|summary| self.name(summary).into())
    }

    /// A person's name by the login name, else the login name.
    pub fn person(&self, user: &UserId) -> String {
        let person = self.0.index.users.get(user).and_then(|id| self.get(id));
        person.map_or_else(|| user.to_string(), |person| person.title.clone())
    }

    /// The person who signs in by this name, if there is one on record.
    pub fn person_of(&self, user: &UserId) -> Option<DocId> {
        self.0.index.users.get(user).copied()
    }

    /// Everything of a kind of reference data, retired or not, by name.
    pub fn every(&self, kind: &str) -> Vec<Rc<Summary>> {
        let all = self.0.index.summaries.values();
        let mut all: Vec<_> = all.filter(|summary| summary.kind == kind).cloned().collect();
        all.sort_by(|a, b| (self.name(a), a.doc).cmp(&(self.name(b), b.doc)));
        all
    }

    /// The records of a kind to choose from, in the order that their office gave them. Retired ones are not offered.
    pub fn references(&self, kind: &str) -> Vec<Choice> {
        let mut found: Vec<_> = self.active(kind).collect();
        let rank = |summary: &Summary| {
            summary
                .reference
                .get("rank")
                .and_then(Value::number)
                .unwrap_or(i64::MAX)
        };
        found.sort_by(|a, b| (rank(a), &a.title, a.doc).cmp(&(rank(b), &b.title, b.doc)));
        found
            .into_iter()
            .map(|summary| Choice {
                id: summary.doc,
                name: self.name(summary).to_owned(),
            })
            .collect()
    }

    /// The active people, by name.
    pub fn people(&self) -> Vec<Person> {
        let mut people: Vec<_> = self
            .active("person")
            .map(|summary| Person {
                id: summary.doc,
                user: bearer(summary).map(|(user, _)| user),
                name: summary.title.clone(),
            })
            .collect();
        people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        people
    }

    fn active(&self, kind: &str) -> impl Iterator<Item = &Rc<Summary>> {
        let start = register(kind).map(|register| register.lifecycle.start);
        let is_active = move |s: &&Rc<Summary>| {
            Some(s.kind.as_str()) == start.and(Some(kind)) && Some(s.state.as_str()) == start
        };
        self.0
            .index
            .summaries
            .values()
            .filter(is_active)
            .collect::<Vec<_>>()
            .into_iter()
    }

    fn name<'a>(&self, summary: &'a Summary) -> &'a str {
        let english = summary
            .reference
            .get("name_en")
            .and_then(Value::text)
            .filter(|name| !name.is_empty());
        match self.0.lang {
            Lang::En => english.unwrap_or(&summary.title),
            Lang::Zh => &summary.title,
        }
    }
}

/// Where a record stands, given what is being sent right now.
pub fn standing(summary: &Summary, line: &LineState) -> Standing {
    summary.standing(line.on_their_way.contains(&summary.doc))
}

/// Whether a record is the user's business, by whatever channel it came: not only because everybody may read it.
pub fn concerns(user: &Principal, summary: &Summary) -> bool {
    let read = channels_read_by(user);
    let own = |channel: &Channel| *channel != Channel::District && read.contains(channel);
    let mut channels = summary.channels.iter().filter_map(|name| name.parse().ok());
    channels.any(|channel| own(&channel))
}

#[cfg(test)]
mod tests {
    use super::super::index::hold;
    use super::*;
    use lianxin_shared::id::Moment;
    use lianxin_shared::rules::Role;
    use lianxin_shared::sync::Named;
    use lianxin_shared::twins::Sketch;

    fn summary(n: u8, kind: &str, state: &str, title: &str) -> Summary {
        Summary {
            doc: DocId([n; 16]),
            kind: kind.to_owned(),
            station: None,
            owner: "host1".parse().unwrap(),
            created_at: Moment(i64::from(n)),
            when: Moment(0),
            state: state.to_owned(),
            since: None,
            words: None,
            title: title.to_owned(),
            theme: None,
            search: String::new(),
            reference: lianxin_shared::records::Values::new(),
            channels: vec!["user:host1".to_owned()],
            unsent: false,
            refusal: None,
            accepted: lianxin_shared::id::Heads::default(),
            handler: None,
            due: None,
            number: None,
            links: Vec::new(),
            credits: Vec::new(),
            sketch: None,
            thumb: None,
        }
    }

    fn shared<const N: usize>(summaries: [Summary; N]) -> Vec<Rc<Summary>> {
        summaries.into_iter().map(Rc::new).collect()
    }

    fn loaded(summaries: Vec<Rc<Summary>>) -> BookChange {
        let mut twins = Twins::default();
        summaries.iter().for_each(|summary| hold(&mut twins, summary));
        BookChange::Loaded(summaries, twins)
    }

    fn book(changes: Vec<BookChange>) -> Book {
        let start = Rc::new(Book::default());
        (*changes
            .into_iter()
            .fold(start, |book, change| book.reduce(change)))
        .clone()
    }

    #[test]
    fn names_come_from_the_reference_records() {
        let mut person = summary(1, "person", "active", "委员甲");
        person.reference.insert("user".to_owned(), Value::from("member1"));
        let mut theme = summary(2, "theme", "active", "大气污染治理");
        theme
            .reference
            .insert("name_en".to_owned(), Value::from("Clean air"));
        let retired = summary(3, "theme", "retired", "旧主题");
        let loaded = || loaded(shared([person.clone(), theme.clone(), retired.clone()]));
        let zh = book(vec![loaded()]);
        assert_eq!(zh.person(&"member1".parse().unwrap()), "委员甲");
        assert_eq!(zh.person(&"nobody".parse().unwrap()), "nobody");
        assert_eq!(zh.references("theme").len(), 1);
        assert_eq!(zh.references("theme")[0].name, "大气污染治理");
        let en = book(vec![loaded(), BookChange::Speak(Lang::En)]);
        assert_eq!(en.title(&theme.doc).as_deref(), Some("Clean air"));
    }

    #[test]
    fn lists_show_work_alone_and_the_latest_first() {
        let sent = summary(5, "suggestion", "received", "路灯");
        let mut unsent = summary(1, "contact", "kept", "居民");
        unsent.doc = sent.doc.companion("contact");
        unsent.unsent = true;
        let returned = summary(4, "activity", "returned", "接待");
        let all = shared([unsent, returned, sent]);
        let book = book(vec![loaded(all)]);
        let titles: Vec<_> = book.records().iter().map(|s| s.title.clone()).collect();
        assert_eq!(titles, ["路灯", "接待"]);
        assert_eq!(
            book.unsent()[0].title,
            "路灯",
            "a companion that waits is shown as its record"
        );
        let user = |name: &str| Principal::new(name.parse().unwrap(), [Role::Host]);
        assert_eq!(book.attention(&user("host1")).len(), 1);
        assert_eq!(
            book.attention(&user("host2")).len(),
            0,
            "somebody else's business"
        );
    }

    #[test]
    fn links_are_followed_back() {
        let visit = summary(1, "visit", "done", "走访");
        let mut case = summary(2, "help_case", "open", "加装扶手");
        case.links = vec![Named {
            field: "visit".to_owned(),
            to: visit.doc,
        }];
        let (id, case_id) = (visit.doc, case.doc);
        let book = book(vec![loaded(shared([visit, case]))]);
        assert_eq!(book.named_by(&id), [("visit".to_owned(), case_id)]);
        assert!(book.named_by(&case_id).is_empty());
    }

    #[test]
    fn what_speaks_of_the_same_follows_every_change() {
        let said = "梧桐苑三号楼的电梯经常停运";
        let sketched = |n, text: &str| Summary {
            sketch: Some(Sketch::of(text).to_bytes().into()),
            ..summary(n, "suggestion", "received", text)
        };
        let (first, second, other) = (
            sketched(1, said),
            sketched(2, said),
            sketched(3, "菜场门口的早点摊"),
        );
        let (a, b, c) = (first.doc, second.doc, other.doc);
        let likely = |book: &Book| {
            let found = book.likely(said, 3, a);
            found.into_iter().map(|twin| twin.id).collect::<Vec<_>>()
        };
        let loaded = loaded(shared([first, second, other]));
        let before = book(vec![loaded]);
        assert_eq!(likely(&before), [b]);
        let changed = BookChange::Changed(vec![b, c], shared([sketched(3, said)]));
        let after = (*Rc::new(before.clone()).reduce(changed)).clone();
        assert_eq!(likely(&after), [c]);
        assert_eq!(
            likely(&before),
            [b],
            "what is drawn does not change under the hand"
        );
    }

    #[test]
    fn what_is_gone_from_the_vault_goes_from_the_book() {
        let kept = summary(1, "suggestion", "received", "路灯");
        let gone = summary(2, "suggestion", "received", "电梯");
        let mut renamed = kept.clone();
        renamed.title = "路灯坏了".to_owned();
        let ids = vec![kept.doc, gone.doc];
        let book = book(vec![
            loaded(shared([kept, gone])),
            BookChange::Changed(ids, shared([renamed])),
        ]);
        let titles: Vec<_> = book.records().iter().map(|s| s.title.clone()).collect();
        assert_eq!(titles, ["路灯坏了"]);
    }
}
