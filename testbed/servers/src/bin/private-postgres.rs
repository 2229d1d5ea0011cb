//! Starts a private Postgres, prints its process id and address on one line, and keeps it until
//! standard input ends.

use std::io::{Read, Write};

use testbed_servers::{Postgres, PostgresOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let postgres = Postgres::start(&PostgresOptions::default())?;
    writeln!(std::io::stdout(), "{} {}", postgres.pid(), postgres.dsn())?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    postgres.stop()?;
    Ok(())
}
