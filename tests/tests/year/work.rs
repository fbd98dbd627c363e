//! What members and the office do in a year, each at a desk of their own.

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Event, Value};
use lianxin_shared::rules::Subject;
use lianxin_tests::desk::Desk;
use lianxin_tests::until::until;

use crate::count::{day, state};
use crate::district::{District, list, one, when};

impl District {
    /// An entry of the consultation plan, from what was asked beforehand to what became of it.
    pub(crate) async fn consult(&mut self) -> Result<()> {
        let participants = [self.member.me()?, self.convener.me()?];
        let values = [
            ("type", Value::from("counterpart")),
            ("topic", Value::from("老旧小区的扶手装在哪里")),
            ("why", Value::from("一年来居民反映三十次。")),
            ("held_at", when(day(self.year, 5, 20)?)),
            ("asked", list(&[self.find("group", "专委会一").await?])),
            ("opinions", Value::from("先在两个单元试装。")),
            ("participants", list(&participants)),
        ];
        let clerk = &mut self.clerk;
        let id = clerk.start("consultation", None, values, Some("propose")).await?;
        clerk.act(id, "plan", "").await?;
        clerk.act(id, "hold", "").await?;
        let send = clerk.event("send");
        let agreed = [("agreed", Value::from("两个单元先装，半年后再议。"))];
        clerk.edit(id, agreed, Some(send)).await?;
        clerk.act(id, "apply", "两个单元已于6月装好。").await?;
        self.tally.credit_all(&participants, "consultation");
        self.tally.print("协商", &state("consultation", "applied"), 1);
        Ok(())
    }

    /// A member's promise, kept, which the office confirms.
    pub(crate) async fn promise(&mut self) -> Result<()> {
        let me = self.member.me()?;
        let values = [
            ("promise", Value::from(PROMISE)),
            ("by_when", when(day(self.year, 12, 20)?)),
            ("person", one(me)),
        ];
        let id = self
            .member
            .start("commitment", None, values, Some("publish"))
            .await?;
        self.member
            .act(id, "keep", "每月一次，共十一次，记下意见四十条。")
            .await?;
        self.clerk.act(id, "confirm", "").await?;
        self.tally.credit_all(&[me], "commitment");
        self.tally.credit_all(&[me], "commitment_kept");
        Ok(())
    }

    /// Activities at both stations, which the office confirms.
    pub(crate) async fn meet(&mut self) -> Result<()> {
        let members = [self.member.me()?, self.convener.me()?];
        let plan = [
            ("reception", "三月接待群众", 3, 30, "工作室一"),
            ("study", "学习养老政策", 4, 12, "委员之家一"),
            ("relief", "看望独居老人", 9, 5, "工作室一"),
        ];
        for (kind, subject, month, reached, name) in plan {
            let n = usize::from(name == "委员之家一");
            let (station, held_at) = (self.stations[n], day(self.year, month, 10)?);
            let values = [
                ("type", Value::from(kind)),
                ("subject", Value::from(subject)),
                ("held_at", when(held_at)),
                ("participants", list(&members[n..=n])),
                ("reached", Value::Number(reached)),
                ("outcome", Value::from("当场说清三件，记下两件。")),
            ];
            let host = &mut self.hosts[n];
            let id = host
                .start("activity", Some(station), values, Some("submit"))
                .await?;
            let host = host.me()?;
            self.clerk.act(id, "confirm", "").await?;
            let tally = &mut self.tally;
            tally.credit_all(&[host, members[n]], "activity");
            tally.credit(&Subject::Station(station), "activity", 1);
            tally.credit(&Subject::Station(station), "reached", reached);
            tally.print("各工作室活动", name, 1);
            tally.print_month("活动", held_at);
        }
        Ok(())
    }

