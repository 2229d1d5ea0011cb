//! The worker: waits to be called, offers itself, does what it is told to, and waits again. It sends
//! load to loopback, and to what whoever started it has permitted.

use std::time::Duration;

use async_nats::jetstream::consumer::DeliverPolicy;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::call::{CALLS, Call, EVERY, Offer, Subjects, place, word};
use super::meeting::{Meeting, Ordered, Place};
use super::post::{Broken, Came, Inbox, Outbox};
use crate::engine::Order;
use crate::plan::{Refused, Shard};
use crate::spread::message::{FromWorker, ToWorker, VERSION};
use crate::spread::serve::serve;
use crate::wire::Target;

/// Who calls and is not heard for so long calls no more.
const SILENCE: Duration = Duration::from_secs(10);

/// A worker.
#[derive(Debug, Clone)]
pub struct Joining {
    /// Where it waits.
    pub meeting: Meeting,
    /// What it is called in what is said of it.
    pub name: String,
    /// Hosts beyond loopback to which it may send load, as targets name them.
    pub allow: Vec<String>,
    /// Whether it ends after one run.
    pub once: bool,
}

/// What a worker has to tell whoever started it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It waits to be called.
    Waits,
    /// Somebody calls who has another key, or another version.
    Strange(String),
    /// It does a part of a run.
    Begins {
        /// Which part.
        shard: Shard,
        /// How many users or connections that has.
        users: u64,
        /// Where it sends it.
        hosts: Vec<String>,
    },
    /// It will not do it.
    Refuses(String),
    /// The part is over, or was cut off for this reason.
    Ends(Option<String>),
}

/// Waits for work and does it, for ever or once. Dropping the future cuts off what is under way.
///
/// # Errors
/// [`Refused`] when NATS cannot be used.
pub async fn join(joining: &Joining, news: impl Fn(News) + Sync) -> Result<(), Refused> {
    let there = joining.meeting.enter().await?;
    let mut calls = there.listen(CALLS, DeliverPolicy::New).await?;
    loop {
        news(News::Waits);
        let call = open_call(joining, &there, &mut calls, &news).await?;
        let Some(id) = taken(joining, &there, &mut calls, &call).await? else { continue };
        let subjects = Subjects(call.run);
        let (outbox, inbox) = (there.outbox(subjects.from(&id)), there.inbox(&subjects.to(&id)).await?);
        one_run(joining, outbox, inbox, &news).await;
        if joining.once {
            return Ok(());
        }
    }
}

/// A call of somebody who still looks for workers.
async fn open_call(
    joining: &Joining,
    there: &Place,
    calls: &mut Ordered,
    news: &impl Fn(News),
) -> Result<Call, Refused> {
    let mut is_told = false;
    loop {
        let strange = match there.next_of::<Call>(calls).await.map_err(|why| broken(joining, why))? {
            Some(call) if call.version == VERSION && call.crew.is_none() => return Ok(call),
            Some(call) if call.version == VERSION => continue,
            Some(_) => "somebody calls whose gonogo is another version; start the same one on both sides",
            None => "somebody calls who has another secret",
        };
        if !std::mem::replace(&mut is_told, true) {
            news(News::Strange(strange.to_owned()));
        }
    }
}

/// Offers itself, and says as what it was taken; nothing when others were.
async fn taken(
    joining: &Joining,
    there: &Place,
    calls: &mut Ordered,
    call: &Call,
) -> Result<Option<String>, Refused> {
    let (subjects, id) = (Subjects(call.run.clone()), word()?);
    let offer = Offer { id: id.clone(), name: joining.name.clone(), place: place() };
    there.outbox(subjects.offer(&id)).send(&offer).await.map_err(|why| broken(joining, why))?;
    let answer = async {
        loop {
            if let Some(Call { run, crew: Some(crew), .. }) = there.next_of::<Call>(calls).await?
                && run == call.run
            {
                return Ok(crew.contains(&id));
            }
        }
    };
    match timeout(SILENCE.max(EVERY * 2), answer).await {
        Ok(Ok(true)) => Ok(Some(id)),
        Ok(Ok(false)) | Err(_) => Ok(None),
        Ok(Err(why)) => Err(broken(joining, why)),
    }
}

fn broken(joining: &Joining, Broken(why): Broken) -> Refused {
    Refused(format!("NATS at {}: {why}", joining.meeting))
}

/// A run from its order to its end.
async fn one_run(joining: &Joining, outbox: Outbox, inbox: Inbox, news: &(impl Fn(News) + Sync)) {
    let may = |order: &Order| {
        let may = permitted(order, &joining.allow);
        news(may.as_ref().map_or_else(|why| News::Refuses(why.to_string()), |()| begins(order)));
        may
    };
    let why = brought(outbox, inbox, |heard, say| serve(heard, say, may)).await;
    news(News::Ends(why));
}

