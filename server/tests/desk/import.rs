//! Imports: what a workbook comes to, and that nothing half-read is ever written.

use calamine::Data;
use lianxin_server::store::{Filter, Listed};
use reqwest::{Method, Response, StatusCode};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::server::{Server, problem, sheet};

/// A workbook of these rows.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells.iter()) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

async fn send(server: &Server, what: &str, token: &str, file: Vec<u8>) -> Response {
    let request = server
        .ask(Method::POST, &format!("/api/import/{what}"))
        .bearer_auth(token);
    request.body(file).send().await.unwrap()
}

async fn bring_in(server: &Server, what: &str, token: &str, file: Vec<u8>) -> Value {
    let answer = send(server, what, token, file).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

async fn records(server: &Server, kind: &str) -> Vec<Listed> {
    let filter = Filter {
        kinds: vec![kind.to_owned()],
        ..Filter::default()
    };
    let mut records = server.app.store.records(filter, None, 500).await.unwrap().records;
    records.reverse();
    records
}

/// Row, column and code of each fault.
fn faults(report: &Value) -> Vec<(u64, String, String)> {
    let text = |fault: &Value, key: &str| fault[key].as_str().unwrap().to_owned();
    let problems = report["problems"].as_array().unwrap();
    problems
        .iter()
        .map(|fault| {
            assert!(!text(fault, "words").starts_with("import-"), "{fault}");
            (
                fault["row"].as_u64().unwrap(),
                text(fault, "column"),
                text(fault, "code"),
            )
        })
        .collect()
}

fn fault(row: u64, column: &str, code: &str) -> (u64, String, String) {
    (row, column.to_owned(), code.to_owned())
}

fn counts(report: &Value) -> (u64, u64, u64) {
    let count = |key: &str| report[key].as_u64().unwrap();
    (count("rows"), count("created"), count("unchanged"))
}

#[tokio::test]
async fn members_come_in_once_under_headings_in_either_language_and_order() {
    let server = Server::start().await;
    let token = server.token("admin1").await;
    let file = workbook(&[
        &["界别", "Name *", "党组成员", "工作单位"],
        &["工商联", "委员乙", "是", "单位一"],
        &["", "委员丙", "", ""],
        &["", "委员甲", "", ""],
    ]);
    let dry = bring_in(&server, "members?dry=true", &token, file.clone()).await;
    assert_eq!(counts(&dry), (3, 2, 1));
    assert_eq!(
        records(&server, "person").await.len(),
        1,
        "a dry run writes nothing"
    );
    assert_eq!(
        counts(&bring_in(&server, "members", &token, file.clone()).await),
        (3, 2, 1)
    );
    // They came together, so in any order.
    let by_name = |mut people: Vec<Listed>| {
        people.sort_by(|one, other| one.row.title.cmp(&other.row.title));
        people
    };
    let people = by_name(records(&server, "person").await);
    let names: Vec<_> = people.iter().map(|person| person.row.title.as_str()).collect();
    assert_eq!(names, ["委员丙", "委员乙", "委员甲"]);
    let values = json!(people[1].row.values);
    assert_eq!(
        values,
        json!({ "name": "委员乙", "sector": "工商联", "leader": true, "workplace": "单位一" })
    );
    assert_eq!(
        counts(&bring_in(&server, "members", &token, file).await),
        (3, 0, 3)
    );
    assert_eq!(by_name(records(&server, "person").await), people);
}

#[tokio::test]
async fn each_bad_row_and_column_is_named_and_then_nothing_is_written() {
    let server = Server::start().await;
    let token = server.token("admin1").await;
    let long = "长".repeat(41);
    let file = workbook(&[
        &["姓名", "党组成员", "界别", "生日", "姓名"],
        &["委员乙"],
        &["委员乙"],
        &["", "是"],
        &["委员丙", "也许"],
        &[&long],
    ]);
    let report = bring_in(&server, "members", &token, file).await;
    let headings = [
        fault(0, "生日", "heading-unknown"),
        fault(0, "姓名", "heading-twice"),
    ];
    assert_eq!(faults(&report)[..2], headings);
    let file = workbook(&[
        &["姓名", "党组成员", "界别"],
        &["委员乙"],
        &["委员乙"],
        &["", "是"],
        &["委员丙", "也许"],
        &[&long],
        &["委员甲", "是"],
    ]);
    let report = bring_in(&server, "members", &token, file).await;
    assert_eq!(
        faults(&report),
        [
            fault(3, "姓名", "twice"),
            fault(4, "姓名", "required"),
            fault(5, "党组成员", "not-a-flag"),
            fault(6, "姓名", "too-long"),
            fault(7, "党组成员", "differs"),
        ]
    );
    let missing = bring_in(&server, "members", &token, workbook(&[&["界别"], &["工商联"]])).await;
    assert_eq!(faults(&missing)[0], fault(0, "姓名 / Name", "heading-missing"));
    assert_eq!(records(&server, "person").await.len(), 1);
}

#[tokio::test]
async fn stations_name_their_hosts() {
    let server = Server::start().await;
    let token = server.token("admin1").await;
    let file = workbook(&[
        &["名称", "类别", "主持人", "挂点委员"],
        &["联系点一", "委员联系点", "委员甲、居民代表", ""],
        &["之家一", "Home of the people", "", ""],
    ]);
    let report = bring_in(&server, "stations", &token, file).await;
    assert_eq!(faults(&report), [fault(3, "类别", "not-a-choice")]);
    let file = workbook(&[
        &["名称", "类别", "主持人"],
        &["联系点一", "委员联系点", "委员甲、居民代表"],
    ]);
    assert_eq!(
        counts(&bring_in(&server, "stations", &token, file).await),
        (1, 1, 0)
    );
    let values = json!(records(&server, "station").await[1].row.values);
    assert_eq!(values["type"], "contact_point");
    assert_eq!(
        values["hosts"],
        json!([crate::server::PERSON.to_string(), "居民代表"])
    );
}

#[tokio::test]
async fn the_ledger_comes_in_with_its_measures_and_only_once() {
    let server = Server::start().await;
    let token = server.token("clerk1").await;
    let file = workbook(&[
        &[
            "part",
            "title",
            "problems",
            "goal",
            "measures",
            "lead_leaders",
            "lead_departments",
            "cooperating",
            "due_text",
        ],
        &[
            "近期整改任务",
            "整改一",
            "问题一\n问题二",
            "目标一",
            "1. 措施一\n2. 措施二",
            "委员甲、领导乙",
            "办公室",
            "各委室",
            "2014年12月底前完成",
        ],
        &[
            "中长期整改任务",
            "整改二",
            "问题",
            "目标",
            "措施三",
            "领导乙",
            "办公室",
            "",
            "2014年10月底前完成制定整改计划并按计划实施",
        ],
        &["", "", "", "", "措施四"],
        &["", "整改一", "", "", "措施五"],
    ]);
    let report = bring_in(&server, "rectification", &token, file.clone()).await;
    assert_eq!(faults(&report), []);
    assert_eq!(counts(&report), (4, 7, 0));
    let ledger = records(&server, "rectification").await;
    let (one, two) = (&ledger[0], &ledger[1]);
    assert_eq!(
        (one.row.title.as_str(), one.row.state.as_str()),
        ("整改一", "open")
    );
    let values = json!(one.row.values);
    assert_eq!(values["part"], "near");
    assert_eq!(
        values["leaders"],
        json!([crate::server::PERSON.to_string(), "领导乙"])
    );
    assert_eq!(values["deadline_of"], "work");
    // 2014-12-31 23:59 in UTC+8.
    assert_eq!(values["deadline"], 1_420_041_540_000_i64);
    assert_eq!(json!(two.row.values)["deadline_of"], "plan");
    let measures = records(&server, "measure").await;
    let of = |task: &Listed| {
        let id = json!(task.doc);
        let own = measures
            .iter()
            .map(|one| json!(one.row.values))
            .filter(|values| values["task"] == id);
        own.map(|values| {
            (
                values["rank"].as_i64().unwrap(),
                values["body"].as_str().unwrap().to_owned(),
            )
        })
        .collect::<Vec<_>>()
    };
    let measure = |rank, body: &str| (rank, body.to_owned());
    assert_eq!(
        of(one),
        [measure(1, "措施一"), measure(2, "措施二"), measure(3, "措施五")]
    );
    assert_eq!(of(two), [measure(1, "措施三"), measure(2, "措施四")]);
    let again = bring_in(&server, "rectification", &token, file).await;
    assert_eq!((faults(&again), counts(&again)), (vec![], (4, 0, 7)));
    assert_eq!(records(&server, "rectification").await, ledger);
}

#[tokio::test]
async fn a_ledgers_faults_are_named_too() {
    let server = Server::start().await;
    let token = server.token("clerk1").await;
    let head: &[&str] = &[
        "部分",
        "整改任务",
        "存在问题",
        "整改目标",
        "责任部门",
        "完成时限",
        "整改措施",
    ];
    let file = workbook(&[
        head,
        &["", "", "", "", "", "", "措施"],
        &["近期整改", "整改一", "问题", "目标", "办公室", "尽快", "措施"],
        &["近期整改", "整改二", "问题", "", "办公室", "2014-12-31", "措施"],
        &["", "整改二", "", "", "", "2015-12-31", ""],
    ]);
    let report = bring_in(&server, "rectification", &token, file).await;
    assert_eq!(
        faults(&report),
        [
            fault(2, "整改任务", "stray"),
            fault(3, "完成时限", "not-a-date"),
            fault(3, "完成时限", "required"),
            fault(4, "整改目标", "required"),
            fault(5, "完成时限", "contradicts"),
        ]
    );
    assert_eq!(records(&server, "rectification").await.len(), 0);
}

#[tokio::test]
async fn a_real_date_and_a_number_are_read_as_such() {
    let server = Server::start().await;
    let token = server.token("clerk1").await;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0..).zip([
        "Part",
        "Task",
        "Problems",
        "Goal",
        "Lead departments",
        "Deadline",
        "Number",
    ]) {
        sheet.write_string(0, column, heading).unwrap();
    }
    for (column, cell) in (0..).zip(["Near term", "整改一", "问题", "目标", "办公室"]) {
        sheet.write_string(1, column, cell).unwrap();
    }
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let day = ExcelDateTime::from_ymd(2014, 12, 31).unwrap();
    sheet.write_datetime_with_format(1, 5, &day, &date).unwrap();
    sheet.write_number(1, 6, 5).unwrap();
    let report = bring_in(
        &server,
        "rectification",
        &token,
        workbook.save_to_buffer().unwrap(),
    )
    .await;
    assert_eq!((faults(&report), counts(&report)), (vec![], (1, 1, 0)));
    let values = json!(records(&server, "rectification").await[0].row.values);
    assert_eq!(
        (&values["deadline"], &values["rank"]),
        (&json!(1_420_041_540_000_i64), &json!(5))
    );
}

