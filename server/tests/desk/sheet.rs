//! Everybody's sheet of a year, and the office's other tables as files.

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Event, Value};
use reqwest::StatusCode;

use crate::server::{AT, PERSON, Server, principal, problem, sheet, words};

const DEPARTMENT: DocId = DocId([11; 16]);

/// A member who visited somebody and has a suggestion to answer as one of a department, and a target that this is counted
/// towards.
async fn at_work() -> Server {
    let server = Server::start().await;
    let clerk = principal("clerk1").user;
    let mut target = words(&[("name", "每人走访"), ("figure", "visit"), ("who", "member")]);
    target.insert("goal".to_owned(), Value::Number(20));
    server
        .create("clerk1", DocId([4; 16]), "target", target, &[])
        .await;
    let station = words(&[("name", "联系点一"), ("type", "contact_point")]);
    let person = Value::List(vec![PERSON.to_string()]);
    let with = |field: &str, mut values: lianxin_shared::records::Values| {
        values.insert(field.to_owned(), person.clone());
        values
    };
    server
        .create("admin1", DocId([5; 16]), "station", with("members", station), &[])
        .await;
    let department = words(&[("name", "部门一"), ("type", "department")]);
    server
        .create("admin1", DEPARTMENT, "group", with("members", department), &[])
        .await;
    for (n, field) in [(20, "visitors"), (21, "visited")] {
        let visit = words(&[("subject", &format!("走访{n}")), ("heard", "希望多办培训。")]);
        let mut visit = with(field, visit);
        visit.insert("held_at".to_owned(), Value::Number(AT.0));
        if field == "visitors" {
            visit.insert("visited".to_owned(), Value::List(vec!["居民".to_owned()]));
        }
        let hold = Event::new("hold", &clerk, AT);
        server
            .create("clerk1", DocId([n; 16]), "visit", visit, &[hold])
            .await;
    }
    let doc = server.suggestion(1, "三号楼电梯坏了。").await;
    let mut assign = Event::new("assign", &clerk, AT);
    (assign.handler, assign.due) = (Some("member1".parse().unwrap()), Some(AT));
    server
        .act("clerk1", doc, &[Event::new("accept", &clerk, AT), assign])
        .await;
    server
}

async fn printed(server: &Server, subject: &str, user: &str) -> String {
    let token = server.token(user).await;
    let answer = server.get(&format!("/print/year/2026/{subject}"), &token).await;
    assert_eq!(answer.status(), StatusCode::OK, "{subject} for {user}");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_sheet_says_what_was_done_towards_what_and_names_the_records_behind_it() {
    let server = at_work().await;
    let member = format!("person:{PERSON}");
    let told = printed(&server, &member, "clerk1").await;
    for words in [
        "委员甲：2026 年度考核表",
        "<td>20</td><td>1</td><td>1</td>",
        "走访20",
        "走访21",
    ] {
        assert!(told.contains(words), "{words} is not in {told}");
    }
    // Who was visited does not read the visitors' records.
    let own = printed(&server, &member, "member1").await;
    assert!(own.contains("走访20") && !own.contains("走访21"), "{own}");

    let department = format!("group:{DEPARTMENT}");
    let told = printed(&server, &department, "clerk1").await;
    for words in [
        "承办情况",
        "<td>1</td><td>0</td><td>1</td>",
        "三号楼电梯坏了。",
        "已逾期",
    ] {
        assert!(told.contains(words), "{words} is not in {told}");
    }
    let (member, host) = (server.token("member1").await, server.token("host1").await);
    let forbidden = (StatusCode::FORBIDDEN, "forbidden".to_owned());
    for (subject, token) in [(&department, &member), (&format!("person:{PERSON}"), &host)] {
        let answer = server.get(&format!("/print/year/2026/{subject}"), token).await;
        assert_eq!(problem(answer).await, forbidden);
    }
    let clerk = server.token("clerk1").await;
    let nobody = format!("/print/year/2026/person:{DEPARTMENT}");
    let unknown = (StatusCode::NOT_FOUND, "document-unknown".to_owned());
    assert_eq!(problem(server.get(&nobody, &clerk).await).await, unknown);
}

#[tokio::test]
async fn the_year_and_the_watch_are_taken_along_as_they_are_counted() {
    let server = at_work().await;
    let (clerk, member) = (server.token("clerk1").await, server.token("member1").await);
    let text = async |path: &str| {
        let answer = server.get(path, &clerk).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    };
    let year = text("/api/year/export.csv?year=2026").await;
    assert!(
        year.contains("\"委员甲\",\"走访委员人次\",\"20\",\"1\",\"1\""),
        "{year}"
    );
    let watch = text("/api/watch/export.csv").await;
    assert!(watch.contains("\"部门一\",\"委员甲\",\"1\""), "{watch}");
    for (path, csv) in [
        ("/api/year/export.xlsx?year=2026", year),
        ("/api/watch/export.xlsx", watch),
    ] {
        let bytes = server.get(path, &clerk).await.bytes().await.unwrap();
        assert_eq!(sheet(bytes.to_vec()).height(), csv.lines().count(), "{path}");
        assert_eq!(server.get(path, &member).await.status(), StatusCode::FORBIDDEN);
    }
    let nothing = server.get("/api/year/export.pdf", &clerk).await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
}
