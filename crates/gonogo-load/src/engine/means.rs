//! What a run needs of the machine, found out before anything is sent: file descriptors, and local
//! ports. Where a shard is too large for a process or an address, it says so.

use std::net::{IpAddr, Ipv4Addr};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::plan::{Refused, Shard};
use crate::wire::{Target, ports};

/// Descriptors that are in use for other things.
const BESIDE: u64 = 128;
/// Of the ports of an address, how many in a hundred can be counted on; others are in use, or wait.
const USABLE: u64 = 90;

/// What a machine gives one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// File descriptors.
    pub descriptors: u64,
    /// Local ports of each address.
    pub ports: u64,
    /// Files that all processes together can still open.
    pub files: u64,
}

/// What a shard takes of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Means {
    /// The addresses that connections come from; empty when the kernel chooses.
    pub sources: Vec<IpAddr>,
}

impl Machine {
    /// This process on this machine; its limit of descriptors is raised as far as it can be.
    pub fn this() -> Machine {
        let limit = getrlimit(Resource::Nofile);
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
        let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        Machine { descriptors, ports: ports(), files: files() }
    }

    /// Whether the machine has enough for so many users, over however many of its processes.
    ///
    /// # Errors
    /// [`Refused`] with what is too little.
    pub fn bears(self, users: u64, targets: &[Target]) -> Result<(), Refused> {
        // Of a connection to this machine itself, both ends are here.
        let ends = |target: &Target| if is_all_loopback(target) { 2 } else { 1 };
        let files = targets.iter().map(ends).sum::<u64>().saturating_mul(users).saturating_add(BESIDE);
        if files > self.files {
            return Err(Refused(format!(
                "{users} users need {files} open files, and this machine can open {} more; raise fs.file-max or \
                 spread the load over more machines",
                self.files
            )));
        }
        let far = targets.iter().filter(|target| !is_all_loopback(target));
        match far.map(|target| self.sources_for(users, target)).max() {
            Some(crowded @ 2..) => Err(self.too_few_ports(users, crowded)),
            _ => Ok(()),
        }
    }

    fn too_few_ports(self, users: u64, crowded: u64) -> Refused {
        Refused(format!(
            "{users} users need {crowded} source addresses, for one has {} local ports; raise \
             net.ipv4.ip_local_port_range or spread the load over more machines",
            self.ports
        ))
    }

    /// How many users a process can have, each with a connection to each of so many targets.
    pub fn users(self, targets: u64) -> u64 {
        self.descriptors.saturating_sub(BESIDE) / targets.max(1)
    }

    /// What `users` of a shard need, each with a connection to each target.
    ///
    /// # Errors
    /// [`Refused`] with what is too little, and into how many shards the plan would have to be split.
    pub fn means(self, users: u64, shard: Shard, targets: &[Target]) -> Result<Means, Refused> {
        let most = self.users(targets.len() as u64);
        if users > most {
            let shards = (users * shard.of).div_ceil(most.max(1));
            return Err(Refused(format!(
                "{users} users need {} file descriptors, and a process has {} here; split the plan into {shards} \
                 shards, one a process",
                users * targets.len() as u64 + BESIDE,
                self.descriptors
            )));
        }
        let Some(crowded) = targets.iter().map(|target| self.sources_for(users, target)).max() else {
            return Err(Refused("there is no target".to_owned()));
        };
        let every_loopback_v4 = targets.iter().all(is_all_loopback);
        // Shards of one machine meet at the same ports, so each has addresses of its own.
        let sources = u8::try_from(crowded).ok().zip(u8::try_from(shard.index).ok());
        match (crowded, every_loopback_v4, sources) {
            (0 | 1, false, _) => Ok(Means { sources: Vec::new() }),
            (0 | 1, true, _) if shard.of == 1 => Ok(Means { sources: Vec::new() }),
            (_, true, Some((count, index))) => Ok(Means {
                sources: (1..=count.max(1)).map(|n| Ipv4Addr::new(127, 0, index, n).into()).collect(),
            }),
            _ => Err(self.too_few_ports(users, crowded)),
        }
    }

    /// How many source addresses `users` need to reach a target.
    fn sources_for(self, users: u64, target: &Target) -> u64 {
        let ports = self.ports * USABLE / 100 * target.addresses.len() as u64;
        users.div_ceil(ports.max(1))
    }
}

fn is_all_loopback(target: &Target) -> bool {
    target.addresses.iter().all(|address| matches!(address.ip(), IpAddr::V4(ip) if ip.is_loopback()))
}

/// Files that can still be opened on this machine; where that cannot be read, it is not the limit.
fn files() -> u64 {
    let text = std::fs::read_to_string("/proc/sys/fs/file-nr").unwrap_or_default();
    let mut numbers = text.split_whitespace().filter_map(|number| number.parse::<u64>().ok());
    match (numbers.next(), numbers.next_back()) {
        (Some(open), Some(most)) => most.saturating_sub(open),
        _ => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(address: &str) -> Target {
        Target {
            name: "t".to_owned(),
            addresses: vec![address.parse().unwrap()],
            host: "t".to_owned(),
            base: String::new(),
            tls: None,
            http2: false,
        }
    }

    const MACHINE: Machine = Machine { descriptors: 60_128, ports: 28_000, files: 200_000 };

    #[test]
    fn loopback_has_more_addresses_when_ports_run_out() {
        let means = |users, address: &str| MACHINE.means(users, Shard::WHOLE, &[target(address)]);
        assert_eq!(means(25_000, "127.0.0.1:80").unwrap().sources, Vec::<IpAddr>::new());
        assert_eq!(means(50_000, "127.0.0.1:80").unwrap().sources.len(), 2);
        let other = means(50_000, "192.0.2.1:80").unwrap_err().to_string();
        assert!(other.contains("2 source addresses"), "{other}");
    }

    #[test]
    fn too_many_for_a_process_is_refused_with_how_to_split() {
        let machine = Machine { descriptors: 20_000, ..MACHINE };
        let error = machine.means(50_000, Shard::WHOLE, &[target("127.0.0.1:80")]).unwrap_err().to_string();
        assert!(error.contains("into 3 shards"), "{error}");
        assert!(machine.means(16_667, Shard { index: 2, of: 3 }, &[target("127.0.0.1:80")]).is_ok());
        assert!(machine.means(1, Shard::WHOLE, &[]).is_err());
    }

    #[test]
    fn what_no_number_of_processes_can_do_is_refused_beforehand() {
        let bears = |users, address: &str| MACHINE.bears(users, &[target(address)]);
        assert_eq!(bears(50_000, "127.0.0.1:80"), Ok(()));
        assert_eq!(bears(25_000, "192.0.2.1:80"), Ok(()));
        for (users, address, said) in [
            (50_000, "192.0.2.1:80", "2 source addresses"),
            (50_000, "[::1]:80", "2 source addresses"),
            (100_000, "127.0.0.1:80", "200128 open files"),
        ] {
            let error = bears(users, address).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn shards_of_one_machine_do_not_meet_at_a_port() {
        let of =
            |index| MACHINE.means(10, Shard { index, of: 3 }, &[target("127.0.0.1:80")]).unwrap().sources;
        assert!(of(0).iter().all(|source| !of(1).contains(source) && !of(2).contains(source)));
    }

    #[test]
    fn this_machine_has_something() {
        let machine = Machine::this();
        assert!(machine.descriptors > 64 && machine.ports > 1_000, "{machine:?}");
    }
}
