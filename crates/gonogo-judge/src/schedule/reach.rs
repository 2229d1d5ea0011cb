//! What waits for each task: what it alone would free, and everything that it holds.

use gonogo_model::schedule::Reach;

use super::network::Network;

/// Tasks that wait for others, up to which everything that is held is counted: the space for it
/// grows with their square, and is 32 MB here.
const MOST_HELD: usize = 16_384;

/// What can start as soon as the task alone is done, and what can start after that.
///
/// A task frees another exactly when every way to it leads through the first. Those ways meet in
/// the last task that is on all of them, which is the one that frees it directly; so this is a
/// tree, and each task frees what is below it.
pub(super) fn frees(network: &Network<'_>) -> Vec<Reach> {
    let mut tree = Tree::new();
    for needs in &network.needs {
        let meet = needs.iter().map(|need| need + 1).reduce(|a, b| tree.meet(a, b));
        tree.push(meet.unwrap_or(0));
    }
    let mut frees = vec![Reach::default(); network.tasks.len() + 1];
    for (at, task) in network.tasks.iter().enumerate().rev() {
        let above = tree.above[at + 1];
        frees[above] = sum(frees[above], sum(frees[at + 1], task.opens));
    }
    frees.split_off(1)
}

/// A tree that grows leaf by leaf. Node 0 is now; each other one is the task before that number.
struct Tree {
    above: Vec<usize>,
    /// Some node above; these jumps double along the way, so every climb is short.
    far_above: Vec<usize>,
    depth: Vec<usize>,
}

impl Tree {
    fn new() -> Tree {
        Tree { above: vec![0], far_above: vec![0], depth: vec![0] }
    }

    fn push(&mut self, above: usize) {
        let far = self.far_above[above];
        let farther = self.far_above[far];
        // Two jumps of the same length make one.
        let doubles = self.depth[above] - self.depth[far] == self.depth[far] - self.depth[farther];
        self.far_above.push(if doubles { farther } else { above });
        self.above.push(above);
        self.depth.push(self.depth[above] + 1);
    }

    /// The lowest node above or at both.
    fn meet(&self, mut a: usize, mut b: usize) -> usize {
        if self.depth[a] < self.depth[b] {
            (a, b) = (b, a);
        }
        while self.depth[a] > self.depth[b] {
            let far = self.far_above[a];
            a = if self.depth[far] >= self.depth[b] { far } else { self.above[a] };
        }
        while a != b {
            (a, b) = match (self.far_above[a], self.far_above[b]) {
                (far_a, far_b) if far_a != far_b => (far_a, far_b),
                _ => (self.above[a], self.above[b]),
            };
        }
        a
    }
}

/// Everything that waits for each task, directly or through others; none when that is too much.
pub(super) fn holds(network: &Network<'_>) -> Option<Vec<Reach>> {
    let waits = network.needs.iter().filter(|needs| !needs.is_empty()).count();
    if waits > MOST_HELD {
        return None;
    }
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); network.tasks.len()];
    for (at, needs) in network.needs.iter().enumerate() {
        needs.iter().for_each(|need| followers[*need].push(at));
    }
    // Only what waits can be held by others, so it alone has a column and keeps its row.
    let mut columns = vec![0; network.tasks.len()];
    let held: Vec<usize> = (0..network.tasks.len()).filter(|at| !network.needs[*at].is_empty()).collect();
    held.iter().enumerate().for_each(|(column, at)| columns[*at] = column);
    let words = held.len().div_ceil(64);
    let mut rows: Vec<Vec<u64>> = vec![Vec::new(); held.len()];
    let mut holds = vec![Reach::default(); network.tasks.len()];
    for at in (0..network.tasks.len()).rev() {
        let waits = !network.needs[at].is_empty();
        holds[at] = match followers[at].as_slice() {
            [] => Reach::default(),
            [only] if !waits => sum(holds[*only], network.tasks[*only].opens),
            several => {
                let row = row(several, &rows, &columns, words);
                let counted = counted(&row, &held, network);
                if waits {
                    rows[columns[at]] = row;
                }
                counted
            }
        };
    }
    Some(holds)
}

/// Those that wait for it, and all that waits for them.
fn row(followers: &[usize], rows: &[Vec<u64>], columns: &[usize], words: usize) -> Vec<u64> {
    let mut row = vec![0_u64; words];
    for follower in followers {
        let column = columns[*follower];
        row[column / 64] |= 1 << (column % 64);
        row.iter_mut().zip(&rows[column]).for_each(|(word, more)| *word |= more);
    }
    row
}

fn counted(row: &[u64], held: &[usize], network: &Network<'_>) -> Reach {
    let mut all = Reach::default();
    for (at, word) in row.iter().enumerate() {
        let mut word = *word;
        while word != 0 {
            let column = at * 64 + word.trailing_zeros() as usize;
            all = sum(all, network.tasks[held[column]].opens);
            word &= word - 1;
        }
    }
    all
}

fn sum(a: Reach, b: Reach) -> Reach {
    Reach {
        checks: a.checks.saturating_add(b.checks),
        stages: a.stages.saturating_add(b.stages),
        entries: a.entries.saturating_add(b.entries),
    }
}
