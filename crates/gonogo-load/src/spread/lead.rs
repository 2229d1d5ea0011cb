//! Who leads: it gives each worker its shard, lets all of them begin at one moment, puts together
//! what they tell, and knows who is missing. It does not know how messages come and go.

mod clocks;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::clock::{self, Offset};
use super::gap::Gap;
use super::message::{FromWorker, ToWorker, VERSION};
use crate::engine::{Effort, Ended, Gathering, LOOK, Live, Measured, Order, Phase, Stop};
use crate::measure::Layout;
use crate::plan::{Refused, Shard};

/// How long workers may take until they can begin.
const UNTIL_READY: Duration = Duration::from_secs(60);
/// How long after the last of them could, all begin: threads and users must be there by then.
const AHEAD: Duration = Duration::from_millis(300);
/// How long after the grace the last of them may take to tell of all.
const AFTERWARDS: Duration = Duration::from_secs(60);

/// A worker, and how it is spoken to. It is let go when this is dropped.
pub(super) struct Link {
    /// What it is called, such as `process 2 of 3`.
    pub(super) name: String,
    /// What it is to do.
    pub(super) shard: Shard,
    pub(super) to: mpsc::UnboundedSender<ToWorker>,
}

/// What is heard of a worker.
pub(super) enum Heard {
    Said(FromWorker),
    /// It is gone, for this reason.
    Gone(String),
}

/// What is heard of all workers, each by its place in the list of links.
pub(super) type Ears = mpsc::UnboundedReceiver<(usize, Heard)>;

/// What is known of a worker.
struct Worker {
    link: Option<Link>,
    name: String,
    shard: Shard,
    /// The second up to which each of its threads has told of everything.
    told: Vec<u32>,
    counts: (u64, u64),
    heard_at: Instant,
    clock: Option<Offset>,
    effort: Option<Effort>,
    gap: Option<Gap>,
}

impl Worker {
    fn is_under_way(&self) -> bool {
        self.effort.is_none() && self.gap.is_none()
    }

    fn tell(&self, word: ToWorker) {
        if let Some(link) = &self.link {
            // That it is gone is heard, too.
            let _ = link.to.send(word);
        }
    }
}

/// A run that is led.
pub(super) struct Lead {
    order: Order,
    ears: Ears,
    workers: Vec<Worker>,
    stop: Stop,
    silence: Duration,
    /// By then all must have ended.
    until: Instant,
}

/// What came of it.
pub(super) struct Led {
    pub(super) measured: Measured,
    pub(super) gaps: Vec<Gap>,
    /// How far the clocks of the workers may have been apart from ours.
    pub(super) clocks_apart: Option<Duration>,
}

impl Lead {
    /// `silence` is how long nothing may be heard of a worker before it is given up.
    pub(super) fn new(order: Order, links: Vec<Link>, ears: Ears, stop: Stop, silence: Duration) -> Lead {
        let worker = |link: Link| Worker {
            name: link.name.clone(),
            shard: link.shard,
            link: Some(link),
            told: Vec::new(),
            counts: (0, 0),
            heard_at: Instant::now(),
            clock: None,
            effort: None,
            gap: None,
        };
        let workers = links.into_iter().map(worker).collect();
        Lead { order, ears, workers, stop, silence, until: Instant::now() }
    }

    /// From the first word to the last.
    pub(super) async fn run(
        mut self,
        layout: Arc<Layout>,
        live: Option<watch::Sender<Live>>,
    ) -> Result<Led, Refused> {
        let ready = timeout(UNTIL_READY, self.until_all_are_ready()).await;
        ready.map_err(|_| self.not_ready())??;
        self.compare_clocks().await?;
        let parts = |(at, worker): (usize, &Worker)| (0..worker.told.len()).map(move |thread| (at, thread));
        let parts: Vec<_> = self.workers.iter().enumerate().flat_map(parts).collect();
        let mut gathering = Gathering::new(layout, parts, self.order.abort_above, live);
        self.begin();
        let aborted = self.until_all_are_done(&mut gathering).await;
        let mut effort = Effort::default();
        self.workers.iter().filter_map(|worker| worker.effort.as_ref()).for_each(|of| effort.add(of));
        let gaps = self.workers.iter_mut().filter_map(|worker| worker.gap.take()).collect();
        let ended = Ended::of(aborted, &self.stop);
        let clocks_apart = self.clocks_apart().await;
        let measured = Measured::new(gathering.into_recording(), ended, effort);
        Ok(Led { measured, gaps, clocks_apart })
    }

