//! The interface's description, held to the table and to what the server answers.

use std::collections::BTreeSet;

use lianxin_server::routes::{Access, table};
use reqwest::Method;
use serde_json::Value;

use crate::server::Server;

async fn document(server: &Server) -> Value {
    let answer = server.ask(Method::GET, "/api/openapi.json").send().await.unwrap();
    answer.json().await.unwrap()
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods
            .iter()
            .map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    })
}

#[tokio::test]
async fn each_route_under_api_is_described_and_nothing_else() {
    let server = Server::start().await;
    let document = document(&server).await;
    let described: BTreeSet<_> = operations(&document).map(|(name, _)| name).collect();
    let routes = table()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/"));
    let routes: BTreeSet<_> = routes
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(described, routes);
}

#[tokio::test]
async fn the_description_says_who_may_call_what_and_names_nothing_that_is_not_in_it() {
    let server = Server::start().await;
    let document = document(&server).await;
    for route in table() {
        let name = format!("{} {}", route.method, route.path);
        let Some((_, operation)) = operations(&document).find(|(described, _)| *described == name) else {
            continue;
        };
        let is_open = operation["security"].as_array().unwrap().is_empty();
        assert_eq!(is_open, route.access == Access::Anyone, "{name}");
        assert!(operation["responses"]["default"].is_object(), "{name}");
    }
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}

#[tokio::test]
async fn the_explorer_lists_every_operation_without_a_script() {
    let server = Server::start().await;
    let document = document(&server).await;
    for language in ["zh", "en"] {
        let request = server
            .ask(Method::GET, "/api/explorer")
            .header("accept-language", language);
        let page = request.send().await.unwrap().text().await.unwrap();
        assert!(
            !page.contains("<script") && !page.contains("style=\"") && !page.contains(">explorer-"),
            "{page}"
        );
        for (path, _) in document["paths"].as_object().unwrap() {
            assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
        }
    }
}
