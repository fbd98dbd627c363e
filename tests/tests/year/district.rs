//! Who lives the year, and where.

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::Value;
use lianxin_shared::rules::Subject;
use lianxin_tests::desk::Desk;
use lianxin_tests::server::Server;

use crate::count::Tally;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "lianxin-demo";
/// A leading member, who is attached to the first station.
pub(crate) const LEADER: &str = "leader2";
/// The leader's name.
pub(crate) const LEADER_NAME: &str = "委员丁";

/// How many members there are beside those of the demonstration, and how many of them the leader is to visit.
const MEMBERS: usize = 22;
const VISITED: usize = 20;

/// A district with the people at its desks.
pub(crate) struct District {
    pub(crate) server: Server,
    pub(crate) year: i16,
    /// When the year's last things happen.
    pub(crate) now: Moment,
    pub(crate) tally: Tally,
    pub(crate) clerk: Desk,
    pub(crate) supervisor: Desk,
    pub(crate) department: Desk,
    pub(crate) member: Desk,
    /// Convenes the sector group and the supervision group.
    pub(crate) convener: Desk,
    pub(crate) leader: Desk,
    /// Who hosts the first station, and who the second.
    pub(crate) hosts: [Desk; 2],
    pub(crate) stations: [DocId; 2],
    /// Members whom the leader visits, with their names.
    pub(crate) visited: Vec<(DocId, String)>,
}

impl District {
    /// Opens it, with members who have no account.
    pub(crate) async fn open() -> Result<Self> {
        let server = Server::start().await?;
        let url = server.url();
        let now = jiff::Timestamp::now().as_millisecond();
        let at = |user| Desk::sign_in(&url, user, PASSWORD, Moment(now));
        let hosts = [at("host1").await?, at("host3").await?];
        let station = |host: &Desk| host.principal.hosts.first().copied().context("no station");
        let stations = [station(&hosts[0])?, station(&hosts[1])?];
        server.add_leader(LEADER, LEADER_NAME, PASSWORD, &stations[..1])?;
        let (clerk, leader) = (at("clerk1").await?, at(LEADER).await?);
        let year = clerk.get("/api/year").await?["year"].as_i64();
        Ok(Self {
            year: i16::try_from(year.context("no year")?)?,
            now: Moment(now),
            tally: Tally::default(),
            clerk,
            supervisor: at("supervisor1").await?,
            department: at("handler1").await?,
            member: at("member1").await?,
            convener: at("member2").await?,
            leader,
            hosts,
            stations,
            visited: Vec::new(),
            server,
        })
    }

    /// Members are entered who have no account. Of these the leader is to visit all but two.
    pub(crate) async fn enter_members(&mut self) -> Result<()> {
        let mut admin = Desk::sign_in(&self.server.url(), "admin", PASSWORD, self.now).await?;
        for n in 1..=MEMBERS {
            let name = format!("委员{n:02}");
            let values = [
                ("name", Value::from(name.as_str())),
                ("sector", Value::from("界别一")),
            ];
            let id = admin.start("person", None, values, None).await?;
            if n <= VISITED {
                self.visited.push((id, name));
            }
        }
        let left = i64::try_from(MEMBERS - VISITED)?;
        self.tally.print("走访委员覆盖情况", "未走访", left);
        Ok(())
    }

    /// The leader has visited some of the members.
    pub(crate) fn count_visit(&mut self, visited: &[(DocId, String)]) -> Result<()> {
        let n = i64::try_from(visited.len())?;
        let leader = Subject::Person(self.leader.me()?);
        self.tally.credit(&leader, "visit", n);
        for (member, _) in visited {
            self.tally.credit(&Subject::Person(*member), "visited", 1);
        }
        self.tally.print("走访委员", LEADER_NAME, n);
        self.tally.print("走访委员覆盖情况", "已走访", n);
        Ok(())
    }

    /// A record of a list, by its name.
    pub(crate) async fn find(&self, kind: &str, name: &str) -> Result<DocId> {
        let found = self.list(kind).await?;
        let found = found.into_iter().find(|(_, title)| title == name);
        Ok(found.with_context(|| format!("no {kind} called {name}"))?.0)
    }

    /// The records of a kind, with their titles.
    pub(crate) async fn list(&self, kind: &str) -> Result<Vec<(DocId, String)>> {
        let page = self
            .clerk
            .get(&format!("/api/records?kind={kind}&limit=500"))
            .await?;
        ensure!(page["next"].is_null(), "there are more of {kind}");
        let records = page["records"].as_array().context("no records")?;
        records
            .iter()
            .map(|record| {
                let text = |key: &str| record[key].as_str().context("no text");
                Ok((text("id")?.parse()?, text("title")?.to_owned()))
            })
            .collect()
    }
}

/// Several records as a field's value.
pub(crate) fn list(ids: &[DocId]) -> Value {
    Value::List(ids.iter().map(ToString::to_string).collect())
}

/// One record as a field's value.
pub(crate) fn one(id: DocId) -> Value {
    Value::Text(id.to_string())
}

/// A moment as a field's value.
pub(crate) fn when(at: Moment) -> Value {
    Value::Number(at.0)
}
