//! A question and its answer over UDP, asked again until somebody answers. It does not know what
//! is asked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout_at};

use super::net::{self, NetError};
use crate::context::Reach;

/// A datagram may be lost, so it is sent again after this.
const AGAIN: Duration = Duration::from_millis(500);

/// Asks the first address of a host that may be contacted. `None` when nobody answers in time.
pub(crate) async fn ask(
    reach: &Reach,
    host: &str,
    port: u16,
    question: &[u8],
    limit: Duration,
) -> Result<Option<Vec<u8>>, NetError> {
    let until = Instant::now() + limit;
    let broken = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::ConnectionRefused => NetError::Refused { host: host.to_owned(), port },
        _ => NetError::Unreachable { host: host.to_owned(), port, why: error.to_string() },
    };
    let addresses = net::resolve(reach, host, port, limit).await?;
    let Some(address) = addresses.first() else { return Ok(None) };
    let here: IpAddr =
        if address.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind(SocketAddr::new(here, 0)).await.map_err(broken)?;
    // Only this address can answer then.
    socket.connect(address).await.map_err(broken)?;
    let mut answer = vec![0; 2048];
    while Instant::now() < until {
        socket.send(question).await.map_err(broken)?;
        let next = (Instant::now() + AGAIN).min(until);
        if let Ok(received) = timeout_at(next, socket.recv(&mut answer)).await {
            answer.truncate(received.map_err(broken)?);
            return Ok(Some(answer));
        }
    }
    Ok(None)
}
