//! Local ports of connections that come from an address of their own. The kernel would look for a free
//! one by itself, and takes milliseconds for each once many are taken; here they are taken in turn.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::net::TcpSocket;

/// Where no range can be read, that of the IANA is assumed.
const USUAL: Range<u32> = 49_152..65_536;

/// The ports that this machine gives to whoever connects.
static RANGE: LazyLock<Range<u32>> = LazyLock::new(|| {
    let text = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    range(&text).unwrap_or(USUAL)
});
/// How many were tried; the ports belong to the process, and so does this.
static TRIED: AtomicU32 = AtomicU32::new(0);

fn range(text: &str) -> Option<Range<u32>> {
    let mut bounds = text.split_whitespace().filter_map(|bound| bound.parse::<u16>().ok());
    let (first, last) = (u32::from(bounds.next()?), u32::from(bounds.next()?));
    (0 < first && first <= last).then(|| first..last + 1)
}

/// How many ports each address has.
pub(crate) fn count() -> u64 {
    u64::from(RANGE.end - RANGE.start)
}

/// Gives a socket this address, and a port that nobody has.
pub(super) fn bind(socket: &TcpSocket, source: IpAddr) -> io::Result<()> {
    for _ in RANGE.clone() {
        let turn = TRIED.fetch_add(1, Ordering::Relaxed) % (RANGE.end - RANGE.start);
        let port = u16::try_from(RANGE.start + turn).unwrap_or(0);
        match socket.bind(SocketAddr::new(source, port)) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            bound => return bound,
        }
    }
    // All are taken, some of them by connections that are over and wait; those may be taken again.
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::new(source, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_read_and_nonsense_is_not() {
        assert_eq!(range("32768\t60999\n"), Some(32_768..61_000));
        assert_eq!(range("1 65535"), Some(1..65_536));
        for text in ["", "32768", "0 100", "9 8", "a b", "1 65536"] {
            assert_eq!(range(text), None, "{text}");
        }
        assert!(count() > 100);
    }

    #[tokio::test]
    async fn no_two_sockets_have_one_port() {
        let source: IpAddr = "127.77.3.1".parse().unwrap();
        let sockets: Vec<TcpSocket> = (0..500).map(|_| TcpSocket::new_v4().unwrap()).collect();
        sockets.iter().for_each(|socket| bind(socket, source).unwrap());
        let mut ports: Vec<u16> = sockets.iter().map(|socket| socket.local_addr().unwrap().port()).collect();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 500);
    }
}
