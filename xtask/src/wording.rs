//! The words of the opening page, from the message catalogues: the only place where words live.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use fluent_bundle::{FluentBundle, FluentResource};

const LANGUAGES: [&str; 2] = ["zh", "en"];
/// The catalogue of the page that stands until the app has started.
const CATALOGUE: &str = "boot.ftl";

/// The catalogue's source, by language.
pub(crate) struct Wording {
    sources: BTreeMap<&'static str, String>,
}

impl Wording {
    /// Reads the catalogues from the folder of locales.
    pub(crate) fn read(locales: &Path) -> Result<Self> {
        let mut sources = BTreeMap::new();
        for language in LANGUAGES {
            let path = locales.join(language).join(CATALOGUE);
            let source =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            sources.insert(language, source);
        }
        Ok(Self { sources })
    }

    /// What the words are made from: language and source.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.sources
            .iter()
            .map(|(language, source)| (*language, source.as_bytes()))
    }

    /// Replaces every `{{language:key}}` by the catalogue's words. An unknown language or key is an error.
    pub(crate) fn fill(&self, template: &str) -> Result<String> {
        let mut filled = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            let (place, tail) = after.split_once("}}").context("{{ without }}")?;
            let (language, key) = place
                .split_once(':')
                .with_context(|| format!("{place} is no language:key"))?;
            filled.push_str(before);
            filled.push_str(&self.words(language, key)?);
            rest = tail;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn words(&self, language: &str, key: &str) -> Result<String> {
        let missing = || anyhow!("no words for {key} in the language {language}");
        let source = self.sources.get(language).ok_or_else(missing)?;
        let resource =
            FluentResource::try_new(source.clone()).map_err(|(_, errors)| anyhow!("{errors:?}"))?;
        let mut bundle = FluentBundle::new(vec![language.parse()?]);
        bundle.set_use_isolating(false);
        bundle
            .add_resource(resource)
            .map_err(|errors| anyhow!("{errors:?}"))?;
        let pattern = bundle
            .get_message(key)
            .and_then(|message| message.value())
            .ok_or_else(missing)?;
        Ok(bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Wording {
        pub(crate) fn of<const N: usize>(sources: [(&'static str, &str); N]) -> Self {
            Self {
                sources: sources
                    .map(|(language, source)| (language, source.to_owned()))
                    .into(),
            }
        }
    }

    #[test]
    fn places_are_filled_and_a_wrong_one_is_named() {
        let wording = Wording::of([("zh", "name = 连心\n"), ("en", "name = Lianxin\n")]);
        let check = |template: &str, expected: Result<&str, &str>| match (wording.fill(template), expected) {
            (Ok(filled), Ok(expected)) => assert_eq!(filled, expected),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (filled, expected) => panic!("{template}: {filled:?} instead of {expected:?}"),
        };
        check("no place { }", Ok("no place { }"));
        check("<h1>{{zh:name}}</h1>{{en:name}}", Ok("<h1>连心</h1>Lianxin"));
        check("{{zh:title}}", Err("title"));
        check("{{fr:name}}", Err("fr"));
        check("{{name}}", Err("name"));
        check("{{zh:name", Err("{{ without }}"));
    }
}
