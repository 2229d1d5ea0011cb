//! `Gemfile.lock`.

use std::collections::BTreeMap;

use gonogo_model::place::Place;

use crate::supply::document::Problem;
use crate::supply::inventory::{Checksum, Ecosystem, Lock, Origin, Package, hexadecimal, is_insecure};

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    let mut reading = Reading::default();
    for (line, number) in source.lines().zip(1_u32..) {
        reading.line(line, number);
    }
    if !reading.has_section {
        return Err(Problem::at(1, "it has no section of Bundler, such as `GEM`"));
    }
    Ok(reading.lock())
}

#[derive(Default)]
struct Reading<'t> {
    section: &'t str,
    has_section: bool,
    insecure: bool,
    packages: Vec<Package>,
    known: BTreeMap<String, usize>,
    needs: Vec<(usize, &'t str)>,
    direct: Vec<&'t str>,
    checksums: Option<BTreeMap<&'t str, &'t str>>,
    last: Option<usize>,
}

impl<'t> Reading<'t> {
    fn line(&mut self, line: &'t str, number: u32) {
        let indent = line.len().saturating_sub(line.trim_start_matches(' ').len());
        let body = line.trim();
        match (indent, self.section) {
            _ if body.is_empty() => {}
            (0, _) => self.open(body),
            (2, "GEM" | "GIT" | "PLUGIN SOURCE") if body.starts_with("remote:") => {
                self.insecure |= is_insecure(body.trim_start_matches("remote:").trim());
            }
            (4, "GEM" | "GIT" | "PATH") => self.spec(body, number),
            (6, "GEM" | "GIT" | "PATH") => {
                self.needs.extend(self.last.map(|last| (last, name_of(body))));
            }
            (2, "DEPENDENCIES") => self.direct.push(name_of(body).trim_end_matches('!')),
            (2, "CHECKSUMS") => {
                if let (Some(known), Some((spec, digest))) = (&mut self.checksums, body.rsplit_once(' ')) {
                    known.insert(spec, digest);
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, section: &'t str) {
        self.section = section;
        self.has_section |= matches!(section, "GEM" | "GIT" | "PATH" | "DEPENDENCIES");
        self.insecure = false;
        if section == "CHECKSUMS" {
            self.checksums = Some(BTreeMap::new());
        }
    }

    /// `name (1.0.0-x86_64-linux)`; the platforms of one version are one package.
    fn spec(&mut self, body: &str, number: u32) {
        let Some((name, version)) = body.split_once(" (") else { return };
        let version = version.trim_end_matches(')').split('-').next().unwrap_or_default();
        let origin = match self.section {
            "GIT" => Origin::Git,
            "PATH" => Origin::Path,
            _ => Origin::Registry,
        };
        let at = self.packages.len();
        let at = *self.known.entry(name.to_owned()).or_insert(at);
        self.last = Some(at);
        if at == self.packages.len() {
            let mut package =
                Package::new(name, version, origin, Place { line: number, column: 5, width: 1 });
            package.insecure = self.insecure;
            self.packages.push(package);
        }
    }

    fn lock(self) -> Lock {
        let mut lock = Lock::new(Ecosystem::Ruby, "bundler");
        lock.packages = self.packages;
        for package in &mut lock.packages {
            package.direct = Some(self.direct.contains(&package.name.as_str()));
            package.owes_checksum &= self.checksums.is_some();
            let spec = format!("{} ({})", package.name, package.version);
            let digests = self.checksums.iter().flatten().filter(|(key, _)| {
                let bare = spec.trim_end_matches(')');
                **key == spec || key.strip_prefix(bare).is_some_and(|rest| rest.starts_with('-'))
            });
            let found = digests.map(|(_, digest)| digest.replace('=', ":")).next();
            package.checksum = found.map(|digest| hexadecimal(&digest).unwrap_or(Checksum::Other));
        }
        let edges: Vec<(usize, usize)> =
            self.needs.iter().filter_map(|(from, name)| Some((*from, *self.known.get(*name)?))).collect();
        lock.connect(edges);
        lock
    }
}

fn name_of(body: &str) -> &str {
    body.split(' ').next().unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_platforms_and_checksums_are_read() {
        let text = "GIT\n  remote: http://x.y/r.git\n  revision: 1\n  specs:\n    r (0.1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.0.0)\n      b (~> 2.0)\n    b (2.0.0-x86_64-linux)\n    b (2.0.0-arm64-darwin)\n    c (3.0.0.pre1)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  a (~> 1)\n  r!\n\nCHECKSUMS\n  a (1.0.0) sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n  b (2.0.0-x86_64-linux) sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\nBUNDLED WITH\n   2.5.0\n";
        let lock = read(text).unwrap();
        let seen: Vec<(&str, &str, Origin, bool)> = lock
            .packages
            .iter()
            .map(|one| (one.name.as_str(), one.version.as_str(), one.origin, one.checksum.is_some()))
            .collect();
        assert_eq!(
            seen,
            [
                ("r", "0.1.0", Origin::Git, false),
                ("a", "1.0.0", Origin::Registry, true),
                ("b", "2.0.0", Origin::Registry, true),
                ("c", "3.0.0.pre1", Origin::Registry, false),
            ]
        );
        assert_eq!(lock.packages[1].needs, [2]);
        assert!(lock.packages[0].insecure && !lock.packages[1].insecure);
        assert_eq!((lock.packages[0].direct, lock.packages[2].direct), (Some(true), Some(false)));
        assert!(read("hello\n").is_err());
    }
}
