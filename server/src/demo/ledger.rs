//! The ledger to show: the plan's own tasks and measures, with deadlines and progress that are made up around today; and
//! what else the public pages show.

use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Event, Value, Values};
use lianxin_shared::rules::{Principal, SERVER};
use serde::Deserialize;

use super::DemoError;
use super::cast::{PEOPLE, person_id, principal};
use super::laying::{DAY_MS, act, create, envelope, lay_reference, named};
use crate::app::App;
use crate::clock::now;

/// How long ago the ledger was opened, in days.
const OPENED: i64 = 160;

/// The tasks, in order.
const LEDGER: &str = include_str!("ledger.json");

#[derive(Deserialize)]
struct Task {
    part: String,
    subject: String,
    problems: String,
    goal: String,
    leaders: Vec<String>,
    departments: Vec<String>,
    heads: Vec<String>,
    cooperating: Vec<String>,
    deadline_of: String,
    /// In how many days the deadline is.
    due: i64,
    evidence: String,
    acts: Vec<Act>,
    measures: Vec<Measure>,
}

#[derive(Deserialize)]
struct Measure {
    body: String,
    acts: Vec<Act>,
}

/// A step, with who took it, and how many days ago.
#[derive(Deserialize)]
struct Act {
    by: String,
    act: String,
    words: String,
    days: i64,
}

/// Something else that is public: its kind and name, who wrote it, its fields, its steps.
type Story = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, Told)],
    &'static [Step],
);

