//! What axe finds wrong with a page: the rules of WCAG 2.2 AA that a machine can check.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::browser::Browser;

/// The rules, run on the page as it stands.
#[derive(Debug)]
pub struct Axe {
    script: String,
}

impl Axe {
    /// Reads the rules from the folder that `LIANXIN_AXE` names, or else from where they are installed.
    pub fn load() -> Result<Self> {
        let folder = std::env::var_os("LIANXIN_AXE").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("axe"),
            PathBuf::from,
        );
        let file = folder.join("node_modules/axe-core/axe.min.js");
        let script =
            std::fs::read_to_string(&file).with_context(|| format!("no rules in {}", file.display()))?;
        Ok(Self { script })
    }

    /// What is seriously wrong with the page that is open, a line each: the rule, what it asks for, and where.
    pub async fn faults(&self, browser: &Browser) -> Result<Vec<String>> {
        browser.client.execute(&self.script, Vec::new()).await?;
        let script = "const [tags, done] = arguments;
            axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
                .then(found => done(found.violations), error => done(String(error)));";
        let tags = json!(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
        let Value::Array(found) = browser.run(script, vec![tags]).await? else {
            bail!("axe did not run");
        };
        let grave = found
            .iter()
            .filter(|fault| matches!(fault["impact"].as_str(), Some("serious" | "critical")));
        Ok(grave.map(line).collect())
    }
}

fn line(fault: &Value) -> String {
    let nodes = fault["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    let places: Vec<_> = nodes
        .iter()
        .take(3)
        .map(|node| node["html"].to_string())
        .collect();
    format!(
        "{}: {} ({} times) {}",
        fault["id"],
        fault["help"],
        nodes.len(),
        places.join(" ")
    )
}
