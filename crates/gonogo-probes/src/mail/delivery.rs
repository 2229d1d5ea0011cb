//! `mail/delivery`: makes a system send a mail, and takes it in the place of the mail server.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::Item;
use url::Url;

use crate::context::Context;
use crate::flow::stimulus::{Delivered, Stimulus};
use crate::http::address::base;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::sinks::Arrived;

/// Takes a mail.
pub(crate) struct Delivery;

impl Probe for Delivery {
    const ID: &'static str = "mail/delivery";
    const TITLE: &'static str = "Whether a mail is sent, to whom, and what is in it";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[
        TargetParameter { name: "sink", kinds: &[TargetKind::Sink] },
        TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] },
    ];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Stimulus;

    async fn look(context: &Context, params: Stimulus) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        let delivered = params.give(context).await?;
        let mut looked = Looked::item(item("mail", &delivered, &base));
        if let Some(refused) = params.give_refused(context).await? {
            looked.items.push(item("refused", &refused, &base));
        }
        Ok(looked)
    }
}

const FACTS: &[FactInfo] = &[
    fact("triggered", FactType::Bool, "", "Whether every step did what it must."),
    fact("error", FactType::Text, "", "The step that did not, and what came instead; absent when all did."),
    fact(
        "delivered",
        FactType::Bool,
        "",
        "Whether the mail came in time; of `refused`, whether it came although the mail server said 451.",
    ),
    fact("delivery_ms", FactType::Int, "ms", "From the last step to the mail; absent when none came."),
    fact("count", FactType::Int, "", "How many such mails came until the end of the watch."),
    fact("others", FactType::Int, "", "How many other mails came to the sink meanwhile."),
    fact("to", FactType::List, "", "Whom the first mail is for, by its envelope."),
    fact("from", FactType::Text, "", "Its header From; absent when it has none."),
    fact("subject", FactType::Text, "", "Its header Subject; absent when it has none."),
    fact(
        "missing_headers",
        FactType::List,
        "",
        "Those of From, To, Subject, Date and Message-ID that it lacks.",
    ),
    fact(
        "content_type",
        FactType::Text,
        "",
        "Its media type without parameters; absent when it states none.",
    ),
    fact("body_bytes", FactType::Int, "bytes", "Size of what stands below its headers."),
    fact("links", FactType::Int, "", "How many addresses of http and https stand in it."),
    fact("link_hosts", FactType::List, "", "The hosts they lead to, each once."),
    fact(
        "foreign_links",
        FactType::Int,
        "",
        "How many of them lead to another host or port than the target has.",
    ),
    fact("unfilled", FactType::List, "", "Marks of a template that nobody filled in, such as `{{name}}`."),
];

fn item(key: &str, delivered: &Delivered, base: &Url) -> Item {
    let error = delivered.stumble.as_ref().map(|stumble| format!("{}: {}", stumble.step, stumble.why));
    let item = Item::new(key)
        .fact("triggered", error.is_none())
        .fact_if_known("error", error)
        .fact("delivered", !delivered.arrived.is_empty())
        .fact_if_known(
            "delivery_ms",
            delivered.took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
        )
        .fact("count", delivered.arrived.len())
        .fact("others", delivered.others);
    match delivered.arrived.first() {
        Some(mail) => with_mail(item, mail, base),
        None => item,
    }
}

fn with_mail(item: Item, mail: &Arrived, base: &Url) -> Item {
    let header = |name: &str| mail.headers.get(name).cloned();
    let missing = ["From", "To", "Subject", "Date", "Message-ID"].into_iter();
    let missing: Vec<&str> = missing.filter(|name| header(&name.to_ascii_lowercase()).is_none()).collect();
    let links = links(&mail.body);
    let hosts: BTreeSet<&str> = links.iter().filter_map(Url::host_str).collect();
    let foreign = links.iter().filter(|link| link.origin() != base.origin()).count();
    let kind =
        header("content-type").map(|kind| kind.split(';').next().unwrap_or_default().trim().to_owned());
    item.fact("to", mail.to.clone())
        .fact_if_known("from", header("from"))
        .fact_if_known("subject", header("subject"))
        .fact("missing_headers", missing)
        .fact_if_known("content_type", kind)
        .fact("body_bytes", mail.body.len())
        .fact("links", links.len())
        .fact("link_hosts", hosts.into_iter().collect::<Vec<_>>())
        .fact("foreign_links", foreign)
        .fact("unfilled", unfilled(&mail.body))
}

/// The addresses in a text, up to white space, quotes and brackets.
fn links(text: &str) -> Vec<Url> {
    let starts = text.match_indices("http").map(|(at, _)| &text[at..]);
    let starts = starts.filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"));
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')' | ']');
    let written = starts.map(|rest| rest.split(ends).next().unwrap_or_default().trim_end_matches(['.', ',']));
    written.filter_map(|link| Url::parse(link).ok()).collect()
}

/// What stands between double braces or percent signs.
fn unfilled(text: &str) -> Vec<&str> {
    let marks = [("{{", "}}"), ("${", "}"), ("%%", "%%")];
    let mut found = Vec::new();
    for (open, close) in marks {
        let mut rest = text;
        while let Some(at) = rest.find(open) {
            let inner = &rest[at + open.len()..];
            let Some(end) = inner.find(close) else { break };
            if (1..=40).contains(&end) && !inner[..end].contains('\n') {
                found.push(&rest[at..at + open.len() + end + close.len()]);
            }
            rest = &inner[end + close.len()..];
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_text_and_in_pages() {
        let text = "Follow https://a.test/x?y=1.\n<a href=\"http://b.test:8080/\">here</a> httpx https://";
        let found: Vec<String> = links(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["https://a.test/x?y=1", "http://b.test:8080/"]);
    }

    #[test]
    fn marks_that_nobody_filled_in_are_found() {
        assert_eq!(unfilled("Hi {{ name }}, ${LINK} and %%x%% cost 5%"), ["{{ name }}", "${LINK}", "%%x%%"]);
        assert!(unfilled("a {{ b and 50% of 50%").is_empty());
    }
}
