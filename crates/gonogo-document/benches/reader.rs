//! How long reading takes, and looking for contradictions: documents of several shapes, up to ten
//! megabytes, on one core. Prints two tables; the target is that of the design.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a bench needs a clock")]

#[path = "reader/documents.rs"]
mod documents;

use std::hint::black_box;
use std::time::{Duration, Instant};

use documents::{Shape, document};
use gonogo_document::contradiction::contradictions;
use gonogo_document::read;

const ROUNDS: usize = 3;
const MEGABYTE: usize = 1_000_000;
const SHAPES: [(Shape, &str); 8] = [
    (Shape::Report, "report"),
    (Shape::Table, "one table"),
    (Shape::List, "one list"),
    (Shape::Paragraph, "one paragraph"),
    (Shape::Line, "one line"),
    (Shape::Nested, "deep nesting"),
    (Shape::Headings, "headings only"),
    (Shape::Word, "one word"),
];

fn main() {
    println!("| read | MB | elements | best of {ROUNDS} | MB/s | target |");
    println!("|---|---|---|---|---|---|");
    for (shape, name) in SHAPES {
        let text = document(shape, 10 * MEGABYTE);
        let elements = read(text.as_bytes()).elements.count();
        let took = best(|| read(black_box(text.as_bytes())));
        let target = if shape == Shape::Report { "< 1 s" } else { "–" };
        let (size, speed) = (megabytes(&text), megabytes(&text) / took.as_secs_f64());
        println!("| {name} | {size:.1} | {elements} | {took:.2?} | {speed:.1} | {target} |");
    }
    println!();
    println!("| contradictions of | MB | found | best of {ROUNDS} |");
    println!("|---|---|---|---|");
    for (shape, name) in SHAPES {
        for bytes in [MEGABYTE / 10, MEGABYTE, 10 * MEGABYTE] {
            let report = read(document(shape, bytes).as_bytes());
            let found = contradictions(&report).len();
            let took = best(|| contradictions(black_box(&report)));
            println!("| {name} | {:.1} | {found} | {took:.2?} |", megabytes(&report.decoded.text));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(text: &str) -> f64 {
    text.len() as f64 / 1e6
}

fn best<T>(once: impl Fn() -> T) -> Duration {
    let timed = || {
        let start = Instant::now();
        let made = black_box(once());
        let took = start.elapsed();
        drop(made);
        took
    };
    (0..ROUNDS).map(|_| timed()).min().unwrap_or_default()
}
