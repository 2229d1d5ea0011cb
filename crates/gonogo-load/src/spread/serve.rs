//! The worker: it does one order, and tells of it. When nobody listens any more, it cuts off what is
//! under way and ends. It does not know how messages come and go.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::clock;
use super::message::{FromWorker, ToWorker, VERSION};
use crate::engine::{LOOK, Machine, Order, Running, Stop};
use crate::plan::Refused;

/// How often it says something, so that it is known to live.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

type Heard = mpsc::UnboundedReceiver<ToWorker>;
type Say = mpsc::UnboundedSender<FromWorker>;

/// Nobody listens any more.
struct Alone;

/// Does one order from its first word to its last. `may` says whether it is one that it may do.
pub(super) async fn serve(mut heard: Heard, say: Say, may: impl Fn(&Order) -> Result<(), Refused>) {
    // Whoever is alone has nobody to tell.
    let _ = one_order(&mut heard, &say, may).await;
}

async fn one_order(
    heard: &mut Heard,
    say: &Say,
    may: impl Fn(&Order) -> Result<(), Refused>,
) -> Result<(), Alone> {
    let (refused, stop) = (|why: String| tell(say, FromWorker::Refused { why }), Stop::default());
    let order = match order(heard).await?.and_then(|order| may(&order).map(|()| order)) {
        Ok(order) => order,
        Err(Refused(why)) => return refused(why),
    };
    let threads = order.threads();
    let ready = match order.ready(Machine::this()) {
        Ok(ready) => ready,
        Err(Refused(why)) => return refused(why),
    };
    tell(say, FromWorker::Ready { threads })?;
    let begin = loop {
        match heard.recv().await.ok_or(Alone)? {
            ToWorker::Begin { at_ns } => break clock::moment(at_ns),
            other => obey(&other, &stop, say)?,
        }
    };
    let running = ready.start(begin, &stop);
    let done = match running {
        Ok(running) => carried_out(running, heard, say, &stop).await?,
        Err(refused) => Err(refused),
    };
    match done {
        Ok(effort) => tell(say, FromWorker::Done(Box::new(effort)))?,
        Err(Refused(why)) => return refused(why),
    }
    // Clocks are compared once more.
    loop {
        obey(&heard.recv().await.ok_or(Alone)?, &stop, say)?;
    }
}

/// The order, once it was said in which form it is.
async fn order(heard: &mut Heard) -> Result<Result<Order, Refused>, Alone> {
    match heard.recv().await.ok_or(Alone)? {
        ToWorker::Hello { version: VERSION } => {}
        _ => {
            let why =
                format!("this worker speaks version {VERSION} only; start the same gonogo on both sides");
            return Ok(Err(Refused(why)));
        }
    }
    match heard.recv().await.ok_or(Alone)? {
        ToWorker::Order(order) => Ok(Ok(*order)),
        _ => Ok(Err(Refused("what came after the greeting is no order".to_owned()))),
    }
}

async fn carried_out(
    mut running: Running,
    heard: &mut Heard,
    say: &Say,
    stop: &Stop,
) -> Result<Result<crate::engine::Effort, Refused>, Alone> {
    let mut looks = tokio::time::interval(LOOK);
    let (mut told, mut told_at) = ((0, 0), Instant::now());
    loop {
        tokio::select! {
            beat = running.beat() => match beat {
                Some(beat) => tell(say, FromWorker::Beat(Box::new(beat)))?,
                None => return Ok(running.effort().await),
            },
            word = heard.recv() => obey(&word.ok_or(Alone)?, stop, say)?,
            _ = looks.tick() => {
                let now = running.counts();
                if now != told || told_at.elapsed() >= SIGN_OF_LIFE {
                    (told, told_at) = (now, Instant::now());
                    tell(say, FromWorker::Counts { good: now.0, failed: now.1 })?;
                }
            }
        }
    }
}

fn obey(word: &ToWorker, stop: &Stop, say: &Say) -> Result<(), Alone> {
    match word {
        ToWorker::Stop { at_once: false } => stop.gently(),
        ToWorker::Stop { at_once: true } => stop.at_once(),
        ToWorker::Clock { asked_ns } => {
            return tell(say, FromWorker::Clock { asked_ns: *asked_ns, shows_ns: clock::now_ns() });
        }
        _ => {}
    }
    Ok(())
}

fn tell(say: &Say, what: FromWorker) -> Result<(), Alone> {
    say.send(what).map_err(|_| Alone)
}
