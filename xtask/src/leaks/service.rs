//! A service whose memory goes a known way: it leaks a megabyte a minute, or fills a cache and is done.
//! Beside that it takes and frees memory as any service does, by chance that a seed makes the same again.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use clap::ValueEnum;

/// What its memory does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// It grows by a megabyte a minute, at twenty requests a second.
    Leaks,
    /// It fills a cache by keys at random, and grows no further.
    Warms,
}

/// A megabyte in a minute of twenty requests a second.
const LEAKED: usize = 1_000_000 / 60 / 20;
/// Memory that is used while a request is answered, at most.
const USED: u64 = 256 * 1024;
const MB: u64 = 1_000_000;

impl Kind {
    /// Its word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Leaks => "leaks",
            Kind::Warms => "warms",
        }
    }
}

/// Serves until its input ends. It says its port first.
///
/// # Errors
/// No port, or no output.
pub fn serve(kind: Kind, seed: u64) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?.port())?;
    let memory = Arc::new(Mutex::new(Memory::new(kind, seed)));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let memory = Arc::clone(&memory);
            std::thread::spawn(move || talk(stream, &memory));
        }
    });
    // When whoever started it is gone, so is its input.
    let _ = std::io::stdin().read(&mut [0]);
    Ok(())
}

fn talk(stream: TcpStream, memory: &Mutex<Memory>) -> std::io::Result<()> {
    let (mut reader, mut stream) = (BufReader::new(stream.try_clone()?), stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        memory.lock().unwrap_or_else(PoisonError::into_inner).asked();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")?;
    }
}

struct Memory {
    chance: u64,
    kind: Kind,
    leaked: Vec<Vec<u8>>,
    cache: Vec<Option<Vec<u8>>>,
    /// Bytes of one entry of the cache.
    entry: usize,
}

impl Memory {
    /// A cache of 3 to 40 MB, of which two thirds are there after 5 to 50 s.
    fn new(kind: Kind, seed: u64) -> Memory {
        let mut memory = Memory { chance: seed, kind, leaked: Vec::new(), cache: Vec::new(), entry: 0 };
        let entries = memory.below(900) + 100;
        let size = 3 * MB + memory.below(37 * MB);
        memory.entry = usize::try_from(size / entries).unwrap_or(1);
        memory.cache = vec![None; usize::try_from(entries).unwrap_or(1)];
        memory
    }

    /// A number below this, by `SplitMix64`.
    fn below(&mut self, most: u64) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.chance;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % most.max(1)
    }

    fn asked(&mut self) {
        let used = usize::try_from(self.below(USED)).unwrap_or(0);
        drop(std::hint::black_box(vec![1_u8; used]));
        match self.kind {
            Kind::Leaks => self.leaked.push(vec![1; LEAKED]),
            Kind::Warms => {
                let key = usize::try_from(self.below(self.cache.len() as u64)).unwrap_or(0);
                if let Some(entry) = self.cache.get_mut(key) {
                    entry.get_or_insert_with(|| vec![1; self.entry]);
                }
            }
        }
    }
}
