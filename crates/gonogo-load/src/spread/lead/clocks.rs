//! The clocks of the workers beside that of who leads: compared before anybody begins, so that all
//! begin at one moment, and once more at the end, so that it is known how far apart they were.

use std::time::Duration;

use tokio::time::timeout;

use super::{Heard, Lead};
use crate::plan::Refused;
use crate::spread::clock::{Offset, now_ns};
use crate::spread::message::{FromWorker, ToWorker};

/// How often each is asked; the quickest answer counts.
const ASKED: usize = 8;
/// How long all answers of a worker may take.
const SOON: Duration = Duration::from_secs(5);

impl Lead {
    /// Learns what the clock of each worker shows.
    pub(super) async fn compare_clocks(&mut self) -> Result<(), Refused> {
        for at in 0..self.workers.len() {
            let offset = timeout(SOON, self.ask(at)).await.map_err(|_| "it did not say what its clock shows");
            let offset = offset.map_err(str::to_owned).and_then(|offset| offset);
            let name = &self.workers[at].name;
            self.workers[at].clock =
                Some(offset.map_err(|why| Refused(format!("{name}: {why}; nothing was sent")))?);
        }
        Ok(())
    }

    /// How far the clocks of those who have done all may have been apart; nothing when nobody says.
    pub(super) async fn clocks_apart(&mut self) -> Option<Duration> {
        let mut apart = None;
        for at in 0..self.workers.len() {
            let Some(before) = self.workers[at].clock.filter(|_| self.workers[at].effort.is_some()) else {
                continue;
            };
            // Whoever is gone by now has told of everything nevertheless.
            let after = timeout(SOON, self.ask(at)).await.ok().and_then(Result::ok);
            apart = apart.max(Some(after.map_or(before.within(), |after| before.apart(after))));
        }
        apart
    }

    async fn ask(&mut self, at: usize) -> Result<Offset, String> {
        let mut surest = None;
        for _ in 0..ASKED {
            let offset = self.ask_once(at).await?;
            surest = Some(surest.map_or(offset, |before: Offset| before.or(offset)));
        }
        surest.ok_or_else(|| "it was not asked".to_owned())
    }

    async fn ask_once(&mut self, at: usize) -> Result<Offset, String> {
        let asked = now_ns();
        self.workers[at].tell(ToWorker::Clock { asked_ns: asked });
        while let Some((from, heard)) = self.ears.recv().await {
            match heard {
                Heard::Said(FromWorker::Clock { asked_ns, shows_ns }) if (from, asked_ns) == (at, asked) => {
                    return Ok(Offset::of(asked, shows_ns, now_ns()));
                }
                Heard::Said(FromWorker::Refused { why }) | Heard::Gone(why) if from == at => return Err(why),
                _ => {}
            }
        }
        Err("it is gone".to_owned())
    }
}
