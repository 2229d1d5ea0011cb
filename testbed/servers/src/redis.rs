//! A private Redis: in memory only, on 127.0.0.1, with a password. It does not know who uses it.

use std::fmt;
use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use crate::error::{ServerError, While};
use crate::process::{Child, StopSignal, command, folder_on_path, free_port, last_lines, wait_until};

const PROGRAM: &str = "redis-server";
const LIMIT: Duration = Duration::from_secs(20);
const TRIES: u32 = 5;

/// A running private Redis. Dropping it stops the server and removes its folder.
pub struct Redis {
    // The order matters: the server stops before its folder goes.
    child: Child,
    folder: TempDir,
    program: PathBuf,
    port: u16,
    password: String,
}

impl fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Redis").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Redis {
    /// The program on this machine.
    pub fn find() -> Option<PathBuf> {
        Some(folder_on_path(&[PROGRAM])?.join(PROGRAM))
    }

    /// Starts a server and waits until it takes connections.
    pub fn start() -> Result<Redis, ServerError> {
        let missing = ServerError::NoBinaries {
            server: "Redis",
            searched: "PATH",
            install: "apt-get install redis-server",
        };
        let program = Redis::find().ok_or(missing)?;
        let folder = tempfile::Builder::new().prefix("private-redis-").tempdir();
        let folder = folder.while_doing("make a temporary folder")?;
        let mut bytes = [0_u8; 24];
        let filled = getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()));
        filled.while_doing("make a password")?;
        let password: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        for _ in 0..TRIES {
            let port = free_port().while_doing("find a free port")?;
            if let Some(child) = run(&program, &folder, port, &password)? {
                return Ok(Redis { child, folder, program, port, password });
            }
        }
        Err(ServerError::NoPort { program: PROGRAM, tries: TRIES })
    }

    /// `redis://:PASSWORD@127.0.0.1:PORT/0`.
    pub fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}/0", self.password, self.port)
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops the server; its values are gone. [`Redis::resume`] starts it again at the same place.
    pub fn pause(&mut self) -> Result<(), ServerError> {
        self.child.stop().map(|_| ()).while_doing("stop redis")
    }

    /// Starts the server again, empty.
    pub fn resume(&mut self) -> Result<(), ServerError> {
        let child = run(&self.program, &self.folder, self.port, &self.password)?;
        self.child = child.ok_or(ServerError::NoPort { program: PROGRAM, tries: 1 })?;
        Ok(())
    }
}

/// A server that takes connections; none when it ended because somebody has the port.
fn run(
    program: &std::path::Path,
    folder: &TempDir,
    port: u16,
    password: &str,
) -> Result<Option<Child>, ServerError> {
    let settings = format!(
        "bind 127.0.0.1\nport {port}\nsave \"\"\nappendonly no\ndir {}\nrequirepass {password}\n",
        folder.path().display()
    );
    // The password is in the file, not among the arguments, which everybody on the machine can read.
    let file = folder.path().join("redis.conf");
    std::fs::write(&file, settings).while_doing("write the settings of redis")?;
    let path = folder.path().join("log");
    let log = File::create(&path).while_doing("make the log of redis")?;
    let mut started = command(program, StopSignal::Terminate);
    started.arg(&file).stdout(log);
    let mut child = Child::spawn(started, StopSignal::Terminate).while_doing("start redis")?;
    let ready = wait_until(LIMIT, || {
        if child.exited()?.is_some() {
            return Ok(Some(false));
        }
        Ok(std::fs::read_to_string(&path)?.contains("Ready to accept connections").then_some(true))
    });
    match ready.while_doing("wait for redis")? {
        Some(true) => Ok(Some(child)),
        Some(false) => Ok(None),
        None => Err(ServerError::TooSlow { program: PROGRAM, limit: LIMIT, log: last_lines(&path) }),
    }
}
