//! What the program is made of, as a CycloneDX 1.6 bill of materials (cyclonedx.org, ECMA-424), from what cargo itself says:
//! every crate that ends up in the server or in the browser.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::workspace::{Workspace, show};

/// The bill, as JSON.
pub(crate) fn of_materials(workspace: &Workspace, version: &str) -> Result<String> {
    let mut command = workspace.cargo("metadata --format-version=1 --locked");
    let done = command.output()?;
    ensure!(
        done.status.success(),
        "{}: {}",
        show(&command),
        String::from_utf8_lossy(&done.stderr)
    );
    let metadata: Value = serde_json::from_slice(&done.stdout)?;
    let lock = std::fs::read_to_string(workspace.root.join("Cargo.lock"))?;
    Ok(serde_json::to_string_pretty(&bill(
        &metadata,
        &sums(&lock),
        version,
    )?)?)
}

fn bill(metadata: &Value, sums: &BTreeMap<(String, String), String>, version: &str) -> Result<Value> {
    let packages = metadata["packages"].as_array().context("no packages")?;
    let by_id: BTreeMap<_, _> = packages
        .iter()
        .map(|package| (&package["id"], package))
        .map(keyed)
        .collect();
    let shipped = shipped(metadata)?;
    let components = shipped.iter().filter_map(|id| {
        let package = by_id.get(id)?;
        // Those of the workspace are the program itself.
        package["source"].as_str()?;
        let (name, version) = (package["name"].as_str()?, package["version"].as_str()?);
        let mut component = json!({
            "type": "library",
            "name": name,
            "version": version,
            "purl": format!("pkg:cargo/{name}@{version}"),
            "bom-ref": format!("pkg:cargo/{name}@{version}"),
        });
        if let Some(license) = package["license"].as_str() {
            // Some crates write OR as it was once written.
            component["licenses"] = json!([{ "expression": license.replace('/', " OR ") }]);
        }
        if let Some(sum) = sums.get(&(name.to_owned(), version.to_owned())) {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
        }
        Some(component)
    });
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "lianxin",
                "version": version,
                "licenses": [{ "license": { "id": "AGPL-3.0-or-later" } }],
            },
        },
        "components": components.collect::<Vec<_>>(),
    }))
}

fn keyed<'a>((id, package): (&'a Value, &'a Value)) -> (&'a str, &'a Value) {
    (id.as_str().unwrap_or_default(), package)
}

/// The ids of all that the server and the client depend on, other than for building and testing.
fn shipped(metadata: &Value) -> Result<BTreeSet<&str>> {
    let nodes = metadata["resolve"]["nodes"].as_array().context("no resolution")?;
    let nodes: BTreeMap<_, _> = nodes.iter().map(|node| (&node["id"], node)).map(keyed).collect();
    let packages = metadata["packages"].as_array().context("no packages")?;
    let mut to_do: Vec<&str> = packages
        .iter()
        .filter(|package| package["source"].is_null())
        .filter(|package| package["name"] == "lianxin-server" || package["name"] == "lianxin-client")
        .filter_map(|package| package["id"].as_str())
        .collect();
    ensure!(to_do.len() == 2, "the server and the client are not both there");
    let mut shipped = BTreeSet::new();
    while let Some(id) = to_do.pop() {
        if !shipped.insert(id) {
            continue;
        }
        let deps = nodes.get(id).and_then(|node| node["deps"].as_array());
        for dep in deps.into_iter().flatten() {
            let kinds = dep["dep_kinds"].as_array();
            if kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null())) {
                to_do.extend(dep["pkg"].as_str());
            }
        }
    }
    Ok(shipped)
}

/// The sums that `Cargo.lock` holds the crates to, by name and version.
fn sums(lock: &str) -> BTreeMap<(String, String), String> {
    let entries = lock.split("[[package]]").skip(1);
    let entry = |text: &str| {
        let value = |key: &str| {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{key} = \"")))?;
            Some(line.strip_suffix('"')?.to_owned())
        };
        Some(((value("name")?, value("version")?), value("checksum")?))
    };
    entries.filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_is_listed_with_its_sum_and_what_only_builds_is_not() {
        let package = |name: &str, source: Value| json!({ "id": name, "name": name, "version": "1.0.0", "source": source, "license": "MIT/Apache-2.0" });
        let dep = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [
                package("lianxin-server", Value::Null), package("lianxin-client", Value::Null),
                package("a", json!("registry")), package("b", json!("registry")), package("c", json!("registry")),
            ],
            "resolve": { "nodes": [
                { "id": "lianxin-server", "deps": [dep("a", Value::Null), dep("c", json!("dev"))] },
                { "id": "lianxin-client", "deps": [dep("c", json!("build"))] },
                { "id": "a", "deps": [dep("b", Value::Null)] },
            ] },
        });
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"00ff\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n";
        let bill = bill(&metadata, &sums(lock), "2.0.0").unwrap();
        let names: Vec<_> = bill["components"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| &c["name"])
            .collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(bill["components"][0]["hashes"][0]["content"], "00ff");
        assert_eq!(
            bill["components"][0]["licenses"][0]["expression"],
            "MIT OR Apache-2.0"
        );
        assert_eq!(bill["metadata"]["component"]["version"], "2.0.0");
    }
}
