//! What the people of the demonstration did and heard. All of it is made up; no people, no places.

use lianxin_shared::id::Moment;
use lianxin_shared::records::{Event, Value, Values};

use super::DemoError;
use super::cast::{at_home, person_id, principal};
use super::ground::THEMES;
use super::laying::{DAY_MS, HOUR_MS, create, envelope, named, office};
use crate::app::App;
use crate::clock::now;

pub(super) struct Activity {
    pub(super) by: &'static str,
    pub(super) kind: &'static str,
    pub(super) subject: &'static str,
    pub(super) outcome: &'static str,
    pub(super) reached: i64,
    /// How many days ago; below zero, how many days from now.
    pub(super) days: i64,
    pub(super) office: &'static [(&'static str, &'static str)],
}

pub(super) const ACTIVITIES: &[Activity] = &[
    Activity {
        by: "host1",
        kind: "reception",
        subject: "周二接待群众",
        outcome: "接待居民九人，记下意见六条，当场说清三条。",
        reached: 9,
        days: 41,
        office: &[("confirm", "")],
    },
    Activity {
        by: "host2",
        kind: "study",
        subject: "学习物业管理规定",
        outcome: "和楼组长一起把办事流程过了一遍。",
        reached: 14,
        days: 33,
        office: &[("confirm", "")],
    },
    Activity {
        by: "member1",
        kind: "relief",
        subject: "入户看望独居老人",
        outcome: "看望五户，报修漏水一户，联系助浴两户。",
        reached: 5,
        days: 20,
        office: &[("return", "请补上两户助浴的安排时间。")],
    },
    Activity {
        by: "host3",
        kind: "enterprise",
        subject: "走访沿街商户",
        outcome: "走访十二家，主要反映装卸停车难。",
        reached: 12,
        days: 12,
        office: &[],
    },
    Activity {
        by: "host1",
        kind: "outreach",
        subject: "宣讲医保新规定",
        outcome: "讲解门诊报销的变化，发放说明六十份。",
        reached: 63,
        days: 6,
        office: &[],
    },
    Activity {
        by: "host3",
        kind: "group",
        subject: "界别小组看望环卫工人",
        outcome: "送去防寒手套二十副，记下休息点的意见两条。",
        reached: 20,
        days: 17,
        office: &[("confirm", "两条意见请另记为社情民意。")],
    },
    Activity {
        by: "host2",
        kind: "reception",
        subject: "周二接待群众",
        outcome: "接待居民四人，记下意见三条。",
        reached: 4,
        days: 4,
        office: &[("return", "请补上参加的委员。")],
    },
    Activity {
        by: "host1",
        kind: "study",
        subject: "老旧小区改造座谈",
        outcome: "",
        reached: 0,
        days: -3,
        office: &[],
    },
];

pub(super) struct Suggestion {
    pub(super) by: &'static str,
    pub(super) theme: usize,
    pub(super) location: &'static str,
    pub(super) body: &'static str,
    pub(super) days: i64,
    pub(super) office: &'static [(&'static str, &'static str)],
}

const fn told(
    by: &'static str,
    theme: usize,
    location: &'static str,
    body: &'static str,
    days: i64,
    office: &'static [(&'static str, &'static str)],
) -> Suggestion {
    Suggestion {
        by,
        theme,
        location,
        body,
        days,
        office,
    }
}

