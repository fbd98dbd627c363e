//! Who asks: in which language, and from where.

use std::convert::Infallible;
use std::sync::LazyLock;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lianxin_shared::texts::{FluentValue, Lang, Texts};

use crate::app::App;
use crate::limits::Address;
use crate::problem;

static ZH: LazyLock<Texts> = LazyLock::new(|| Texts::of(Lang::Zh));
static EN: LazyLock<Texts> = LazyLock::new(|| Texts::of(Lang::En));

/// Who asks.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub(super) lang: Lang,
    /// Whether the address names the language; then links do too.
    is_chosen: bool,
    /// From where.
    pub(super) address: Address,
    path: String,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let pairs = parts.uri.query().unwrap_or_default().split('&');
        let chosen = pairs
            .filter_map(|pair| pair.strip_prefix("lang=")?.parse().ok())
            .next();
        Ok(Self {
            lang: chosen.unwrap_or_else(|| problem::language(&parts.headers)),
            is_chosen: chosen.is_some(),
            address: Address::from_request_parts(parts, app).await?,
            path: parts.uri.path().to_owned(),
        })
    }
}

impl Visitor {
    fn texts(&self) -> &'static Texts {
        match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    /// A message.
    pub(super) fn get(&self, key: &str) -> String {
        self.texts().get(key)
    }

    /// A message about a number.
    pub(super) fn count(&self, key: &str, n: usize) -> String {
        self.with(key, &[("n", n.into())])
    }

    /// A message with arguments.
    pub(super) fn with(&self, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        self.texts().with(key, args)
    }

    /// A link to one of our pages that stays in the language that was chosen.
    pub(super) fn link(&self, path: &str) -> String {
        if !self.is_chosen {
            return path.to_owned();
        }
        let (path, anchor) = path
            .split_once('#')
            .map_or((path, String::new()), |(p, a)| (p, format!("#{a}")));
        let sign = if path.contains('?') { '&' } else { '?' };
        format!("{path}{sign}lang={}{anchor}", self.lang.as_str())
    }

    /// This page in another language.
    pub(super) fn here_in(&self, lang: Lang) -> String {
        format!("{}?lang={}", self.path, lang.as_str())
    }
}