#[tokio::test]
async fn each_import_is_for_those_whose_it_is() {
    let server = Server::start().await;
    let file = workbook(&[&["姓名"], &["委员乙"]]);
    for (user, what, expected) in [
        ("clerk1", "members", 403),
        ("clerk1", "stations", 403),
        ("admin1", "rectification", 403),
        ("host1", "members", 403),
        ("chief1", "members?dry=true", 200),
        ("admin1", "nothing", 404),
    ] {
        let token = server.token(user).await;
        let answer = send(&server, what, &token, file.clone()).await;
        assert_eq!(answer.status().as_u16(), expected, "{user} {what}");
    }
}

#[tokio::test]
async fn a_file_that_is_none_or_beyond_bounds_is_refused() {
    let server = Server::start().await;
    let token = server.token("admin1").await;
    let whole = workbook(&[&["姓名"], &["委员乙"]]);
    let mut far = Workbook::new();
    let sheet = far.add_worksheet();
    sheet.write_string(0, 0, "姓名").unwrap();
    sheet.write_string(1_048_575, 16_383, "远").unwrap();
    let names: Vec<_> = (0..20_001).map(|n| [format!("委员{n}")]).collect();
    let mut rows: Vec<Vec<&str>> = vec![vec!["姓名"]];
    rows.extend(names.iter().map(|row| vec![row[0].as_str()]));
    let rows: Vec<_> = rows.iter().map(Vec::as_slice).collect();
    let bomb = bomb(&whole);
    assert!(bomb.len() < 1_000_000);
    let unreadable = (StatusCode::UNPROCESSABLE_ENTITY, "workbook-unreadable".to_owned());
    for (name, file) in [
        ("nothing", Vec::new()),
        ("words", b"not a workbook".to_vec()),
        ("half", whole[..whole.len() / 2].to_vec()),
        ("empty", workbook(&[])),
        ("far", far.save_to_buffer().unwrap()),
        ("many", workbook(&rows)),
        ("bomb", bomb),
    ] {
        let answer = send(&server, "members", &token, file).await;
        assert_eq!(problem(answer).await, unreadable, "{name}");
    }
    let large = send(&server, "members", &token, vec![0; 6 * 1024 * 1024]).await;
    assert_eq!(
        problem(large).await,
        (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large".to_owned())
    );
}

/// The same workbook with a part of 200 MB in it.
fn bomb(whole: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Write as _};
    use zip::ZipWriter;
    let mut archive = ZipWriter::new_append(Cursor::new(whole.to_vec())).unwrap();
    archive
        .start_file("xl/bomb.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    for _ in 0..200 {
        archive.write_all(&vec![b' '; 1_000_000]).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_template_is_understood_when_it_comes_back() {
    let server = Server::start().await;
    for (user, what) in [
        ("admin1", "members"),
        ("admin1", "stations"),
        ("clerk1", "rectification"),
    ] {
        let token = server.token(user).await;
        let answer = server
            .get(&format!("/api/import/{what}/template.xlsx"), &token)
            .await;
        assert_eq!(answer.status(), StatusCode::OK, "{what}");
        let file = answer.bytes().await.unwrap().to_vec();
        let headings = sheet(file.clone());
        assert!(matches!(&headings.rows().next().unwrap()[0], Data::String(first) if first.ends_with(" *")));
        let report = bring_in(&server, what, &token, file).await;
        assert_eq!((faults(&report), counts(&report)), (vec![], (0, 0, 0)), "{what}");
    }
}
