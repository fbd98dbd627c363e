//! Where a request comes from, as far as it is counted.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::app::App;
use crate::caller::Caller;

/// Where a request comes from, as far as it is counted: an IPv6 household has a whole network to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        let network = |v6: Ipv6Addr| Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64);
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(network(v6)),
            v4 => v4,
        })
    }
}

impl Address {
    /// The part of the net in which it is: enough to see that it is another than one's own, and no more.
    pub(crate) fn part(self) -> String {
        match self.0 {
            IpAddr::V4(v4) => {
                let [a, b, ..] = v4.octets();
                format!("{a}.{b}.*")
            }
            IpAddr::V6(v6) => {
                let [a, b, ..] = v6.segments();
                format!("{a:x}:{b:x}:*")
            }
        }
    }
}

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let Caller(address) = Caller::from_request_parts(parts, app).await?;
        Ok(address.into())
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