    /// What several residents said becomes a report, and the report a proposal. Answers the report.
    pub(crate) async fn report(&mut self, suggestions: &[DocId]) -> Result<DocId> {
        let group = self.find("group", "界别小组一").await?;
        let values = [
            ("subject", Value::from("关于老旧小区适老化改造的信息")),
            ("situation", Value::from("四位居民说到同一件事：老人下不了楼。")),
            ("recommendation", Value::from("分批加装扶手和坡道。")),
            ("suggestions", list(suggestions)),
            ("group", one(group)),
        ];
        let member = &mut self.member;
        let id = member
            .start("opinion_report", None, values, Some("submit"))
            .await?;
        let clerk = &mut self.clerk;
        let grade = clerk.event("grade").with_words("情况清楚，建议可行。");
        let grade = grade.with_mark("depth", "deep").with_mark("weight", "heavy");
        clerk.take(id, grade).await?;
        clerk.act(id, "adopt", "已报送。").await?;
        clerk.act(id, "outcome", "列入明年计划。").await?;
        self.tally.credit_all(&[self.member.me()?], "opinion_report");
        self.tally.credit(&Subject::Group(group), "opinion_report", 1);
        self.tally.print("四个一：社情民意信息", "界别小组一", 1);
        Ok(id)
    }

    /// A proposal that is answered in general words first, and closed when it has been answered in others.
    pub(crate) async fn propose(&mut self, report: DocId) -> Result<()> {
        let group = self.find("group", "界别小组一").await?;
        let with = self.convener.me()?;
        let values = [
            ("subject", Value::from("关于分批加装扶手的提案")),
            ("type", Value::from("everyday")),
            ("reason", Value::from("老人上下楼不便。")),
            ("recommendation", Value::from("列入明年计划。")),
            ("reports", list(&[report])),
            ("proposers", list(&[with])),
            ("group", one(group)),
        ];
        let id = self
            .member
            .start("proposal", None, values, Some("submit"))
            .await?;
        let examine = self.clerk.event("examine").with_mark("quality", "good");
        self.clerk.take(id, examine).await?;
        self.clerk.act(id, "file", "").await?;
        let number = until("the server to number the proposal", async || {
            let status = self.clerk.record(id).await.ok()?.status()?;
            status.number.filter(|_| status.state == "filed")
        })
        .await?;
        ensure!(number == format!("{}-001", self.year), "it is number {number}");
        self.assign(id).await?;

        self.department
            .act(id, "answer", "我单位高度重视，将积极推进。")
            .await?;
        ensure!(
            self.is_general(id).await?,
            "nobody sees that this answer says nothing"
        );
        self.judge(id, "unsatisfied").await?;
        self.supervisor.act(id, "reopen", "请写明哪一天做什么。").await?;
        self.department
            .act(id, "answer", "已于11月3日装好6个单元，其余12月20日前装完。")
            .await?;
        ensure!(
            !self.is_general(id).await?,
            "an answer with dates in it says something"
        );
        self.judge(id, "satisfied").await?;
        self.clerk.act(id, "close", "已装好6个单元。").await?;

        self.tally.credit_all(&[self.member.me()?, with], "proposal");
        self.tally.credit(&Subject::Group(group), "proposal", 1);
        self.tally.print("提案", &state("proposal", "closed"), 1);
        self.tally.print("四个一：提案", "界别小组一", 1);
        self.tally.print_month("提案", self.now);
        Ok(())
    }

    async fn is_general(&self, proposal: DocId) -> Result<bool> {
        let path = "/api/records?kind=proposal&care=general&handler=handler1";
        let page = self.clerk.get(path).await?;
        let records = page["records"].as_array().context("no records")?;
        let id = proposal.to_string();
        Ok(records.iter().any(|record| record["id"] == id.as_str()))
    }

    async fn judge(&mut self, proposal: DocId, satisfaction: &str) -> Result<()> {
        let judge = self.member.event("judge").with_mark("satisfaction", satisfaction);
        self.member.take(proposal, judge).await
    }

    /// The office gives something to the department, with a day by which it is due.
    pub(crate) async fn assign(&mut self, id: DocId) -> Result<()> {
        let assign = Event {
            handler: Some(self.department.principal.user.clone()),
            due: Some(day(self.year, 12, 20)?),
            ..self.clerk.event("assign")
        };
        self.clerk.take(id, assign).await
    }

    /// Visits at the leader's desk: so many members at each.
    pub(crate) async fn visit(&mut self, visits: &[&[(DocId, String)]]) -> Result<()> {
        for (month, visited) in (4..).zip(visits) {
            let ids: Vec<_> = visited.iter().map(|(id, _)| *id).collect();
            let values = [
                ("subject", Value::from("走访委员")),
                ("visited", list(&ids)),
                ("held_at", when(day(self.year, month, 8)?)),
            ];
            let leader = &mut self.leader;
            let id = leader.start("visit", None, values, Some("plan")).await?;
            let hold = leader.event("hold");
            let heard = [("heard", Value::from("希望多到一线调研。"))];
            leader.edit(id, heard, Some(hold)).await?;
            leader.act(id, "close", "已排进下季度的调研。").await?;
            self.count_visit(visited)?;
        }
        Ok(())
    }

