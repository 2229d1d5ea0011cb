//! `inject/input`: puts a small set of payloads into every text that the operations of a document
//! take, and looks for what would show that one was more than a value.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, TargetKind, TargetNeed, TargetParameter};
use gonogo_model::fact::Item;
use reqwest::header::HeaderMap;
use serde_json::json;

use self::params::Params;
use self::payload::{Kind, Oracle, PAYLOADS, Payload};
use self::place::Place;
use self::tried::Tried;
use crate::api::ask::{Asker, Silence};
use crate::api::cast::Cast;
use crate::api::fill::{Filled, Filler};
use crate::api::{document, order};
use crate::context::Context;
use crate::http::address::{base, unmeasured};
use crate::openapi::served::{Interface, Operation};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{Answer, HttpClient};

mod oracle;
mod params;
mod payload;
mod place;
mod rounds;
mod tried;

/// Sends payloads.
pub(crate) struct Input;

impl Probe for Input {
    const ID: &'static str = "inject/input";
    const TITLE: &'static str = "Whether input of operations is ever more than a value";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[
        TargetParameter { name: "document", kinds: &[TargetKind::Path] },
        TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] },
    ];
    const FACTS: &'static [FactInfo] = tried::FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        let client = HttpClient::new(&context.reach, params.timeout.0).map_err(unmeasured)?;
        let named = params.document.as_deref();
        let interface =
            document::read(context, &client, &base, named, params.document_path.as_deref()).await?;
        let cast = Cast::of(context, &params.script).await?;
        let values = cast.values(params.user.as_deref(), &params.values);
        let mut look = Look {
            params: &params,
            interface: &interface,
            filler: Filler { definitions: &interface.sent, values: &values },
            asker: Asker::new(client, base, params.patience.0),
            headers: cast.headers(params.user.as_deref()),
            silence: None,
        };
        let mut items = look.items().await?;
        let (stumbled, left) = (cast.stumbled.clone(), cast.clean().await);
        if let Some(whole) = items.last_mut() {
            whole.facts.insert("cleaned_up".to_owned(), left.is_none().into());
            stumbled
                .into_iter()
                .for_each(|why| drop(whole.facts.insert("step_failed".to_owned(), why.into())));
        }
        Ok(Looked { items, artefacts: Vec::new() })
    }
}

struct Look<'a> {
    params: &'a Params,
    interface: &'a Interface,
    filler: Filler<'a>,
    asker: Asker,
    headers: HeaderMap,
    silence: Option<String>,
}

