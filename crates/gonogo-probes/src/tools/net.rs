//! The only place that resolves names and opens TCP connections. It knows what may be
//! contacted, and nothing of what is said over a connection.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use crate::context::Reach;

/// Why there is no connection. Each says what to do.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum NetError {
    #[error(
        "{host} is {address}, which is neither on this machine nor consented to, so nothing was sent; \
         if it may be contacted, add `{host}` to `consent.hosts`"
    )]
    OutOfReach { host: String, address: IpAddr },
    #[error("the name {host} cannot be resolved ({why}); check the spelling and the name server")]
    UnknownName { host: String, why: String },
    #[error(
        "nothing listens on {host} port {port} (connection refused); start the service or correct the port"
    )]
    Refused { host: String, port: u16 },
    #[error(
        "{host} port {port} did not answer within {limit:?}; check the address, the network and its firewall"
    )]
    TooSlow { host: String, port: u16, limit: Duration },
    #[error("{host} port {port} cannot be reached ({why}); check the address and the network")]
    Unreachable { host: String, port: u16, why: String },
}

/// The addresses of a host that may be contacted; never empty. What is dialed later must be
/// one of these and not the name, or a second answer of the name server would not be checked.
pub(crate) async fn resolve(
    reach: &Reach,
    host: &str,
    port: u16,
    limit: Duration,
) -> Result<Vec<SocketAddr>, NetError> {
    let host = bare(host);
    let unknown = |why: String| NetError::UnknownName { host: host.to_owned(), why };
    let found = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) => match timeout(limit, lookup_host((host, port))).await {
            Ok(Ok(addresses)) => addresses.collect(),
            Ok(Err(error)) => return Err(unknown(error.to_string())),
            Err(_) => return Err(unknown(format!("no answer within {limit:?}"))),
        },
    };
    within_reach(reach, host, found)
}

/// A connection to the first address of a host that may be contacted and answers.
pub(crate) async fn dial(
    reach: &Reach,
    host: &str,
    port: u16,
    limit: Duration,
) -> Result<TcpStream, NetError> {
    let mut last = io::Error::other("it has no address");
    for address in resolve(reach, host, port, limit).await? {
        match connect(address, limit).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(undialed(host, port, limit, &last))
}

/// The addresses of a host that may be contacted and take a connection; never empty. A name often
/// stands for an address of which nobody knows.
pub(crate) async fn answering(
    reach: &Reach,
    host: &str,
    port: u16,
    limit: Duration,
) -> Result<Vec<SocketAddr>, NetError> {
    let mut last = io::Error::other("it has no address");
    let mut answering = Vec::new();
    for address in resolve(reach, host, port, limit).await? {
        match connect(address, limit).await {
            Ok(_) => answering.push(address),
            Err(error) => last = error,
        }
    }
    if answering.is_empty() { Err(undialed(host, port, limit, &last)) } else { Ok(answering) }
}

async fn connect(address: SocketAddr, limit: Duration) -> io::Result<TcpStream> {
    timeout(limit, TcpStream::connect(address)).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn undialed(host: &str, port: u16, limit: Duration, last: &io::Error) -> NetError {
    let host = bare(host).to_owned();
    match last.kind() {
        io::ErrorKind::ConnectionRefused => NetError::Refused { host, port },
        io::ErrorKind::TimedOut => NetError::TooSlow { host, port, limit },
        _ => NetError::Unreachable { host, port, why: last.to_string() },
    }
}

/// An IPv6 address without the brackets it has in a URL.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

fn within_reach(reach: &Reach, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NetError> {
    let refused = found.iter().map(SocketAddr::ip).find(|address| !reach.allows(host, *address));
    let allowed: Vec<SocketAddr> =
        found.into_iter().filter(|address| reach.allows(host, address.ip())).collect();
    match (allowed.is_empty(), refused) {
        (false, _) => Ok(allowed),
        (true, Some(address)) => Err(NetError::OutOfReach { host: host.to_owned(), address }),
        (true, None) => {
            Err(NetError::UnknownName { host: host.to_owned(), why: "it has no address".to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(5);

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn only_addresses_within_reach_are_left() {
        let near = Reach::default();
        let found = addresses(&["10.0.0.9:80", "127.0.0.1:80", "[::1]:80"]);
        assert_eq!(
            within_reach(&near, "rebound.example", found.clone()).unwrap(),
            addresses(&["127.0.0.1:80", "[::1]:80"])
        );
        let listed = Reach::new(vec!["rebound.example".into()]);
        assert_eq!(within_reach(&listed, "rebound.example", found.clone()).unwrap(), found);
    }

    #[test]
    fn a_name_that_resolves_elsewhere_is_refused_with_the_name_the_address_and_the_remedy() {
        // The last ones reach this machine or a cloud's metadata by another spelling.
        for far in ["10.0.0.9:80", "[2001:db8::1]:80", "0.0.0.0:80", "169.254.169.254:80"] {
            let error = within_reach(&Reach::default(), "rebound.example", addresses(&[far])).unwrap_err();
            let said = error.to_string();
            let address = far.parse::<SocketAddr>().unwrap().ip().to_string();
            for part in ["rebound.example", &address, "consent.hosts"] {
                assert!(said.contains(part), "{said}");
            }
        }
        assert!(within_reach(&Reach::default(), "empty.example", Vec::new()).is_err());
    }

    #[tokio::test]
    async fn an_address_out_of_reach_is_not_dialed() {
        // A documentation address: a packet to it would wait for the limit or fail otherwise.
        let error = dial(&Reach::default(), "192.0.2.1", 80, LIMIT).await.unwrap_err();
        assert!(matches!(error, NetError::OutOfReach { .. }), "{error}");
    }

    #[tokio::test]
    async fn names_brackets_and_closed_ports_are_told_apart() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(dial(&Reach::default(), "localhost", port, LIMIT).await.is_ok());
        drop(listener);
        let error = dial(&Reach::default(), "127.0.0.1", port, LIMIT).await.unwrap_err();
        assert!(matches!(error, NetError::Refused { .. }), "{error}");
        let found = resolve(&Reach::default(), "[::1]", port, LIMIT).await.unwrap();
        assert_eq!(found, addresses(&[&format!("[::1]:{port}")]));
        let error = dial(&Reach::default(), "not a name", port, LIMIT).await.unwrap_err();
        assert!(matches!(error, NetError::UnknownName { .. }), "{error}");
    }
}
