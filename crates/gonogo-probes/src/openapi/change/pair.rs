//! Which document of today is which of before: by path, then by the name of the file, then, when
//! one is left on both sides, those two.

use super::super::survey::Document;
use crate::repository::name_of;

/// A document of today, with the one it was before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paired<'d> {
    /// `None` when it is gone.
    pub(super) new: Option<&'d Document>,
    /// `None` when it was not there.
    pub(super) old: Option<&'d Document>,
}

/// Every document of both sides, once.
pub(super) fn pairs<'d>(new: Vec<&'d Document>, old: Vec<&'d Document>) -> Vec<Paired<'d>> {
    let mut left = Left { new, old, paired: Vec::new() };
    left.join(|new, old| new.path == old.path);
    left.join(|new, old| name_of(&new.path) == name_of(&old.path));
    left.last();
    let mut paired = left.paired;
    paired.extend(left.new.into_iter().map(|new| Paired { new: Some(new), old: None }));
    paired.extend(left.old.into_iter().map(|old| Paired { new: None, old: Some(old) }));
    paired.sort_by(|a, b| key(a).cmp(&key(b)));
    paired
}

fn key<'d>(pair: &Paired<'d>) -> (&'d str, bool) {
    let path = pair.new.or(pair.old).map_or("", |document| &*document.path);
    (path, pair.new.is_none())
}

struct Left<'d> {
    new: Vec<&'d Document>,
    old: Vec<&'d Document>,
    paired: Vec<Paired<'d>>,
}

impl<'d> Left<'d> {
    /// Pairs those that are the same for both sides, where that is clear.
    fn join(&mut self, is_same: impl Fn(&Document, &Document) -> bool) {
        for new in std::mem::take(&mut self.new) {
            let places: Vec<usize> =
                self.old.iter().enumerate().filter(|(_, old)| is_same(new, old)).map(|(at, _)| at).collect();
            match *places {
                [at] => {
                    let old = self.old.remove(at);
                    self.paired.push(Paired { new: Some(new), old: Some(old) });
                }
                _ => self.new.push(new),
            }
        }
    }

    fn last(&mut self) {
        let used = |documents: &[&'d Document]| -> Vec<&'d Document> {
            documents.iter().copied().filter(|document| !document.is_for_development).collect()
        };
        let (new, old) = (used(&self.new), used(&self.old));
        if let ([new], [old]) = (&*new, &*old) {
            self.new.retain(|one| one.path != new.path);
            self.old.retain(|one| one.path != old.path);
            self.paired.push(Paired { new: Some(*new), old: Some(*old) });
        }
    }
}
