//! `auth/matrix`: asks every operation of a document as everybody who may not: as nobody, and with
//! the objects of one user as others. What is allowed the document says, and the check.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::Item;
use reqwest::header::HeaderMap;

use self::params::Params;
use crate::api::ask::{Asker, Silence};
use crate::api::cast::{Cast, Values};
use crate::api::fill::{Filled, Filler, place};
use crate::api::{document, order};
use crate::context::Context;
use crate::http::address::{base, unmeasured};
use crate::openapi::served::{Interface, Operation};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::HttpClient;

mod params;

/// Whoever shows nothing.
const NOBODY: &str = "nobody";

/// Asks as those who may not.
pub(crate) struct Matrix;

impl Probe for Matrix {
    const ID: &'static str = "auth/matrix";
    const TITLE: &'static str = "Who gets what from each operation of an OpenAPI document";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[
        TargetParameter { name: "document", kinds: &[TargetKind::Path] },
        TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] },
    ];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        let client = HttpClient::new(&context.reach, params.timeout.0).map_err(unmeasured)?;
        let named = params.document.as_deref();
        let interface =
            document::read(context, &client, &base, named, params.document_path.as_deref()).await?;
        let cast = Cast::of(context, &params.script).await?;
        let values = cast.values(Some(&params.owner), &params.values);
        let mut actors = vec![(NOBODY.to_owned(), cast.without_credentials())];
        actors.extend(params.actors.iter().map(|actor| (actor.clone(), cast.headers(Some(actor)))));
        let mut look = Look {
            params: &params,
            interface: &interface,
            filler: Filler { definitions: &interface.sent, values: &values },
            asker: Asker::new(client, base, params.patience.0),
            actors,
            owner: cast.headers(Some(&params.owner)),
            silence: None,
            asked: 0,
            left_out: Vec::new(),
        };
        let items = look.items(&values).await?;
        let (stumbled, left) = (cast.stumbled.clone(), cast.clean().await);
        let mut items = items;
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
    actors: Vec<(String, HeaderMap)>,
    owner: HeaderMap,
    silence: Option<String>,
    asked: u64,
    left_out: Vec<String>,
}

