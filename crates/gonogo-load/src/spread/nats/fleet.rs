//! Who leads workers of other machines: finds them, gives each its shard, and sees to it that all of
//! them end when the run does.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::jetstream::consumer::DeliverPolicy;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::interval;

use super::call::{Call, EVERY, Offer, Subjects, place, word};
use super::meeting::{Meeting, Place};
use super::post::{Broken, Came, Inbox, Outbox};
use crate::engine::{Live, Order, Stop};
use crate::plan::Refused;
use crate::spread::lead::{Heard, Lead, Link};
use crate::spread::message::{ToWorker, VERSION};
use crate::spread::{Division, Spread};

/// The workers that a plan is to be spread over.
#[derive(Debug, Clone)]
pub struct Fleet {
    /// Where they wait.
    pub meeting: Meeting,
    /// How many it takes.
    pub workers: u64,
    /// How long they may take to come.
    pub wait: Duration,
    /// How long nothing may be heard of one before it is given up.
    pub silence: Duration,
}

/// What must still be done when the run is over or was cut off: it tells all workers to end.
pub type Parting = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Carries an order out over workers of a fleet. `live` is told of each second. `hand_over` takes what
/// must be done even when this future is dropped, and runs it beside.
///
/// # Errors
/// [`Refused`] when the flows cannot be walked, NATS cannot be used, too few workers come or one of
/// them cannot begin; nothing was sent then.
pub async fn run_over(
    order: Order,
    fleet: &Fleet,
    stop: Stop,
    live: Option<watch::Sender<Live>>,
    hand_over: impl FnOnce(Parting),
) -> Result<Spread, Refused> {
    let (_, layout) = order.compile()?;
    let (place, subjects) = (fleet.meeting.enter().await?, Subjects(word()?));
    let crew = gather(fleet, &place, &subjects).await?;
    same_place(&order, &crew)?;
    let (hear, ears) = mpsc::unbounded_channel();
    let (mut attended, mut links) = (JoinSet::new(), Vec::new());
    for (at, worker) in crew.iter().enumerate() {
        let (to, said) = mpsc::unbounded_channel();
        let outbox = place.outbox(subjects.to(&worker.id));
        let inbox = place.inbox(&subjects.from(&worker.id)).await?;
        attended.spawn(attend(at, outbox, inbox, said, hear.clone(), fleet.silence));
        let shard = order.shard.part(at as u64, fleet.workers);
        links.push(Link { name: format!("worker {}", worker.name), shard, to });
    }
    drop(hear);
    hand_over(Box::pin(async move {
        while attended.join_next().await.is_some() {}
        place.forget(&subjects.all()).await;
    }));
    let led = Lead::new(order, links, ears, stop, fleet.silence).run(Arc::new(layout), live).await?;
    let division = Division { processes: fleet.workers, why: None };
    Ok(Spread { measured: led.measured, division, gaps: led.gaps, clocks_apart: led.clocks_apart })
}

/// Calls until enough workers have offered themselves, and says whom it takes.
async fn gather(fleet: &Fleet, place: &Place, subjects: &Subjects) -> Result<Vec<Offer>, Refused> {
    let mut offers = place.listen(&subjects.offers(), DeliverPolicy::All).await?;
    let mut calls = place.outbox(subjects.call());
    let refused = |Broken(why)| Refused(format!("NATS at {}: {why}", fleet.meeting));
    let call = |crew| Call { version: VERSION, run: subjects.0.clone(), crew };
    let (mut crew, mut again, until) = (Vec::<Offer>::new(), interval(EVERY), Instant::now() + fleet.wait);
    while (crew.len() as u64) < fleet.workers {
        if Instant::now() > until {
            return Err(too_few(fleet, crew.len()));
        }
        tokio::select! {
            offer = place.next_of::<Offer>(&mut offers) => match offer.map_err(refused)? {
                Some(offer) if crew.iter().all(|other| other.id != offer.id) => crew.push(offer),
                _ => {}
            },
            _ = again.tick() => calls.send(&call(None)).await.map_err(refused)?,
        }
    }
    let ids = crew.iter().map(|worker| worker.id.clone()).collect();
    calls.send(&call(Some(ids))).await.map_err(refused)?;
    Ok(crew)
}

fn too_few(fleet: &Fleet, came: usize) -> Refused {
    Refused(format!(
        "{came} of {} workers came to {} within {} s; start more with `gonogo worker --nats {}` and the same \
         secret; nothing was sent",
        fleet.workers,
        fleet.meeting,
        fleet.wait.as_secs(),
        fleet.meeting
    ))
}

/// A loopback address is another one on another machine.
fn same_place(order: &Order, crew: &[Offer]) -> Result<(), Refused> {
    let addresses = || order.targets.iter().flat_map(|target| &target.addresses);
    let Some(loopback) = addresses().map(std::net::SocketAddr::ip).find(IpAddr::is_loopback) else {
        return Ok(());
    };
    match crew.iter().find(|worker| worker.place != place()) {
        None => Ok(()),
        Some(worker) => Err(Refused(format!(
            "worker {} is on another machine, where {loopback} is another one; name the target by an address \
             that all machines reach; nothing was sent",
            worker.name
        ))),
    }
}

/// Speaks to a worker and hears it, until it is let go or is gone.
async fn attend(
    at: usize,
    mut outbox: Outbox,
    mut inbox: Inbox,
    mut said: mpsc::UnboundedReceiver<ToWorker>,
    hear: mpsc::UnboundedSender<(usize, Heard)>,
    silence: Duration,
) {
    let listen = async {
        loop {
            match inbox.next(silence).await {
                Ok(Came::Message(word)) => {
                    let _ = hear.send((at, Heard::Said(word)));
                }
                Ok(Came::SignOfLife) => {}
                Ok(Came::End) => break "it ended".to_owned(),
                Err(Broken(why)) => break why,
            }
        }
    };
    let why = tokio::select! {
        why = listen => Some(why),
        why = outbox.say_all(&mut said) => why,
    };
    // It ends even where this is all that reaches it.
    let _ = outbox.end().await;
    if let Some(why) = why {
        let _ = hear.send((at, Heard::Gone(why)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spread::trace;

    #[test]
    fn a_worker_of_another_machine_is_not_sent_to_its_own_loopback() {
        let offer = |place: String| Offer { id: "1".to_owned(), name: "b".to_owned(), place };
        let mut order = trace::order();
        assert_eq!(same_place(&order, &[offer(place())]), Ok(()));
        let elsewhere = [offer(place()), offer("elsewhere".to_owned())];
        let why = same_place(&order, &elsewhere).unwrap_err().to_string();
        assert!(why.starts_with("worker b is on another machine, where 127.0.0.1 is another"), "{why}");
        order.targets[0].addresses = vec!["192.0.2.1:80".parse().unwrap()];
        assert_eq!(same_place(&order, &elsewhere), Ok(()));
    }
}
