//! Every word that a user reads, in both languages. Fluent messages, one catalogue a concern and language under
//! `locales/`; Chinese first, English complete.

use std::str::FromStr;

pub use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// A language that the app speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Every language.
    pub const ALL: &'static [Self] = &[Self::Zh, Self::En];

    /// Its tag, as in `lang` attributes and `Accept-Language`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The first language of an `Accept-Language` header that the app speaks; Chinese if there is none. Weights are not
    /// looked at: browsers list languages in their order.
    pub fn from_accept(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|range| range.trim().split(['-', ';', '_']).next()?.parse().ok())
            .next()
            .unwrap_or_default()
    }

    const fn catalogues(self) -> &'static [&'static str] {
        match self {
            Self::Zh => &[
                include_str!("../../locales/zh/core.ftl"),
                include_str!("../../locales/zh/registers.ftl"),
                include_str!("../../locales/zh/server.ftl"),
                include_str!("../../locales/zh/tablet.ftl"),
                include_str!("../../locales/zh/office.ftl"),
                include_str!("../../locales/zh/admin.ftl"),
                include_str!("../../locales/zh/report.ftl"),
                include_str!("../../locales/zh/public.ftl"),
                include_str!("../../locales/zh/check.ftl"),
            ],
            Self::En => &[
                include_str!("../../locales/en/core.ftl"),
                include_str!("../../locales/en/registers.ftl"),
                include_str!("../../locales/en/server.ftl"),
                include_str!("../../locales/en/tablet.ftl"),
                include_str!("../../locales/en/office.ftl"),
                include_str!("../../locales/en/admin.ftl"),
                include_str!("../../locales/en/report.ftl"),
                include_str!("../../locales/en/public.ftl"),
                include_str!("../../locales/en/check.ftl"),
            ],
        }
    }
}

/// The text is no language's tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such language")]
pub struct UnknownLang;

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(text: &str) -> Result<Self, UnknownLang> {
        Self::ALL
            .iter()
            .copied()
            .find(|lang| text.eq_ignore_ascii_case(lang.as_str()))
            .ok_or(UnknownLang)
    }
}

/// The messages of one language.
pub struct Texts {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts")
            .field("lang", &self.lang)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.lang == other.lang
    }
}

impl Texts {
    /// The messages of a language.
    pub fn of(lang: Lang) -> Self {
        // Both tags are well-formed; plurals and numbers would fall back to the root locale if not.
        let locale: LanguageIdentifier = lang.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // No isolation marks: they would be searched, copied and exported with the words.
        bundle.set_use_isolating(false);
        for source in lang.catalogues() {
            // What fails to parse is left out, and what is named twice stays as it was first; a test finds both.
            let resource =
                FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partial, _)| partial);
            let _ = bundle.add_resource(resource);
        }
        Self { lang, bundle }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A message without arguments. A key that there is no message for comes back itself, so that a slip is seen and
    /// breaks nothing.
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A message with arguments.
    pub fn with(&self, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let args: FluentArgs<'_> = args.iter().cloned().collect();
        self.bundle
            .format_pattern(pattern, Some(&args), &mut Vec::new())
            .into_owned()
    }

    /// Whether there is a message of that key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }
}

#[cfg(test)]
mod tests;
