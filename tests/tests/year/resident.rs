//! Residents: they have no account, and each comes from an address of its own.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;

/// One resident.
pub(crate) struct Resident {
    http: reqwest::Client,
    url: String,
}

impl Resident {
    /// The one at the n-th address of this machine.
    pub(crate) fn new(url: &str, n: u8) -> Result<Self> {
        let address = IpAddr::V4(Ipv4Addr::new(127, 0, 1, n));
        let http = reqwest::Client::builder().local_address(address).build()?;
        Ok(Self {
            http,
            url: url.to_owned(),
        })
    }

    /// Suggests something at a station; answers the receipt's code.
    pub(crate) async fn suggest(&self, station: DocId, theme: DocId, body: &str) -> Result<String> {
        let theme = theme.to_string();
        let form = [("body", body), ("theme", &theme), ("consent", "1"), ("once", "1")];
        let path = self.send(&format!("/public/suggest/{station}"), &form).await?;
        let code = path.strip_prefix("/follow/").context("no receipt")?;
        Ok(code.to_owned())
    }

    /// Says something of a task of the ledger, with a rating if one is given.
    pub(crate) async fn comment(&self, task: DocId, body: &str, rating: &str) -> Result<()> {
        let form = [("aspect", "effect"), ("body", body), ("rating", rating)];
        self.send(&format!("/public/ledger/{task}"), &form)
            .await
            .map(drop)
    }

    /// Judges the answer to a suggestion.
    pub(crate) async fn judge(&self, code: &str, satisfaction: &str, words: &str) -> Result<()> {
        let form = [("satisfaction", satisfaction), ("words", words)];
        self.send(&format!("/follow/{code}"), &form).await.map(drop)
    }

    /// Sends a form; answers the path of the page that it leads to.
    async fn send(&self, path: &str, form: &[(&str, &str)]) -> Result<String> {
        let body = form
            .iter()
            .map(|(name, text)| format!("{name}={}", encoded(text)))
            .collect::<Vec<_>>()
            .join("&");
        let request = self.http.post(format!("{}{path}", self.url)).body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.send().await?;
        let (status, path) = (answer.status(), answer.url().path().to_owned());
        ensure!(status.is_success(), "{path}: {status}: {}", answer.text().await?);
        Ok(path)
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
