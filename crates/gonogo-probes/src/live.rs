//! What a long look says of itself while it goes on, to whoever waits for it. It is never evidence,
//! and nothing is lost when nobody listens.

use std::sync::Arc;

use tokio::sync::watch;

/// A line that a look may write anew as often as it likes.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<watch::Sender<String>>);

impl Live {
    /// Takes the line until what is given back is dropped.
    pub(crate) fn speak(&self) -> Speaker<'_> {
        Speaker(self)
    }

    /// Hears of every change; the line is empty when there is nothing to say.
    pub fn listen(&self) -> watch::Receiver<String> {
        self.0.subscribe()
    }
}

/// Whoever writes the line. It is empty again afterwards, also when the look was cut off.
#[derive(Debug)]
pub(crate) struct Speaker<'l>(&'l Live);

impl Speaker<'_> {
    /// Replaces the line. Figures only: it is not searched for secrets.
    pub(crate) fn say(&self, line: String) {
        self.0.0.send_replace(line);
    }
}

impl Drop for Speaker<'_> {
    fn drop(&mut self) {
        self.say(String::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_is_cut_off_says_nothing_any_more() {
        let live = Live::default();
        let mut heard = live.listen();
        let speaker = live.speak();
        speaker.say("12 s".to_owned());
        assert_eq!(*heard.borrow_and_update(), "12 s");
        drop(speaker);
        assert_eq!((heard.has_changed().unwrap(), heard.borrow_and_update().as_str()), (true, ""));
    }
}