    async fn until_all_are_ready(&mut self) -> Result<(), Refused> {
        for worker in &self.workers {
            let order = Order { shard: worker.shard, ..self.order.clone() };
            worker.tell(ToWorker::Hello { version: VERSION });
            worker.tell(ToWorker::Order(Box::new(order)));
        }
        while self.workers.iter().any(|worker| worker.told.is_empty()) {
            let Some((at, heard)) = self.ears.recv().await else { return Err(self.not_ready()) };
            let worker = &mut self.workers[at];
            let why = match heard {
                Heard::Said(FromWorker::Ready { threads: threads @ 1..=4_096 }) => {
                    worker.told = vec![0; threads];
                    continue;
                }
                Heard::Said(FromWorker::Refused { why }) => why,
                Heard::Gone(why) => format!("it ended before it began: {why}"),
                Heard::Said(_) => "it spoke before it was asked".to_owned(),
            };
            return Err(Refused(format!("{}: {why}", worker.name)));
        }
        Ok(())
    }

    fn not_ready(&self) -> Refused {
        let late = self.workers.iter().find(|worker| worker.told.is_empty());
        let name = late.map_or("a worker", |worker| &worker.name);
        Refused(format!("{name} was not ready after {} s; nothing was sent", UNTIL_READY.as_secs()))
    }

    fn begin(&mut self) {
        let moment = self.order.begin.unwrap_or_else(|| Instant::now() + AHEAD);
        self.until =
            moment + Duration::from_nanos(self.order.plan.lasts_ns()) + self.order.grace + AFTERWARDS;
        for worker in &mut self.workers {
            worker.heard_at = moment.max(Instant::now());
            let here_ns = clock::at(moment);
            worker
                .tell(ToWorker::Begin { at_ns: worker.clock.map_or(here_ns, |clock| clock.there(here_ns)) });
        }
    }

