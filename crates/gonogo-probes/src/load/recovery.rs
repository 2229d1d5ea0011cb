//! From second after second, in which an objective was kept to or not, to when a system had recovered.
//! Pure: it knows no load.

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recovery {
    /// After how many seconds it had; `None` when it never had.
    pub(super) after_s: Option<u32>,
    /// In how many seconds after that it was not kept to.
    pub(super) relapsed_s: u32,
}

/// A system has recovered where the first row of `in_a_row` seconds begins in which the objective was
/// kept to. Each entry stands for `grain_s` seconds; of those that are `None` nothing is known, and they
/// neither make nor break a row.
pub(super) fn recovery(held: &[Option<bool>], in_a_row: u32, grain_s: u32) -> Recovery {
    let needed = in_a_row.div_ceil(grain_s).max(1);
    let (mut began, mut row) = (None, 0);
    for (at, held_here) in held.iter().enumerate() {
        match held_here {
            Some(true) => {
                began.get_or_insert(at);
                row += 1;
            }
            Some(false) => (began, row) = (None, 0),
            None => {}
        }
        if row >= needed {
            break;
        }
    }
    let Some(began) = began.filter(|_| row >= needed) else {
        return Recovery { after_s: None, relapsed_s: 0 };
    };
    let seconds = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_mul(grain_s);
    let relapsed = held[began..].iter().filter(|held| **held == Some(false)).count();
    Recovery { after_s: Some(seconds(began)), relapsed_s: seconds(relapsed) }
}

/// In which share of the seconds of which something is known it was kept to.
pub(super) fn held_share(held: &[Option<bool>]) -> Option<f64> {
    let known: Vec<bool> = held.iter().copied().flatten().collect();
    let kept = known.iter().filter(|kept| **kept).count();
    (!known.is_empty()).then(|| kept as f64 / known.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, in_a_row: u32, grain_s: u32) -> (Option<u32>, u32) {
        let held: Vec<Option<bool>> = text
            .chars()
            .map(|c| match c {
                '+' => Some(true),
                '-' => Some(false),
                _ => None,
            })
            .collect();
        let Recovery { after_s, relapsed_s } = recovery(&held, in_a_row, grain_s);
        (after_s, relapsed_s)
    }

    #[test]
    fn it_has_recovered_where_the_first_whole_row_begins() {
        assert_eq!(of("+++++", 3, 1), (Some(0), 0));
        assert_eq!(of("--++-+++--+", 3, 1), (Some(5), 2));
        assert_eq!(of("--++", 3, 1), (None, 0));
        assert_eq!(of("-+?+?+", 3, 1), (Some(1), 0));
        assert_eq!(of("-++", 5, 10), (Some(10), 0));
        assert_eq!(of("", 3, 1), (None, 0));
        assert_eq!(held_share(&[Some(true), None, Some(false)]), Some(0.5));
        assert_eq!(held_share(&[None]), None);
    }
}
