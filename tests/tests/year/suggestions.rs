//! The year's suggestions, as the test keeps account of them.

use anyhow::{Context, Result};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::rules::{SERVER, Subject};

use crate::count::{Tally, day, state};
use crate::district::District;
use crate::resident::Resident;

/// What a resident is answered in public.
pub(crate) const PUBLIC_ANSWER: &str = "两盏路灯已于6月20日修好。";

/// What one resident said.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    id: DocId,
    station: DocId,
    /// Who took it down.
    by: Subject,
    theme: DocId,
    at: Moment,
    state: &'static str,
}

impl Said {
    /// Taken down by somebody at a station.
    pub(crate) fn at(id: DocId, station: DocId, person: DocId, theme: DocId, at: Moment) -> Self {
        Self {
            id,
            station,
            by: Subject::Person(person),
            theme,
            at,
            state: "received",
        }
    }

    /// Taken down by the leader, today.
    pub(crate) fn from_leader(district: &District, id: DocId, theme: DocId) -> Result<Self> {
        let me = district.leader.me()?;
        Ok(Self::at(id, district.stations[0], me, theme, district.now))
    }
}

/// Where those stand that speak of the same: the first of each tablet's.
const SAME: [(usize, &str); 3] = [
    (0, "三号楼的电梯又停了，老人下不了楼，请派人来修。"),
    (3, "三号楼电梯又停了，楼上的老人下不了楼，请来修。"),
    (10, "我母亲住三号楼，电梯又停了，老人下不了楼。"),
];
/// What else there is to say.
const TROUBLES: [&str; 7] = [
    "消防通道常被占用，救护车进不来",
    "希望社区食堂晚上也开",
    "菜场后门的污水没人清",
    "孩子入园名额太少，报名要排一夜",
    "路灯坏了两盏，晚上很黑",
    "早市的秤不准，退钱没人管",
    "烧煤的小锅炉还在冒黑烟",
];

/// All that was said.
pub(crate) struct Suggestions {
    /// What is said on each of the four ways: on the leader's tablet, on those of both stations, and in public.
    pub(crate) themes: [DocId; 4],
    names: [String; 4],
    /// When the stations' tablets take theirs down.
    pub(crate) taken: [Moment; 2],
    all: Vec<Said>,
}

impl Suggestions {
    /// None yet.
    pub(crate) async fn of(district: &District) -> Result<Self> {
        let mut themes = district.list("theme").await?;
        themes.truncate(4);
        let themes: [_; 4] = themes.try_into().ok().context("too few themes")?;
        Ok(Self {
            themes: themes.each_ref().map(|(id, _)| *id),
            names: themes.map(|(_, name)| name),
            taken: [day(district.year, 2, 12)?, day(district.year, 6, 18)?],
            all: Vec::new(),
        })
    }

    /// The words of the next so many.
    pub(crate) fn bodies(&self, n: usize) -> Vec<String> {
        let from = self.all.len();
        (from..from + n).map(body).collect()
    }

    /// One more was said.
    pub(crate) fn heard(&mut self, said: Said) {
        self.all.push(said);
    }

    /// Those that speak of the same: the one that is answered, and two that are merged into it.
    pub(crate) fn same(&self) -> [DocId; 3] {
        SAME.map(|(n, _)| self.all[n].id)
    }

    /// The one that is published.
    pub(crate) fn published(&self) -> DocId {
        self.all[20].id
    }

    /// One of them stands elsewhere now.
    pub(crate) fn stands(&mut self, id: DocId, state: &'static str) {
        let said = self.all.iter_mut().filter(|said| said.id == id);
        said.for_each(|said| said.state = state);
    }

    /// Ten residents send theirs by the public page of the second station. Whoever writes there has no account: the
    /// server owns what they say.
    pub(crate) async fn from_residents(&mut self, district: &District) -> Result<()> {
        let (url, station, theme) = (district.server.url(), district.stations[1], self.themes[3]);
        let mut receipts = Vec::new();
        for (n, body) in (1..).zip(self.bodies(10)) {
            let code = Resident::new(&url, n)?.suggest(station, theme, &body).await?;
            receipts.push(code);
        }
        let known = district.list("suggestion").await?;
        for code in receipts {
            let is_it = |(id, _): &&(DocId, String)| id.receipt_code() == code;
            let (id, _) = known.iter().find(is_it).context("a receipt for nothing")?;
            self.heard(Said {
                by: Subject::User(SERVER.parse()?),
                ..Said::at(*id, station, *id, theme, district.now)
            });
        }
        Ok(())
    }

    /// The office sees to some of the others: declined, returned, accepted, assigned, answered, published and rated.
    pub(crate) async fn see_to(&mut self, district: &mut District) -> Result<()> {
        let ids: Vec<_> = self.all.iter().map(|said| said.id).collect();
        for n in [1, 11] {
            let words = "已有专项整治，不再立项。";
            district.clerk.act(ids[n], "decline", words).await?;
            self.stands(ids[n], "declined");
        }
        district.clerk.act(ids[5], "return", "请补上是哪个门。").await?;
        self.stands(ids[5], "returned");
        for n in [4, 12, 20, 21] {
            district.clerk.act(ids[n], "accept", "").await?;
            self.stands(ids[n], "accepted");
        }
        for n in [12, 20] {
            district.assign(ids[n]).await?;
            self.stands(ids[n], "assigned");
        }
        district
            .clerk
            .act(ids[21], "answer", "自12月1日起加开晚餐。")
            .await?;
        self.stands(ids[21], "answered");
        let published = self.published();
        district
            .department
            .act(published, "answer", PUBLIC_ANSWER)
            .await?;
        district.clerk.act(published, "publish", "").await?;
        let resident = Resident::new(&district.server.url(), 1)?;
        resident
            .judge(&published.receipt_code(), "satisfied", "修好了。")
            .await?;
        self.stands(published, "rated");
        Ok(())
    }

    /// Counts them: what each is worth to whom, and where it is printed.
    pub(crate) fn count(&self, tally: &mut Tally) {
        for said in &self.all {
            if !["declined", "returned"].contains(&said.state) {
                tally.credit(&said.by, "suggestion", 1);
                tally.credit(&Subject::Station(said.station), "suggestion", 1);
            }
            let theme = self.themes.iter().position(|theme| *theme == said.theme);
            let theme = theme.map_or("", |n| self.names[n].as_str());
            tally.print("社情民意", &state("suggestion", said.state), 1);
            tally.print("各主题社情民意", theme, 1);
            tally.print_waiting(theme, ["answered", "rated"].contains(&said.state));
            tally.print_month("社情民意", said.at);
        }
    }
}

fn body(n: usize) -> String {
    let same = SAME.iter().find(|(at, _)| *at == n);
    same.map_or_else(
        || format!("第{n}户说：{}。", TROUBLES[n % TROUBLES.len()]),
        |(_, words)| (*words).to_owned(),
    )
}
