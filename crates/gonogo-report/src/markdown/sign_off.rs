//! Where people sign, and how anybody can check what they signed.

use gonogo_model::verdict::Verdict;

use super::document::{Document, Table, code, text};

const ROLES: [&str; 4] = ["Engineering", "Operations", "Security", "Release manager"];

/// Empty lines for the people who decide.
pub(crate) fn block(document: &mut Document, verdict: &Verdict) {
    document.heading(2, "Sign-off");
    document.block(&format!(
        "We have read this report: **{}** for {} ({}), spec {}.",
        verdict.call,
        text(&verdict.system),
        text(&verdict.environment),
        code(verdict.spec.short())
    ));
    let mut table = Table::new(["Role", "Name", "Date", "Signature"]);
    ROLES.iter().for_each(|role| table.row([*role]));
    document.table(&table);
}

/// How to check it.
pub(crate) fn footer(document: &mut Document) {
    document.block("---");
    document.block(
        "Computed by gonogo from sealed evidence; every number above is a field of the verdict. \
         Check it offline with `gonogo verify RUN`, which recomputes the verdict and compares the bytes. \
         Ask why with `gonogo explain RUN CHECK`.",
    );
}