pub(super) const SUGGESTIONS: &[Suggestion] = &[
    told(
        "host1",
        3,
        "二号楼",
        "二号楼外墙砖松动，上周掉下来一块，下面是孩子上学的路。希望先围起来，再安排修。",
        58,
        &[
            ("accept", ""),
            (
                "answer",
                "已设围挡，住建部门本月二十日前完成加固，工作室到时去看。",
            ),
        ],
    ),
    told(
        "host1",
        2,
        "社区食堂",
        "食堂中午十一点半就没有热菜了，腿脚慢的老人赶不上。能不能留一部分到十二点半。",
        52,
        &[
            ("accept", ""),
            ("answer", "自下周一起供应到十二点四十分，行动不便的可以电话订餐。"),
            ("publish", ""),
        ],
    ),
    told(
        "host2",
        0,
        "北门",
        "北门路灯坏了半个月，晚上一片黑，已经有人摔倒。",
        49,
        &[("accept", ""), ("assign", "请协调路灯管理单位，修好后回复。")],
    ),
    told(
        "host2",
        7,
        "四号楼前",
        "消防通道划了线还是停满车，物业贴条没有用，真有事消防车进不来。",
        45,
        &[(
            "decline",
            "与上月第三条为同一事，交警已排入专项整治，整治结果会在公示栏说明。",
        )],
    ),
    told(
        "host3",
        5,
        "东片",
        "三个小区合用一所幼儿园，今年报名比名额多一倍，双职工家庭接送要换两趟车。",
        40,
        &[("accept", "")],
    ),
    told(
        "host3",
        6,
        "早市",
        "早市熟食摊没有纱罩，夏天苍蝇多，希望检查的人早一点来。",
        37,
        &[("return", "请补一句是哪几个摊位，市场监管部门好去查。")],
    ),
    told(
        "member1",
        4,
        "西侧工地",
        "西侧工地出入口不冲洗车轮，刮风时整条街都是灰，窗户不敢开。",
        31,
        &[
            ("accept", ""),
            (
                "answer",
                "已要求施工方安装冲洗设备，并装了噪声扬尘监测屏，数据每天公开。",
            ),
        ],
    ),
    told(
        "member1",
        8,
        "五号楼",
        "五号楼一户低保家庭孩子考上大学，路费有困难，想问有没有助学的办法。",
        28,
        &[("accept", "")],
    ),
    told(
        "host1",
        3,
        "六号楼",
        "加装电梯三楼一户不同意，协商四次没有结果，请懂政策的委员来讲一讲补偿怎么算。",
        24,
        &[],
    ),
    told(
        "host1",
        0,
        "广场",
        "广场舞晚上九点半还在放大音响，旁边楼里有中考的孩子，希望定个时间。",
        19,
        &[],
    ),
    told(
        "host2",
        3,
        "一号楼",
        "一楼下水返味，雨天返水，疏通三次都没有根治，怀疑主管道塌了。",
        15,
        &[],
    ),
    told(
        "host2",
        2,
        "卫生站",
        "卫生站取药每次只开七天，老年人一个月要跑四次，慢性病能不能开长处方。",
        11,
        &[],
    ),
    told(
        "host3",
        7,
        "公交站",
        "公交站没有雨棚也没有座位，等车的多是看病的老人。",
        8,
        &[],
    ),
    told(
        "host1",
        9,
        "阅览室",
        "阅览室周末不开门，上班的人平时来不了，孩子周末没有去处。",
        5,
        &[],
    ),
    told(
        "member1",
        7,
        "快递柜",
        "快递车占着人行道分拣，推婴儿车的只能走机动车道。",
        3,
        &[],
    ),
    told(
        "host2",
        6,
        "学校门口",
        "学校门口流动摊贩的烤肠没有来源标识，孩子放学都围着买。",
        1,
        &[],
    ),
    told(
        "host3",
        4,
        "东片",
        "楼下餐馆油烟直接排到窗口，夏天不敢开窗，晚上九点以后最重。",
        14,
        &[("accept", ""), ("assign", "请会同生态环境部门上门看一次。")],
    ),
    told(
        "host1",
        1,
        "五号楼北",
        "五号楼北边还有一排平房没有通下水，冬天倒水要走很远，想知道什么时候轮到改造。",
        9,
        &[("accept", "")],
    ),
    told(
        "host2",
        8,
        "三号楼",
        "楼里一位老人出院后没有人送饭，邻居轮着送了一周，想问有没有长久的办法。",
        2,
        &[],
    ),
    told(
        "host3",
        9,
        "小区门口",
        "希望公告栏的字大一点，老人看不清，也希望每月换一次。",
        0,
        &[],
    ),
];

pub(super) async fn lay_activity(app: &App, story: &Activity) -> Result<(), DemoError> {
    let by = principal(story.by)?;
    let held_at = Moment(now().0 - story.days * DAY_MS);
    // What is planned was written down by now.
    let at = held_at.min(now());
    let id = named(&format!("activity:{}:{}", story.by, story.subject));
    let mut values: Values = [
        ("type".to_owned(), Value::from(story.kind)),
        ("subject".to_owned(), Value::from(story.subject)),
        ("held_at".to_owned(), Value::Number(held_at.0)),
        ("venue".to_owned(), Value::from("一楼会议室")),
        (
            "participants".to_owned(),
            Value::List(vec![person_id("member1").to_string(), "委员乙".to_owned()]),
        ),
        ("outcome".to_owned(), Value::from(story.outcome)),
    ]
    .into();
    if story.reached > 0 {
        values.insert("reached".to_owned(), Value::Number(story.reached));
    }
    let submit = Event::new("submit", &by.user, at);
    create(
        app,
        &by,
        envelope("activity", id, at_home(&by), &by.user, at),
        &values,
        &[submit],
    )
    .await?;
    office(app, id, story.office, at).await
}

pub(super) async fn lay_suggestion(app: &App, n: usize, story: &Suggestion) -> Result<(), DemoError> {
    let by = principal(story.by)?;
    let at = Moment(now().0 - story.days * DAY_MS - n as i64 * HOUR_MS / 7);
    let id = named(&format!("suggestion:{n}"));
    let theme = named(&format!("theme:{}", THEMES[story.theme % THEMES.len()].1));
    let is_published = story.office.iter().any(|(act, _)| *act == "publish");
    let mut values: Values = [
        ("body".to_owned(), Value::from(story.body)),
        ("theme".to_owned(), Value::Text(theme.to_string())),
        ("location".to_owned(), Value::from(story.location)),
        ("consent".to_owned(), Value::Flag(is_published)),
    ]
    .into();
    values.retain(|_, value| !value.is_empty());
    let submit = Event::new("submit", &by.user, at);
    create(
        app,
        &by,
        envelope("suggestion", id, at_home(&by), &by.user, at),
        &values,
        &[submit],
    )
    .await?;
    if n.is_multiple_of(6) {
        let values: Values = [
            ("name".to_owned(), Value::from("居民甲")),
            ("phone".to_owned(), Value::from("00000000000")),
        ]
        .into();
        let companion = id.companion("contact");
        create(
            app,
            &by,
            envelope("contact", companion, at_home(&by), &by.user, at),
            &values,
            &[],
        )
        .await?;
    }
    office(app, id, story.office, at).await
}
