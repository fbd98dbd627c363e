//! From where a request really comes.
//!
//! Anybody can write into a header that they ask for somebody else. So the peer is the caller, unless it is one of the
//! [`Proxies`] that the installation names: then the last name in its header is, and so on from right to left, as long as
//! what is found is a proxy too.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use serde::Deserialize;

use crate::app::App;

/// Who asks: an IPv4 address is never written as an IPv6 one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller(pub IpAddr);

impl FromRequestParts<App> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.0.ip());
        Ok(app.proxies.caller(peer, &parts.headers))
    }
}

/// The proxies in front.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    networks: Vec<Network>,
    naming: Naming,
}

/// In which header a proxy says for whom it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// A network, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network(IpNet);

/// The text is neither an address nor a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither an address nor a network, as 127.0.0.1 or 10.0.0.0/8 are")]
pub struct UnknownNetwork;

impl FromStr for Network {
    type Err = UnknownNetwork;

    fn from_str(text: &str) -> Result<Self, UnknownNetwork> {
        let one = |address: IpAddr| IpNet::from(address.to_canonical());
        let network = text.parse().or_else(|_| text.parse().map(one));
        network.map(Self).map_err(|_| UnknownNetwork)
    }
}

impl TryFrom<String> for Network {
    type Error = UnknownNetwork;

    fn try_from(text: String) -> Result<Self, UnknownNetwork> {
        text.parse()
    }
}

impl Proxies {
    /// Believes these when they say in this header for whom they ask.
    pub fn new(networks: Vec<Network>, naming: Naming) -> Self {
        Self { networks, naming }
    }

    /// Who asks, given the other end of the line and the headers. What is no address ends the walk: whoever wrote it has
    /// hidden what lies behind.
    pub fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Caller {
        let mut caller = peer.to_canonical();
        let mut names = self.naming.names(headers).into_iter().rev();
        while self.are(caller) {
            match names.next() {
                Some(Some(named)) => caller = named.to_canonical(),
                Some(None) | None => break,
            }
        }
        Caller(caller)
    }

    /// Whether this is the address of one of them.
    pub(crate) fn are(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.0.contains(&address))
    }
}

impl Naming {
    /// Whom the headers name, in their order; nothing for what is no address.
    fn names(self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let name = match self {
            Self::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            Self::Forwarded => header::FORWARDED,
        };
        let lines = headers.get_all(name);
        lines
            .iter()
            .flat_map(|line| line.to_str().unwrap_or("-").split(','))
            .map(|element| match self {
                Self::XForwardedFor => address(element),
                Self::Forwarded => element.split(';').find_map(for_whom).and_then(address),
            })
            .collect()
    }
}

/// The node of a `for=` pair; its name is written as one likes.
fn for_whom(pair: &str) -> Option<&str> {
    let (name, node) = pair.split_once('=')?;
    name.trim().eq_ignore_ascii_case("for").then_some(node)
}

/// An address, with or without quotes, brackets and port.
fn address(node: &str) -> Option<IpAddr> {
    let node = node.trim().trim_matches('"');
    let bare = node.strip_prefix('[').and_then(|node| node.strip_suffix(']'));
    bare.unwrap_or(node)
        .parse()
        .or_else(|_| node.parse().map(|with_port: SocketAddr| with_port.ip()))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(naming: Naming, peer: &str, lines: &[&str]) -> String {
        let networks = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"];
        let networks = networks.map(|network| network.parse().unwrap()).to_vec();
        let mut headers = HeaderMap::new();
        for line in lines {
            let name = match naming {
                Naming::XForwardedFor => "x-forwarded-for",
                Naming::Forwarded => "forwarded",
            };
            headers.append(name, line.parse().unwrap());
        }
        let proxies = Proxies::new(networks, naming);
        proxies.caller(peer.parse().unwrap(), &headers).0.to_string()
    }

    #[test]
    fn only_proxies_are_believed_from_right_to_left() {
        for (peer, lines, expected) in [
            ("192.0.2.1", &[][..], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.9"], "192.0.2.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.9"], "198.51.100.9"),
            ("::ffff:127.0.0.1", &["198.51.100.9"], "198.51.100.9"),
            // What a stranger wrote before the proxy did.
            ("127.0.0.1", &["203.0.113.1, 198.51.100.9"], "198.51.100.9"),
            ("127.0.0.1", &["203.0.113.1", "198.51.100.9"], "198.51.100.9"),
            (
                "127.0.0.1",
                &["203.0.113.1, 198.51.100.9, 10.1.2.3"],
                "198.51.100.9",
            ),
            ("127.0.0.1", &["198.51.100.9, 10.1.2.3,fd00::7"], "198.51.100.9"),
            // All are ours: the farthest.
            ("127.0.0.1", &["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
            ("127.0.0.1", &["198.51.100.9, unknown, 10.1.2.3"], "10.1.2.3"),
            ("127.0.0.1", &["198.51.100.9:4711"], "198.51.100.9"),
            ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("127.0.0.1", &["::ffff:198.51.100.9"], "198.51.100.9"),
            ("127.0.0.1", &["198.51.100.9,"], "127.0.0.1"),
        ] {
            assert_eq!(caller(Naming::XForwardedFor, peer, lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn the_standard_header_says_the_same() {
        for (lines, expected) in [
            (&["for=198.51.100.9;proto=https;by=10.0.0.1"][..], "198.51.100.9"),
            (&["for=203.0.113.1, For=\"[2001:db8::1]:4711\""], "2001:db8::1"),
            (&["for=198.51.100.9, for=10.1.2.3"], "198.51.100.9"),
            (&["for=198.51.100.9, for=_hidden"], "127.0.0.1"),
            (&["proto=https"], "127.0.0.1"),
        ] {
            assert_eq!(
                caller(Naming::Forwarded, "127.0.0.1", lines),
                expected,
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_network_is_written_as_usual() {
        for (text, is_one) in [
            ("127.0.0.1", true),
            ("10.0.0.0/8", true),
            ("::1", true),
            ("10.0.0.0/33", false),
            ("localhost", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<Network>().is_ok(), is_one, "{text}");
        }
    }
}
