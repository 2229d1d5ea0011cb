//! Short-lived values in this process: what there is without Redis, and while Redis is away.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Values by key, each with its end.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    values: Mutex<BTreeMap<String, Value>>,
}

#[derive(Debug)]
struct Value {
    text: String,
    end: Instant,
}

/// After so many writes the ended ones are thrown away.
const SWEEP: usize = 1024;

impl Memory {
    pub(crate) fn get(&self, key: &str) -> Option<String> {
        let values = self.values.lock().ok()?;
        let value = values.get(key)?;
        (value.end > Instant::now()).then(|| value.text.clone())
    }

    pub(crate) fn set(&self, key: &str, text: &str, life: Duration) {
        let Ok(mut values) = self.values.lock() else { return };
        let now = Instant::now();
        if values.len() >= SWEEP {
            values.retain(|_, value| value.end > now);
        }
        let Some(end) = now.checked_add(life) else { return };
        values.insert(key.to_owned(), Value { text: text.to_owned(), end });
    }

    pub(crate) fn delete(&self, key: &str) {
        if let Ok(mut values) = self.values.lock() {
            values.remove(key);
        }
    }

    /// Adds one to a count, which ends `life` after it began.
    pub(crate) fn add(&self, key: &str, life: Duration) -> u32 {
        let Ok(mut values) = self.values.lock() else { return 0 };
        let now = Instant::now();
        if let Some(value) = values.get_mut(key).filter(|value| value.end > now) {
            let count = value.text.parse::<u32>().unwrap_or(0).saturating_add(1);
            value.text = count.to_string();
            return count;
        }
        drop(values);
        self.set(key, "1", life);
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_and_counts_begin_again() {
        let memory = Memory::default();
        let life = Duration::from_millis(20);
        memory.set("a", "x", life);
        assert_eq!(memory.get("a").as_deref(), Some("x"));
        assert_eq!((memory.add("n", life), memory.add("n", life)), (1, 2));
        std::thread::sleep(Duration::from_millis(25));
        assert_eq!(memory.get("a"), None);
        assert_eq!(memory.add("n", life), 1);
        memory.delete("n");
        assert_eq!(memory.get("n"), None);
    }
}