    /// Two problems that were heard on a visit: one is solved, one cannot be, and both are confirmed to be so.
    pub(crate) async fn help(&mut self, visit: DocId) -> Result<()> {
        let leader = &mut self.leader;
        let me = leader.me()?;
        for (subject, end, words) in [
            ("单元门打不开", "solve", "门轴已于4月20日换好。"),
            ("想在屋顶加盖一间", "give_up", "屋顶不能加盖，已当面说明。"),
        ] {
            let values = [
                ("subject", Value::from(subject)),
                ("for_whom", Value::from("member")),
                ("problem", Value::from("走访时听到的。")),
                ("visit", one(visit)),
            ];
            let id = leader.start("help_case", None, values, Some("open")).await?;
            leader.act(id, end, words).await?;
            leader.act(id, "confirm", "本人说是这样。").await?;
        }
        self.tally.credit(&Subject::Person(me), "help_case", 2);
        self.tally.credit(&Subject::Person(me), "help_solved", 1);
        Ok(())
    }

    /// A supervision group looks at something, finds something, and follows it up.
    pub(crate) async fn supervise(&mut self) -> Result<()> {
        let group = self.find("group", "监督小组一").await?;
        let department = self.find("group", "部门一").await?;
        let participants = [self.member.me()?, self.convener.me()?];
        let values = [
            ("group", one(group)),
            ("topic", Value::from("扶手经费用到哪里")),
            ("held_at", when(day(self.year, 10, 15)?)),
            ("participants", list(&participants)),
        ];
        let convener = &mut self.convener;
        let id = convener.start("supervision", None, values, Some("plan")).await?;
        let hold = convener.event("hold");
        let looked = [("looked_at", Value::from("账目和三个单元。"))];
        convener.edit(id, looked, Some(hold)).await?;
        let send = convener.event("send");
        let found = [
            ("findings", Value::from("两个单元的扶手松动。")),
            ("criticism", Value::from("验收没有到现场。")),
            ("departments", list(&[department])),
        ];
        // What was found can be written down once it was held.
        convener.edit(id, found, Some(send)).await?;
        self.assign(id).await?;
        self.department
            .act(id, "reply", "已于10月28日重新固定，逐个验看。")
            .await?;
        self.convener
            .act(id, "follow_up", "11月2日到现场看过，牢固。")
            .await?;
        self.tally.credit_all(&participants, "supervision");
        self.tally.credit(&Subject::Group(group), "supervision", 1);
        self.tally.print("有发现的监督活动", "监督小组一", 1);
        Ok(())
    }

    /// The department works through the ledger until every task is claimed done. Answers those that are.
    pub(crate) async fn work_the_ledger(&mut self) -> Result<Vec<DocId>> {
        let mut claimed = Vec::new();
        for (task, _) in self.list("rectification").await? {
            if self.clerk.state(task).await? == "verified" {
                continue;
            }
            self.assign(task).await?;
            loop {
                let department: &mut Desk = &mut self.department;
                match department.state(task).await? {
                    "open" => department.act(task, "plan", "先查清，再逐项整改。").await?,
                    "planned" | "sent_back" => department.act(task, "begin", "").await?,
                    "under_way" => {
                        department.act(task, "report", "已完成三分之二。").await?;
                        let claim = department.event("claim").with_words("各项都已做完。");
                        let evidence = [("evidence", Value::from("台账、照片和回访记录。"))];
                        department.edit(task, evidence, Some(claim)).await?;
                    }
                    "claimed" => break,
                    other => anyhow::bail!("a task stands at {other}"),
                }
            }
            claimed.push(task);
        }
        for (measure, _) in self.list("measure").await? {
            if self.clerk.state(measure).await? != "done" {
                self.clerk.act(measure, "finish", "已做完，见台账。").await?;
            }
        }
        Ok(claimed)
    }
}

/// The promise.
pub(crate) const PROMISE: &str = "每月到工作室接待一次群众，当面答复。";
