pub fn refund() {
    todo!()
}
