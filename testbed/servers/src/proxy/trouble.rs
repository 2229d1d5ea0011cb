//! What a proxy was told to do, and what it has done of it. It knows no socket.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

/// What is to be done.
pub(super) struct Trouble {
    cut: Mutex<Cut>,
    held: watch::Sender<bool>,
}

/// Which connections are cut.
#[derive(Debug, Default)]
struct Cut {
    text: Vec<u8>,
    left: u32,
    done: u32,
}

/// The end of what a client said last: a text may come in two pieces.
#[derive(Debug, Default)]
pub(super) struct Watched(Vec<u8>);

/// How it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) cut: u32,
    pub(super) left: u32,
    pub(super) held: bool,
}

impl Default for Trouble {
    fn default() -> Trouble {
        Trouble { cut: Mutex::default(), held: watch::Sender::new(false) }
    }
}

impl Trouble {
    /// From now on the next `times` connections in which this text is sent are cut.
    pub(super) fn cut(&self, text: &str, times: u32) {
        let left = if text.is_empty() { 0 } else { times };
        let mut cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        *cut = Cut { text: text.as_bytes().to_vec(), left, done: 0 };
    }

    /// Passes nothing on, or goes on.
    pub(super) fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }

    pub(super) fn standing(&self) -> Standing {
        let cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        Standing { cut: cut.done, left: cut.left, held: *self.held.borrow() }
    }

    /// Ends when things may be passed on.
    pub(super) async fn passes(&self) {
        // The sender lives as long as this.
        let _ = self.held.subscribe().wait_for(|held| !held).await;
    }

    /// Whether this must cut the connection in which it was said.
    pub(super) fn cuts(&self, watched: &mut Watched, said: &[u8]) -> bool {
        let mut cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        if cut.left == 0 {
            watched.0.clear();
            return false;
        }
        watched.0.extend_from_slice(said);
        if watched.0.windows(cut.text.len()).any(|window| window == cut.text) {
            cut.left -= 1;
            cut.done += 1;
            return true;
        }
        let kept = watched.0.len().min(cut.text.len() - 1);
        watched.0.drain(..watched.0.len() - kept);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_two_pieces_and_as_often_as_was_said() {
        let (trouble, mut watched) = (Trouble::default(), Watched::default());
        assert!(!trouble.cuts(&mut watched, b"GET key"));
        trouble.cut("GET key", 2);
        assert!(!trouble.cuts(&mut watched, b"SET x GE") && trouble.cuts(&mut watched, b"T key"));
        assert_eq!(trouble.standing(), Standing { cut: 1, left: 1, held: false });
        assert!(!trouble.cuts(&mut Watched::default(), b"T key"), "that was of another connection");
        assert!(trouble.cuts(&mut Watched::default(), b"a GET key b"));
        assert!(!trouble.cuts(&mut Watched::default(), b"GET key"));
        assert_eq!(trouble.standing(), Standing { cut: 2, left: 0, held: false });
        trouble.cut("", 3);
        assert!(!trouble.cuts(&mut Watched::default(), b"GET key"));
    }
}