    /// Gives the share that failed when the run had to be ended for it.
    async fn until_all_are_done(&mut self, gathering: &mut Gathering<(usize, usize)>) -> Option<f64> {
        let mut looks = tokio::time::interval(LOOK);
        let (mut aborted, mut phase) = (None, Phase::Running);
        while self.workers.iter().any(Worker::is_under_way) {
            tokio::select! {
                heard = self.ears.recv() => match heard {
                    Some((at, heard)) => self.hear(at, heard, gathering),
                    None => (0..self.workers.len()).for_each(|at| self.lose(at, "it is gone".to_owned(), gathering)),
                },
                _ = looks.tick() => {
                    self.lose_the_silent(gathering);
                    let counts = self.workers.iter().map(|worker| worker.counts);
                    let share = gathering.look(counts.fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1)));
                    if aborted.is_none() && share.is_some() {
                        aborted = share;
                        self.stop.at_once();
                    }
                    phase = self.pass_on(phase);
                }
            }
        }
        aborted
    }

    /// Tells the workers when the run is to end.
    fn pass_on(&self, before: Phase) -> Phase {
        let phase = self.stop.phase();
        if phase > before {
            let at_once = phase == Phase::Cut;
            self.workers.iter().for_each(|worker| worker.tell(ToWorker::Stop { at_once }));
        }
        phase
    }

    fn hear(&mut self, at: usize, heard: Heard, gathering: &mut Gathering<(usize, usize)>) {
        let Some(worker) = self.workers.get_mut(at).filter(|worker| worker.is_under_way()) else { return };
        worker.heard_at = worker.heard_at.max(Instant::now());
        match heard {
            Heard::Said(FromWorker::Beat(beat)) => {
                let told = worker.told.get_mut(beat.thread);
                if let Some(told) = told.filter(|told| **told == beat.seconds.0)
                    && gathering.hear((at, beat.thread), &beat).is_ok()
                {
                    *told = beat.seconds.1;
                } else {
                    self.lose(at, "what it told does not belong to this plan".to_owned(), gathering);
                }
            }
            Heard::Said(FromWorker::Counts { good, failed }) => worker.counts = (good, failed),
            Heard::Said(FromWorker::Done(effort)) => worker.effort = Some(*effort),
            Heard::Said(FromWorker::Refused { why }) | Heard::Gone(why) => self.lose(at, why, gathering),
            Heard::Said(FromWorker::Ready { .. } | FromWorker::Clock { .. }) => {}
        }
    }

    fn lose_the_silent(&mut self, gathering: &mut Gathering<(usize, usize)>) {
        let is_late = Instant::now() > self.until;
        for at in 0..self.workers.len() {
            if is_late {
                self.lose(at, "it did not end when its plan did".to_owned(), gathering);
            } else if self.workers[at].heard_at.elapsed() > self.silence {
                let why = format!("nothing was heard of it for {} s", self.silence.as_secs());
                self.lose(at, why, gathering);
            }
        }
    }

    fn lose(&mut self, at: usize, why: String, gathering: &mut Gathering<(usize, usize)>) {
        let worker = &mut self.workers[at];
        if worker.is_under_way() {
            let from_s = worker.told.iter().copied().min().unwrap_or(0);
            let why = format!("{}: {why}", worker.name);
            worker.gap = Some(Gap::of(&self.order.plan, worker.shard, from_s, why));
            // Whoever speaks to it ends it.
            worker.link = None;
            gathering.lose(|(of, _)| *of == at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trace;
    use super::*;
    use crate::measure::Part;

    /// A message as another process reads it.
    fn sent<M: serde::Serialize + serde::de::DeserializeOwned>(message: &M) -> M {
        serde_json::from_slice(&serde_json::to_vec(message).unwrap()).unwrap()
    }

    /// Leads so many workers through the trace; the first of them only up to this second.
    async fn led(count: u64, until_s: u32) -> (Led, Vec<Live>) {
        let (hear, ears) = mpsc::unbounded_channel();
        let mut links = Vec::new();
        for index in 0..count {
            let ((to, mut said), (tell, told)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
            let ((say, mut heard), hear) = (mpsc::unbounded_channel(), hear.clone());
            let until_s = if index == 0 { until_s } else { 9 };
            tokio::spawn(trace::worker(told, say, until_s));
            tokio::spawn(async move {
                while let Some(word) = said.recv().await {
                    let _ = tell.send(sent(&word));
                }
            });
            tokio::spawn(async move {
                while let Some(word) = heard.recv().await {
                    hear.send((index as usize, Heard::Said(sent(&word)))).unwrap();
                }
                let _ = hear.send((index as usize, Heard::Gone("it is gone".to_owned())));
            });
            links.push(Link { name: format!("worker {index}"), shard: Shard { index, of: count }, to });
        }
        let order = trace::order();
        let layout = Arc::new(order.compile().unwrap().1);
        let (tell, mut told) = watch::channel(Live::default());
        let lead = Lead::new(order, links, ears, Stop::default(), Duration::from_secs(60));
        let led = tokio::spawn(async move { lead.run(layout, Some(tell)).await.unwrap() });
        let mut lives = Vec::new();
        while told.changed().await.is_ok() {
            lives.push(told.borrow_and_update().clone());
        }
        (led.await.unwrap(), lives)
    }

    #[tokio::test]
    async fn many_workers_give_the_recording_of_one_bucket_for_bucket() {
        let (one, lives) = led(1, 9).await;
        let layout = Arc::new(trace::order().compile().unwrap().1);
        assert!(one.measured.recording == trace::whole(&layout));
        assert_eq!(one.measured.recording.whole(Part::All).started, 20_000);
        assert_eq!(lives.last().unwrap().second, 8);
        for count in [2, 4] {
            let (many, lives) = led(count, 9).await;
            assert!(many.measured.recording == one.measured.recording, "{count} workers");
            assert_eq!(lives.last().unwrap().users, 5 * 2 * count);
            assert_eq!((many.gaps.len(), many.measured.threads), (0, 2 * count as usize));
            assert!(many.clocks_apart.unwrap() < Duration::from_secs(1), "{:?}", many.clocks_apart);
        }
    }

    #[tokio::test]
    async fn what_a_lost_worker_told_before_is_kept_and_the_rest_is_a_gap() {
        let (led, _) = led(4, 3).await;
        let [gap] = led.gaps.as_slice() else { panic!("{:?}", led.gaps) };
        assert_eq!((gap.shard, gap.from_s), (Shard { index: 0, of: 4 }, 3));
        assert_eq!(gap.why, "worker 0: it is gone");
        let started = led.measured.recording.whole(Part::All).started;
        // Three quarters, and of the last one three of six seconds.
        assert!((17_300..=17_500).contains(&started), "{started}");
    }

    #[tokio::test]
    async fn another_version_is_refused() {
        let ((to, told), (say, mut said)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
        to.send(ToWorker::Hello { version: VERSION + 1 }).unwrap();
        super::super::serve::serve(told, say, |_| Ok(())).await;
        let Some(FromWorker::Refused { why }) = said.recv().await else { panic!() };
        assert!(why.contains("version 2 only"), "{why}");
    }
}