/// A step: who, which, with which words, how many days ago.
type Step = (&'static str, &'static str, &'static str, i64);

/// A field's value.
enum Told {
    Words(&'static str),
    Keys(&'static [&'static str]),
    Person(&'static str),
    Days(i64),
    Groups(&'static [&'static str]),
}

const STORIES: &[Story] = &[
    (
        "exemplar",
        "一页纸答复",
        "clerk1",
        &[
            ("type", Told::Words("innovation")),
            ("subject", Told::Words("一页纸答复")),
            ("images", Told::Keys(&["work", "reform"])),
            (
                "story",
                Told::Words(
                    "答复只写一页：做了什么、谁做的、哪一天做完、怎么验看。居民看得懂，回头问的少了一半。",
                ),
            ),
        ],
        &[
            ("clerk1", "nominate", "", 40),
            ("clerk1", "review", "查过三十份答复，属实。", 35),
            ("clerk1", "publish", "", 34),
        ],
    ),
    (
        "exemplar",
        "委员甲",
        "clerk1",
        &[
            ("type", Told::Words("member")),
            ("subject", Told::Words("把接待桌搬到楼下的委员")),
            ("person", Told::Person("member1")),
            ("images", Told::Keys(&["residents", "work"])),
            (
                "story",
                Told::Words("每月两个晚上在楼下接待，一年记下意见八十多条，条条有回音。"),
            ),
        ],
        &[
            ("clerk1", "nominate", "", 25),
            ("clerk1", "review", "走访居民十一户，都说来过。", 20),
            ("clerk1", "publish", "", 19),
        ],
    ),
    (
        "commitment",
        "接待",
        "member1",
        &[
            (
                "promise",
                Told::Words("今年在工作室接待居民不少于十二次，记下的意见一周内送到办公室。"),
            ),
            ("by_when", Told::Days(35)),
            ("person", Told::Person("member1")),
        ],
        &[("member1", "publish", "", 150)],
    ),
    (
        "commitment",
        "助浴",
        "member1",
        &[
            ("promise", Told::Words("帮助四号楼三位独居老人联系上门助浴。")),
            ("by_when", Told::Days(-30)),
            ("person", Told::Person("member1")),
        ],
        &[
            ("member1", "publish", "", 140),
            (
                "member1",
                "keep",
                "三位老人都已排上，每两周一次，第一次已经做完。",
                45,
            ),
        ],
    ),
    (
        "consultation",
        "电梯",
        "clerk1",
        &[
            ("type", Told::Words("counterpart")),
            ("topic", Told::Words("老旧小区加装电梯的费用怎么分担")),
            (
                "why",
                Told::Words("一年来居民反映二十三次，题目不大，各方都在等一个说法。"),
            ),
            ("held_at", Told::Days(-20)),
            ("asked", Told::Groups(&["各专门委员会"])),
            (
                "opinions",
                Told::Words("一楼的补偿要先说清楚；建议先在两个单元试行。"),
            ),
            (
                "agreed",
                Told::Words("按楼层分档分担，一楼不出钱；先在两个单元试行，半年后再议。"),
            ),
        ],
        &[
            ("clerk1", "propose", "", 90),
            ("clerk1", "plan", "", 80),
            ("clerk1", "hold", "", 20),
            ("clerk1", "send", "", 18),
        ],
    ),
    (
        "consultation",
        "食堂",
        "clerk1",
        &[
            ("type", Told::Words("sector")),
            ("topic", Told::Words("社区食堂怎样办得长久")),
            ("why", Told::Words("三家食堂两家亏损，老人离不开。")),
            ("held_at", Told::Days(25)),
            ("asked", Told::Groups(&["各专门委员会"])),
            ("opinions", Told::Words("先公开账目，再谈补贴。")),
        ],
        &[("clerk1", "propose", "", 50), ("clerk1", "plan", "", 42)],
    ),
];

/// What people say: of which task, on what, which words, which rating, and what the office did.
const COMMENTS: &[(usize, &str, &str, i64, &[Step])] = &[
    (
        0,
        "process",
        "公示栏上看到检查结果了，退回重办的三件写得清楚，希望每季度都贴。",
        4,
        &[("clerk1", "show", "谢谢，下季度照贴。", 6)],
    ),
    (
        1,
        "effect",
        "楼里的委员还没有人来走访过，也不知道是谁。",
        2,
        &[("clerk1", "show", "", 5)],
    ),
    (
        1,
        "measures",
        "某户的电话和门牌都写在里面。",
        1,
        &[(
            "clerk1",
            "withhold",
            "写了别人的电话和住址。请去掉后再写一次，意见我们已经记下。",
            4,
        )],
    ),
    (
        2,
        "effect",
        "路口的护栏按建议装上了，孩子过马路放心了。",
        5,
        &[("clerk1", "show", "", 30)],
    ),
    (
        3,
        "measures",
        "十二项协商计划能不能注明哪几项居民可以旁听？",
        3,
        &[],
    ),
];

/// Lays down the ledger, and what else is public.
pub(super) async fn lay(app: &App) -> Result<(), DemoError> {
    let tasks: Vec<Task> = serde_json::from_str(LEDGER)?;
    let mut names: Vec<_> = tasks.iter().flat_map(|task| &task.leaders).collect();
    names.sort();
    names.dedup();
    for name in names {
        let values = [("name", Value::from(name.as_str()))];
        lay_reference(app, "person", &leader(name), &values).await?;
    }
    let mut groups: Vec<_> = tasks
        .iter()
        .flat_map(|task| task.departments.iter().chain(&task.cooperating))
        .collect();
    groups.sort();
    groups.dedup();
    for name in groups {
        let kind = if name.ends_with("委") || name.ends_with("委员会") {
            "committee"
        } else {
            "department"
        };
        let values = [("name", Value::from(name.as_str())), ("type", Value::from(kind))];
        lay_reference(app, "group", &format!("group:{name}"), &values).await?;
    }
    for (rank, task) in (1..).zip(&tasks) {
        lay_task(app, rank, task).await?;
    }
    for story in STORIES {
        lay_story(app, story).await?;
    }
    for comment in COMMENTS {
        lay_comment(app, comment).await?;
    }
    Ok(())
}

async fn lay_task(app: &App, rank: i64, task: &Task) -> Result<(), DemoError> {
    let (clerk, at) = (principal("clerk1")?, ago(OPENED));
    let leaders = task.leaders.iter().map(|name| named(&leader(name)).to_string());
    let mut values: Values = [
        ("part", Value::from(task.part.as_str())),
        ("subject", Value::from(task.subject.as_str())),
        ("rank", Value::Number(rank)),
        ("problems", Value::from(task.problems.as_str())),
        ("goal", Value::from(task.goal.as_str())),
        ("leaders", Value::List(leaders.collect())),
        ("departments", groups(&task.departments)),
        ("heads", Value::List(task.heads.clone())),
        ("cooperating", groups(&task.cooperating)),
        ("deadline", Value::Number(ago(-task.due).0)),
        ("deadline_of", Value::from(task.deadline_of.as_str())),
        ("evidence", Value::from(task.evidence.as_str())),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    values.retain(|_, value| !value.is_empty());
    let id = task_id(rank);
    let open = Event::new("open", &clerk.user, at);
    let started = envelope("rectification", id, None, &clerk.user, at);
    create(app, &clerk, started, &values, std::slice::from_ref(&open)).await?;
    for act in &task.acts {
        take(app, id, act).await?;
    }
    for (n, measure) in (1..).zip(&task.measures) {
        let id = named(&format!("measure:{rank}:{n}"));
        let values = [
            ("task".to_owned(), Value::Text(task_id(rank).to_string())),
            ("rank".to_owned(), Value::Number(n)),
            ("body".to_owned(), Value::from(measure.body.as_str())),
        ];
        let started = envelope("measure", id, None, &clerk.user, at);
        create(app, &clerk, started, &values.into(), std::slice::from_ref(&open)).await?;
        for act in &measure.acts {
            take(app, id, act).await?;
        }
    }
    Ok(())
}

async fn lay_story(app: &App, (kind, name, by, told, steps): &Story) -> Result<(), DemoError> {
    let by = principal(by)?;
    let id = named(&format!("{kind}:{name}"));
    let value = |told: &Told| match told {
        Told::Words(words) => Value::from(*words),
        Told::Keys(keys) => Value::List(keys.iter().map(|key| (*key).to_owned()).collect()),
        Told::Person(user) => Value::Text(person_id(user).to_string()),
        Told::Days(days) => Value::Number(ago(-days).0),
        Told::Groups(names) => groups(names),
    };
    let values = told.iter().map(|(name, told)| ((*name).to_owned(), value(told)));
    let since = steps.first().map_or(0, |step| step.3);
    let started = envelope(kind, id, None, &by.user, ago(since));
    create(app, &by, started, &values.collect(), &[]).await?;
    take_all(app, id, steps).await
}

async fn lay_comment(
    app: &App,
    (task, aspect, body, rating, steps): &(usize, &str, &str, i64, &[Step]),
) -> Result<(), DemoError> {
    let server = Principal::new(SERVER.parse()?, []);
    let id = named(&format!("comment:{body}"));
    let at = ago(steps.first().map_or(1, |step| step.3 + 1));
    let values = [
        (
            "task".to_owned(),
            Value::Text(task_id(*task as i64 + 1).to_string()),
        ),
        ("aspect".to_owned(), Value::from(*aspect)),
        ("body".to_owned(), Value::from(*body)),
        ("rating".to_owned(), Value::Number(*rating)),
    ];
    let submit = Event::new("submit", &server.user, at);
    let started = envelope("comment", id, None, &server.user, at);
    create(app, &server, started, &values.into(), &[submit]).await?;
    take_all(app, id, steps).await
}

async fn take_all(app: &App, id: DocId, steps: &[Step]) -> Result<(), DemoError> {
    for (by, act, words, days) in steps {
        let (by, act, words) = ((*by).to_owned(), (*act).to_owned(), (*words).to_owned());
        let days = *days;
        take(app, id, &Act { by, act, words, days }).await?;
    }
    Ok(())
}

async fn take(app: &App, id: DocId, step: &Act) -> Result<(), DemoError> {
    let by = principal(&step.by)?;
    let event = Event::new(&step.act, &by.user, ago(step.days)).with_words(&step.words);
    act(app, &by, id, vec![event]).await
}

fn groups(names: &[impl AsRef<str>]) -> Value {
    let id = |name: &dyn AsRef<str>| group_id(name.as_ref()).to_string();
    Value::List(names.iter().map(|name| id(name)).collect())
}

fn group_id(name: &str) -> DocId {
    named(&format!("group:{name}"))
}

/// What a leader's record is named by. Some have accounts.
fn leader(name: &str) -> String {
    let person = PEOPLE.iter().find(|person| person.name == name);
    person.map_or(format!("leader:{name}"), |person| {
        format!("person:{}", person.user)
    })
}

fn task_id(rank: i64) -> DocId {
    named(&format!("task:{rank}"))
}

fn ago(days: i64) -> Moment {
    Moment(now().0 - days * DAY_MS)
}