impl Look<'_> {
    async fn items(&mut self) -> Result<Vec<Item>, Unmeasured> {
        let mut all = Vec::new();
        for operation in order::safest_first(&self.interface.operations) {
            all.push((operation, self.operation(operation).await));
        }
        let reads =
            all.iter_mut().filter(|(operation, tried)| operation.method == "GET" && tried.why_not.is_none());
        for (operation, tried) in reads {
            self.stored(operation, tried).await;
        }
        if let Some(why) = self.silence.take().filter(|_| all.iter().all(|(_, tried)| !tried.answered)) {
            return Err(Unmeasured::because(why));
        }
        let mut items: Vec<Item> = all.iter().map(|(operation, tried)| tried.item(operation)).collect();
        items.sort_by(|one, other| one.key.cmp(&other.key));
        items.push(tried::whole(&all, self.asker.requests));
        Ok(items)
    }

    async fn operation(&mut self, operation: &Operation) -> Tried {
        let mut tried = Tried::default();
        let good = match self.ready(operation) {
            Ok(good) => good,
            Err(why) => return Tried { why_not: Some(why), ..tried },
        };
        let Some(answer) = self.ask(operation, &good, &mut tried).await else { return tried };
        let status = answer.0.status.as_u16();
        (tried.answered, tried.good_status) = (true, Some(status));
        if matches!(status, 401 | 403 | 429) {
            tried.why_not = Some(format!("good input was answered {status}, so nothing would get further"));
            return tried;
        }
        let plain = oracle::lower(&answer.0);
        for (name, place) in place::all(self.interface, operation, &good) {
            for payload in PAYLOADS.iter().filter(|payload| self.params.kinds.contains(&payload.kind)) {
                let shown = self.payload(operation, &good, &plain, &place, payload, &mut tried).await;
                if let Some(shown) = shown {
                    tried.hits = tried.hits.saturating_add(1);
                    tried.suspicious.push(json!({ "input": name, "payload": payload.id, "oracle": shown }));
                }
            }
            tried.inputs.push(name);
        }
        tried
    }

    fn ready(&self, operation: &Operation) -> Result<Filled, String> {
        if let Some(why) = self.params.skip.get(&operation.name()) {
            return Err(why.clone());
        }
        if operation.method == "DELETE" || order::ends_session(operation) {
            return Err("it deletes or ends what the next payload needs".to_owned());
        }
        if operation.is_socket() {
            return Err("it is a WebSocket".to_owned());
        }
        self.filler.fill(operation)
    }

    /// One payload at one place, and what showed that it worked.
    async fn payload(
        &mut self,
        operation: &Operation,
        good: &Filled,
        plain: &str,
        place: &Place,
        payload: &Payload,
        tried: &mut Tried,
    ) -> Option<String> {
        let value = place::value(good, place);
        let filled = |text: &str| {
            let text = if payload.behind { format!("{value}{text}") } else { text.to_owned() };
            place::with(good, place, &text)
        };
        tried.payloads = tried.payloads.saturating_add(1);
        let (answer, took) = self.ask(operation, &filled(payload.text), tried).await?;
        if answer.status.as_u16() >= 500 {
            tried.server_errors = tried.server_errors.saturating_add(1);
        }
        // What it was not made for may show, too.
        if let Some(whose) = oracle::error_text(&answer, plain) {
            return Some(format!("error text of {whose}"));
        }
        match payload.oracle {
            Oracle::ErrorText => None,
            Oracle::Computed(text) => {
                oracle::computed(&answer, plain, text).then(|| "the answer was computed".to_owned())
            }
            Oracle::Reflected => {
                oracle::reflected(&answer, payload.text).then(|| "a page has it as it was sent".to_owned())
            }
            Oracle::SplitHeader => oracle::split(&answer).then(|| "it became a header".to_owned()),
            Oracle::Slow(twin) => {
                let twins = (filled(payload.text), filled(twin));
                self.is_slow(operation, twins, took, tried).await.then(|| "it was waited for".to_owned())
            }
            Oracle::Breaks(twin) => {
                let twins = (filled(payload.text), filled(twin));
                let breaks = answer.status.as_u16() >= 500 && self.breaks(operation, twins, tried).await;
                breaks.then(|| "it fails, and with its twin it does not".to_owned())
            }
            Oracle::Differs(twin) => {
                let twins = (filled(payload.text), filled(twin));
                self.differs(operation, (good, &twins.0, &twins.1), tried)
                    .await
                    .then(|| "a true and a false condition are answered differently".to_owned())
            }
        }
    }

    /// What was stored before, and now stands in a page as it was sent.
    async fn stored(&mut self, operation: &Operation, tried: &mut Tried) {
        let payloads = PAYLOADS.iter().filter(|payload| payload.oracle == Oracle::Reflected);
        let Ok(good) = self.ready(operation) else { return };
        let Some((answer, _)) = self.ask(operation, &good, tried).await else { return };
        for payload in payloads.filter(|payload| oracle::reflected(&answer, payload.text)) {
            tried.hits = tried.hits.saturating_add(1);
            let shown = "a page has it as it was stored";
            tried.suspicious.push(json!({ "payload": payload.id, "oracle": shown }));
        }
    }

    async fn ask(
        &mut self,
        operation: &Operation,
        filled: &Filled,
        tried: &mut Tried,
    ) -> Option<(Answer, Duration)> {
        match self.asker.ask(operation, filled, &self.headers).await {
            Ok(answer) => Some(answer),
            // A value that HTTP cannot carry was stopped before it could do anything.
            Err(Silence::Unsendable(_)) => None,
            Err(Silence::Http(error)) => {
                let why = error.to_string();
                tried.unanswered = tried.unanswered.saturating_add(1);
                if !tried.answered {
                    tried.why_not = Some(why.clone());
                }
                self.silence.get_or_insert(why);
                None
            }
        }
    }
}

/// Every kind, for the parameters.
fn every_kind() -> Vec<Kind> {
    Kind::ALL.to_vec()
}
