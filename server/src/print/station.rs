//! `GET /print/stations/{id}`: a sheet for the wall of a station, with the code by which residents find its form.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use lianxin_shared::id::DocId;
use maud::{Markup, PreEscaped, html};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Deserialize;

use super::page::page;
use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use crate::reading::Reading;

/// The longest address of a server, in bytes.
const MAX_AT: usize = 200;

/// Where residents reach the server.
#[derive(Debug, Deserialize)]
pub struct Parameters {
    /// Its address, as `https://lianxin.example`: the one under which whoever prints the sheet works.
    at: String,
}

/// The sheet of a station in use. A station that is not is as unknown as one that is not there.
pub async fn station(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id: DocId = id.parse().map_err(|_| Problem::DocumentUnknown)?;
    let found = app.store.listed(vec![id]).await?.into_iter().next();
    let station = found
        .filter(|one| one.row.kind == "station" && one.row.state == "active")
        .ok_or(Problem::DocumentUnknown)?;
    let at = origin(&parameters.at).ok_or(Problem::RequestInvalid)?;
    let address = format!("{at}/public/suggest/{id}");
    let reading = Reading::load(&*app.store, signed.language(&headers)).await?;
    let name = reading.names.record(id).unwrap_or(&station.row.title);
    let said = reading
        .texts
        .with("print-station-code", &[("name", name.to_owned().into())]);
    let content = html! {
        div.sheet {
            h1 { (name) }
            div.code role="img" aria-label=(said) { (code(&address)?) }
            p.say lang="zh" { (reading.texts.get("print-station-zh")) }
            p.say lang="en" { (reading.texts.get("print-station-en")) }
            p.address { (address) }
        }
    };
    Ok(page(&reading, name, &content))
}

/// The address of a server, if it is one: without a path, and nothing in it that could be read otherwise.
fn origin(at: &str) -> Option<&str> {
    let host = at
        .strip_prefix("https://")
        .or_else(|| at.strip_prefix("http://"))?;
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let is_one = !host.is_empty() && host.chars().all(is_host) && at.len() <= MAX_AT;
    is_one.then_some(at)
}

/// A text as a square that cameras read, also when a corner of the sheet is torn.
fn code(text: &str) -> Result<Markup, Problem> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).map_err(|_| Problem::RequestInvalid)?;
    let drawing = code.render::<svg::Color<'_>>().min_dimensions(320, 320).build();
    // The declaration is for files; within a page the drawing begins at its element.
    let start = drawing.find("<svg").unwrap_or(0);
    Ok(PreEscaped(drawing[start..].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_of_a_server_is_one() {
        for good in [
            "https://lianxin.example",
            "http://127.0.0.1:8080",
            "http://[::1]:80",
        ] {
            assert_eq!(origin(good), Some(good));
        }
        for bad in [
            "",
            "https://",
            "javascript:alert(1)",
            "https://a.example/path",
            "https://a@b.example",
            "https://a.example\"",
            "ftp://a.example",
        ] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }
}
