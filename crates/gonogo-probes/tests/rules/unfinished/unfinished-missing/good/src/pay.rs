/// Like `todo!()`, but done.
pub fn refund() -> &'static str {
    "todo!()"
}

#[cfg(test)]
mod tests {
    fn later() {
        todo!()
    }
}
