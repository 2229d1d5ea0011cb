//! One service, two ports.

use std::collections::BTreeMap;

use super::facts::word::says;
use super::facts::{Facts, Grid, GridRow};
use super::kind::{Findings, Kind, Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "port-differs",
    kind: Kind::Impossible,
    why: "A check at a port on which the service does not listen looks at something else.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let mut listens: BTreeMap<String, (Vec<u32>, Said)> = BTreeMap::new();
    for grid in &facts.grids {
        let Some(column) = (0..grid.roles.len())
            .find(|at| says(&grid.header(*at), &["port", "ports", "listens on", "listen"]))
        else {
            continue;
        };
        for row in grid.body() {
            let ports = plain_ports(row.cell(column));
            if !ports.is_empty() {
                listens.entry(row.cell(grid.label).to_lowercase()).or_insert((ports, row.said()));
            }
        }
    }
    for grid in &facts.grids {
        for row in grid.body() {
            let Some((own, said)) = listens.get(&row.cell(grid.label).to_lowercase()) else { continue };
            let Some(port) = checked(grid, row).filter(|port| !own.contains(port)) else { continue };
            let ports: Vec<String> = own.iter().map(u32::to_string).collect();
            let message = format!(
                "«{}» is checked at port {port} and listens on {}",
                row.cell(grid.label),
                ports.join(", ")
            );
            findings.certain(message, vec![row.said(), said.clone()]);
        }
    }
}

/// `8080` or `80, 443`, and nothing else.
fn plain_ports(cell: &str) -> Vec<u32> {
    let parts = cell
        .split([',', '/', ' ', ';'])
        .map(|part| part.trim_matches(['`', ':']))
        .filter(|part| !part.is_empty());
    let ports: Option<Vec<u32>> =
        parts.map(|part| part.parse::<u32>().ok().filter(|port| (1..65_536).contains(port))).collect();
    ports.unwrap_or_default()
}

/// The port of the only local address in a row.
fn checked(grid: &Grid<'_>, row: &GridRow<'_>) -> Option<u32> {
    let mut found = Vec::new();
    for column in 0..grid.roles.len() {
        let cell = row.cell(column);
        for host in ["localhost:", "127.0.0.1:", "[::1]:", "0.0.0.0:"] {
            let behind = cell.split_once(host).map(|(_, rest)| rest).unwrap_or_default();
            let digits: String = behind.chars().take_while(char::is_ascii_digit).take(6).collect();
            found.extend(digits.parse::<u32>().ok());
        }
    }
    if let [one] = found.as_slice() { Some(*one) } else { None }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_check_at_another_port_is_found() {
        let row = |url: &str| {
            format!(
                "| Service | Listens on | Health check |\n|---|---|---|\n| Booking | 7001 | GET http://localhost:{url} |\n"
            )
        };
        assert_eq!(found(&RULE, &row("7000/healthz")), ["certain 3"]);
        assert!(found(&RULE, &row("7001/healthz")).is_empty());
        let two = "| Service | Check |\n|---|---|\n| Auth | wget http://localhost:80/h |\n\n| Service | Port |\n|---|---|\n| Auth | 80, 443 |\n";
        assert!(found(&RULE, two).is_empty());
        assert_eq!(found(&RULE, &two.replace("80, 443", "81")), ["certain 3,7"]);
    }
}
