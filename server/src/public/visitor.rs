//! Who asks: in which language, and from where.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::LazyLock;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lianxin_shared::texts::{FluentValue, Lang, Texts};

use crate::app::App;
use crate::caller::Caller;
use crate::problem;

static ZH: LazyLock<Texts> = LazyLock::new(|| Texts::of(Lang::Zh));
static EN: LazyLock<Texts> = LazyLock::new(|| Texts::of(Lang::En));

/// Where a request comes from, as far as it is counted: an IPv6 household has a whole network to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Address(IpAddr);

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        let network = |v6: Ipv6Addr| Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64);
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(network(v6)),
            v4 => v4,
        })
    }
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub(super) lang: Lang,
    /// Whether the address names the language; then links do too.
    is_chosen: bool,
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
        let Caller(address) = Caller::from_request_parts(parts, app).await?;
        Ok(Self {
            lang: chosen.unwrap_or_else(|| problem::language(&parts.headers)),
            is_chosen: chosen.is_some(),
            address: address.into(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_one_address() {
        let address = |text: &str| Address::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
    }
}
