//! What WebDriver cannot ask of a browser: commands of the Chrome DevTools Protocol
//! (<https://chromedevtools.github.io/devtools-protocol/>), sent through ChromeDriver.

use std::str::FromStr;

use anyhow::Result;
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::browser::Browser;

impl Browser {
    /// Has the page's side of the browser obey a command; answers what it said.
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Result<Value> {
        let command = Command { command, parameters };
        Ok(self.client.issue_cmd(command).await?)
    }
}

#[derive(Debug)]
struct Command {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}