impl Look<'_> {
    async fn items(&mut self, values: &Values) -> Result<Vec<Item>, Unmeasured> {
        let mut items = Vec::new();
        for operation in order::safest_first(&self.interface.operations) {
            items.extend(self.row(operation, values).await);
        }
        if let Some(why) = self.silence.take().filter(|_| self.asked == 0) {
            return Err(Unmeasured::because(why));
        }
        items.sort_by(|one: &Item, other| one.key.cmp(&other.key));
        items.push(self.whole(items.len()));
        Ok(items)
    }

    /// One operation, as everybody in turn, and at last as the owner: what the owner may not do
    /// either was not refused because of who asked.
    async fn row(&mut self, operation: &Operation, values: &Values) -> Vec<Item> {
        let owned = is_owned(operation, values);
        let filled = match self.params.skip.get(&operation.name()) {
            Some(why) => Err(why.clone()),
            None => self.filler.fill(operation),
        };
        let mut cells = Vec::new();
        for (actor, headers) in self.actors.clone() {
            let stranger = actor != NOBODY;
            let answered = match &filled {
                Err(why) => Err(why.clone()),
                Ok(_) if stranger && !owned => {
                    Err("it belongs to no user: `values` names no object of its path".to_owned())
                }
                Ok(filled) => self.status(operation, filled, &headers).await,
            };
            cells.push(self.cell(operation, &actor, owned, answered));
        }
        if let Ok(filled) = filled.as_ref()
            && owned
            && !order::ends_session(operation)
        {
            let owner = self.owner.clone();
            if let Ok(status) = self.status(operation, filled, &owner).await {
                cells = cells.into_iter().map(|cell| cell.fact("owner_status", status)).collect();
            }
        }
        cells
    }

    fn cell(
        &mut self,
        operation: &Operation,
        actor: &str,
        owned: bool,
        answered: Result<u16, String>,
    ) -> Item {
        let key = format!("{} as {actor}", operation.name());
        let item = Item::new(&key)
            .read_at(operation.location.clone())
            .fact("kind", "cell")
            .fact("actor", actor)
            .fact("open", operation.open)
            .fact("owned", owned);
        match answered {
            Ok(status) => {
                self.asked = self.asked.saturating_add(1);
                item.fact("asked", true)
                    .fact("status", status)
                    .fact("passed", status < 400)
                    .fact("refused", matches!(status, 401 | 403 | 404 | 410))
            }
            Err(why) => {
                self.left_out.push(key);
                item.fact("asked", false).fact("why_not", why)
            }
        }
    }

    async fn status(
        &mut self,
        operation: &Operation,
        filled: &Filled,
        headers: &HeaderMap,
    ) -> Result<u16, String> {
        let mut headers = headers.clone();
        if operation.is_socket() {
            headers.extend(crate::api::ask::handshake());
        }
        match self.asker.ask(operation, filled, &headers).await {
            Ok((answer, _)) if answer.status.as_u16() == 429 => {
                Err("it was answered 429, too many requests; raise `patience`".to_owned())
            }
            Ok((answer, _)) => Ok(answer.status.as_u16()),
            Err(silence) => {
                let why = silence.to_string();
                if matches!(silence, Silence::Http(_)) {
                    self.silence.get_or_insert(why.clone());
                }
                Err(why)
            }
        }
    }

    fn whole(&self, cells: usize) -> Item {
        let mut left_out = self.left_out.clone();
        left_out.sort();
        Item::new("matrix")
            .fact("kind", "matrix")
            .fact("operations", self.interface.operations.len())
            .fact("actors", self.actors.iter().map(|(actor, _)| actor.clone()).collect::<Vec<String>>())
            .fact("cells", cells)
            .fact("cells_asked", self.asked)
            .fact("skipped", left_out)
            .fact("requests", self.asker.requests)
    }
}

/// Whether its path names an object that `values` gives by its path: one that a user has.
fn is_owned(operation: &Operation, values: &Values) -> bool {
    operation.inputs.iter().any(|input| {
        place(operation, input)
            .is_some_and(|path| values.known.contains_key(path) || values.missing.contains_key(path))
    })
}

const FACTS: &[FactInfo] = &[
    fact("kind", FactType::Text, "", "`cell` (one operation as one actor) or `matrix` (all of them)."),
    fact("actor", FactType::Text, "", "Who asked: `nobody`, or a user of `actors`."),
    fact("open", FactType::Bool, "", "Whether the document says that nobody needs to show anything."),
    fact(
        "owned",
        FactType::Bool,
        "",
        "Whether its path names an object of the owner, by a key of `values` such as `/files/{id}`.",
    ),
    fact("asked", FactType::Bool, "", "Whether it was asked and answered; a limiter's 429 is no answer."),
    fact("why_not", FactType::Text, "", "Why it was not asked; absent when it was."),
    fact("status", FactType::Int, "", "The answer to the actor."),
    fact("passed", FactType::Bool, "", "Whether that is under 400."),
    fact("refused", FactType::Bool, "", "Whether that is 401, 403, 404 or 410."),
    fact(
        "owner_status",
        FactType::Int,
        "",
        "The answer to the owner, asked last; absent for what is not owned and for logouts.",
    ),
    fact("operations", FactType::Int, "", "Matrix: the operations of the document."),
    fact("actors", FactType::List, "", "Matrix: who asked."),
    fact("cells", FactType::Int, "", "Matrix: operations times actors."),
    fact("cells_asked", FactType::Int, "", "Matrix: how many of them were asked."),
    fact("skipped", FactType::List, "", "Matrix: the cells that were not asked, by key."),
    fact("requests", FactType::Int, "", "Matrix: requests sent."),
    fact(
        "step_failed",
        FactType::Text,
        "",
        "Matrix: the first of `steps` that failed, and why; absent when none did.",
    ),
    fact("cleaned_up", FactType::Bool, "", "Matrix: whether all of `cleanup` could be done."),
];
