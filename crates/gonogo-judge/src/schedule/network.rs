//! The tasks in an order in which each comes after what it needs, and the arrows between them.
//! A position here is a place in that order, so every arrow leads from a lower one to a higher,
//! and every list of this folder has one entry a position.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::{End, Task};

/// The network of the open work.
pub(super) struct Network<'a> {
    /// Everything before launch first.
    pub(super) tasks: Vec<&'a Task>,
    /// How many of them come before launch.
    pub(super) before_launch: usize,
    /// What each waits for, ascending, each once.
    pub(super) needs: Vec<Vec<usize>>,
    /// What its owner does before it.
    pub(super) owner_before: Vec<Option<usize>>,
    /// Tasks that could not come after all they need, because it needs them.
    pub(super) circular: Vec<usize>,
}

impl<'a> Network<'a> {
    pub(super) fn of(tasks: &'a [Task]) -> Network<'a> {
        let mut sorted: Vec<&Task> = tasks.iter().collect();
        sorted.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        let needs = needs(&sorted);
        let early = early(&sorted, &needs);
        let Order { order, stuck, .. } = Order::of(&needs, &early);
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, at)| places[*at] = place);
        let moved = |(here, at): (usize, &usize)| {
            let moved = needs[*at].iter().map(|need| places[*need]);
            // What a circle needs and does not come before is left out.
            let mut moved: Vec<usize> = moved.filter(|need| *need < here).collect();
            moved.sort_unstable();
            moved
        };
        let placed: Vec<&Task> = order.iter().map(|at| sorted[*at]).collect();
        Network {
            before_launch: early.iter().filter(|early| **early).count(),
            needs: order.iter().enumerate().map(moved).collect(),
            owner_before: owner_before(&placed),
            circular: stuck.into_iter().map(|at| places[at]).collect(),
            tasks: placed,
        }
    }

    /// How long each task takes at one end of its estimate.
    pub(super) fn lengths(&self, end: End) -> Vec<u64> {
        self.tasks.iter().map(|task| end.of(task)).collect()
    }

    /// The needs, and that each owner does one thing at a time. This order is fixed before any
    /// length is known, so that a longer task can only make the schedule longer.
    pub(super) fn with_owners(&self) -> Vec<Vec<usize>> {
        let with = |at: usize| {
            let mut with = self.needs[at].clone();
            with.extend(self.only_owner_before(at));
            with
        };
        (0..self.tasks.len()).map(with).collect()
    }

    /// What its owner does before it, when it does not need that anyway.
    pub(super) fn only_owner_before(&self, at: usize) -> Option<usize> {
        self.owner_before[at].filter(|before| self.needs[at].binary_search(before).is_err())
    }

    pub(super) fn id(&self, at: usize) -> String {
        self.tasks[at].id.clone()
    }

    pub(super) fn ids(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|at| self.id(*at)).collect()
    }
}

/// What each task needs, as places in `tasks`, each once and none itself.
fn needs(tasks: &[&Task]) -> Vec<Vec<usize>> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, task) in tasks.iter().enumerate() {
        known.entry(&task.id).or_insert(at);
    }
    let of = |(at, task): (usize, &&Task)| {
        let needs = task.needs.iter().filter_map(|id| known.get(id.as_str()).copied());
        let mut needs: Vec<usize> = needs.filter(|need| *need != at).collect();
        needs.sort_unstable();
        needs.dedup();
        needs
    };
    tasks.iter().enumerate().map(of).collect()
}

/// What must be done before launch: what says so, and everything that it needs.
fn early(tasks: &[&Task], needs: &[Vec<usize>]) -> Vec<bool> {
    let mut early = vec![false; tasks.len()];
    let mut open: Vec<usize> = (0..tasks.len()).filter(|at| !tasks[*at].after_launch).collect();
    while let Some(at) = open.pop() {
        if !early[at] {
            early[at] = true;
            open.extend(&needs[at]);
        }
    }
    early
}

/// The last thing that the same owner does before each task. Work that nobody owns is one more
/// person's; what keeps nobody busy is apart.
fn owner_before(tasks: &[&Task]) -> Vec<Option<usize>> {
    let mut last: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let mut before = Vec::with_capacity(tasks.len());
    for (at, task) in tasks.iter().enumerate() {
        before.push(if task.busy { last.insert(task.owner.as_deref(), at) } else { None });
    }
    before
}

/// An order under way.
struct Order {
    /// How many needs of each are not placed yet.
    waiting: Vec<usize>,
    followers: Vec<Vec<usize>>,
    placed: Vec<bool>,
    order: Vec<usize>,
    stuck: Vec<usize>,
}

impl Order {
    /// What comes before launch and then the rest, each after what it needs and else as they come.
    fn of(needs: &[Vec<usize>], early: &[bool]) -> Order {
        let mut followers: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
        for (at, needs) in needs.iter().enumerate() {
            needs.iter().for_each(|need| followers[*need].push(at));
        }
        let waiting = needs.iter().map(Vec::len).collect();
        let placed = vec![false; needs.len()];
        let mut order = Order { waiting, followers, placed, order: Vec::new(), stuck: Vec::new() };
        order.place(|at| early[at]);
        order.place(|at| !early[at]);
        order
    }

    /// Places every task of a group.
    fn place(&mut self, belongs: impl Fn(usize) -> bool) {
        let group: Vec<usize> = (0..self.waiting.len()).filter(|at| belongs(*at)).collect();
        let is_ready = |at: &usize| self.waiting[*at] == 0;
        let mut ready: BinaryHeap<Reverse<usize>> =
            group.iter().copied().filter(is_ready).map(Reverse).collect();
        let mut rest = group.into_iter();
        loop {
            let free = ready.pop().map(|Reverse(at)| at);
            // Nothing is free and something is left: it waits in a circle, and is placed as it is.
            let Some(at) = free.or_else(|| rest.find(|at| !self.placed[*at])) else { break };
            if free.is_none() {
                self.stuck.push(at);
            }
            self.placed[at] = true;
            self.order.push(at);
            for follower in std::mem::take(&mut self.followers[at]) {
                self.waiting[follower] -= 1;
                if self.waiting[follower] == 0 && !self.placed[follower] && belongs(follower) {
                    ready.push(Reverse(follower));
                }
            }
        }
    }
}
