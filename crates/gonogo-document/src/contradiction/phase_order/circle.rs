//! Needs that lead back to where they start. A thing may need several; each circle is told once.

use std::collections::BTreeMap;

use super::Edge;
use crate::contradiction::kind::{Findings, Said};
use crate::name::Name;

/// Needs that are followed.
const MOST: usize = 300;

/// What a thing is called here: its words, whatever their order and form.
fn key(name: &str) -> String {
    let words: Vec<String> = Name::of(name).words.into_iter().collect();
    if words.is_empty() { name.to_owned() } else { words.join(" ") }
}

pub(super) fn report(edges: &[Edge], findings: &mut Findings) {
    let edges = edges.get(..edges.len().min(MOST)).unwrap_or_default();
    let mut needs: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, edge) in edges.iter().enumerate() {
        needs.entry(key(&edge.of)).or_default().push(at);
    }
    let ends: Vec<String> = edges.iter().map(|edge| key(&edge.on)).collect();
    let mut told = vec![false; edges.len()];
    for start in 0..edges.len() {
        let Some(path) = circle(edges, &needs, &ends, start).filter(|path| !path.iter().any(|at| told[*at]))
        else {
            continue;
        };
        path.iter().for_each(|at| told[*at] = true);
        let on: Vec<&Edge> = path.iter().filter_map(|at| edges.get(*at)).collect();
        let names: Vec<&str> = on.iter().map(|edge| edge.of.as_str()).collect();
        let message = format!("a circle: {} needs {}", names.join(" needs "), names.first().unwrap_or(&""));
        findings.certain(message, on.iter().map(|edge| edge.said.clone()).collect::<Vec<Said>>());
    }
}

/// The shortest way from the end of a need back to its start, as the needs on it; itself first.
fn circle(
    edges: &[Edge],
    needs: &BTreeMap<String, Vec<usize>>,
    ends: &[String],
    start: usize,
) -> Option<Vec<usize>> {
    let home = key(&edges.get(start)?.of);
    let mut came: Vec<Option<usize>> = vec![None; edges.len()];
    let mut seen = vec![false; edges.len()];
    let mut open = std::collections::VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        let end = ends.get(at)?;
        if *end == home {
            let way = std::iter::successors(Some(at), |at| came.get(*at).copied().flatten());
            let mut path: Vec<usize> = way.collect();
            path.reverse();
            return Some(path);
        }
        for next in needs.get(end).into_iter().flatten().copied() {
            if next != start && !std::mem::replace(&mut seen[next], true) {
                came[next] = Some(at);
                open.push_back(next);
            }
        }
    }
    None
}