/// Brings what is said to a worker, and what it says, until it is let go. Gives the reason when that
/// was none of its own: whoever hears nothing any more ends at once.
async fn brought<W: Future<Output = ()>>(
    mut outbox: Outbox,
    mut inbox: Inbox,
    work: impl FnOnce(mpsc::UnboundedReceiver<ToWorker>, mpsc::UnboundedSender<FromWorker>) -> W,
) -> Option<String> {
    let ((hear, heard), (say, mut said)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
    let listen = async move {
        loop {
            match inbox.next::<ToWorker>(SILENCE).await {
                // Who has refused its order still waits to be let go.
                Ok(Came::Message(word)) => drop(hear.send(word)),
                Ok(Came::SignOfLife) => {}
                Ok(Came::End) => return None,
                Err(Broken(why)) => return Some(format!("who led it is gone: {why}")),
            }
        }
    };
    let ((), gone, broken) = tokio::join!(work(heard, say), listen, outbox.say_all(&mut said));
    let _ = outbox.end().await;
    gone.or(broken)
}

fn begins(order: &Order) -> News {
    let hosts = order.targets.iter().map(|target| target.host.clone()).collect();
    News::Begins { shard: order.shard, users: order.users(), hosts }
}

/// Whether all targets are on loopback, or of hosts that were permitted.
fn permitted(order: &Order, allow: &[String]) -> Result<(), Refused> {
    let is_loopback = |target: &Target| target.addresses.iter().all(|address| address.ip().is_loopback());
    let is_allowed = |target: &Target| allow.iter().any(|host| host == name(&target.host));
    match order.targets.iter().find(|target| !is_loopback(target) && !is_allowed(target)) {
        None => Ok(()),
        Some(target) => Err(Refused(format!(
            "it sends no load to {host}; start it with `--allow {host}` if it may",
            host = name(&target.host)
        ))),
    }
}

/// The name or address of a host without its port; one of IPv6 is in brackets.
fn name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use testbed_servers::{Nats, NatsOptions};

    use super::*;
    use crate::engine::Stop;
    use crate::measure::Part;
    use crate::spread::nats::{Fleet, Key, run_over};
    use crate::spread::trace;

    /// A worker that tells a recorded trace.
    async fn traced(meeting: Meeting, number: u64) {
        let joining = Joining { meeting, name: number.to_string(), allow: Vec::new(), once: true };
        let there = joining.meeting.enter().await.unwrap();
        let mut calls = there.listen(CALLS, DeliverPolicy::New).await.unwrap();
        let call = open_call(&joining, &there, &mut calls, &|_| {}).await.unwrap();
        let id = taken(&joining, &there, &mut calls, &call).await.unwrap().unwrap();
        let subjects = Subjects(call.run);
        let inbox = there.inbox(&subjects.to(&id)).await.unwrap();
        let tell = |heard, say| trace::worker(heard, say, 9);
        assert_eq!(brought(there.outbox(subjects.from(&id)), inbox, tell).await, None);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_and_four_workers_give_the_recording_of_one_bucket_for_bucket() {
        // The workspace's test command says which servers are missing.
        let Some(_) = Nats::find() else { return };
        let nats = Nats::start(&NatsOptions { open: true, jetstream: true, ..Default::default() }).unwrap();
        let address = format!("nats://127.0.0.1:{}", nats.port());
        let meeting = Meeting::new(&address, String::new(), Key::new(&"k".repeat(32)).unwrap()).unwrap();
        let layout = Arc::new(trace::order().compile().unwrap().1);
        for workers in [1, 2, 4] {
            let told: Vec<_> =
                (0..workers).map(|number| tokio::spawn(traced(meeting.clone(), number))).collect();
            let wait = Duration::from_secs(30);
            let fleet = Fleet { meeting: meeting.clone(), workers, wait, silence: wait };
            let hand_over = |parting| drop(tokio::spawn(parting));
            let spread = run_over(trace::order(), &fleet, Stop::default(), None, hand_over).await.unwrap();
            assert!(spread.measured.recording == trace::whole(&layout), "{workers} workers");
            assert_eq!(spread.measured.recording.whole(Part::All).started, 20_000);
            assert_eq!((spread.gaps, spread.division.processes), (Vec::new(), workers));
            // Their clock is an hour ahead, and that is known.
            assert!(spread.clocks_apart.unwrap() < Duration::from_secs(1), "{:?}", spread.clocks_apart);
            for worker in told {
                worker.await.unwrap();
            }
        }
    }

    #[test]
    fn load_goes_to_loopback_and_to_what_was_permitted() {
        let mut order = trace::order();
        assert_eq!(permitted(&order, &[]), Ok(()));
        order.targets[0].addresses.push("192.0.2.1:80".parse().unwrap());
        for (host, allow) in [
            ("shop.example", "shop.example"),
            ("shop.example:8080", "shop.example"),
            ("192.0.2.1:80", "192.0.2.1"),
            ("[2001:db8::1]", "[2001:db8::1]"),
            ("[2001:db8::1]:80", "[2001:db8::1]"),
        ] {
            order.targets[0].host = host.to_owned();
            assert_eq!(permitted(&order, &[allow.to_owned()]), Ok(()), "{host}");
            let why = permitted(&order, &["other.example".to_owned()]).unwrap_err().to_string();
            assert!(why.contains(&format!("--allow {allow}`")), "{why}");
        }
    }
}
