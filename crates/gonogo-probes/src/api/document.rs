//! Which document counts for a look: a file that the check names, or what the service itself gives
//! out. It reads the document and asks no operation.

use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::context::Context;
use crate::http::address::{joined, unmeasured};
use crate::openapi::served::Interface;
use crate::probe::Unmeasured;
use crate::repository::Place;
use crate::tools::http::{HttpClient, Question, shown};

/// Reads the document: of the target that `named` names, or from `path` of the service.
pub(crate) async fn read(
    context: &Context,
    client: &HttpClient,
    base: &Url,
    named: Option<&str>,
    path: Option<&str>,
) -> Result<Interface, Unmeasured> {
    match (named, path) {
        (Some(name), _) => of_target(context, name).await,
        (None, Some(path)) => of_service(client, base, path).await,
        (None, None) => Err(Unmeasured::because(
            "no document is named; write `document` (a target of kind path) or `document_path`",
        )),
    }
}

async fn of_target(context: &Context, name: &str) -> Result<Interface, Unmeasured> {
    let target = context.others.get(name);
    let target = target.ok_or_else(|| Unmeasured::because(format!("there is no target `{name}`")))?;
    let path = context.folder.join(&target.address);
    Interface::of_place(Place::at(path, context.repositories.clone())).await
}

async fn of_service(client: &HttpClient, base: &Url, path: &str) -> Result<Interface, Unmeasured> {
    let url = joined(base, path)?;
    let at = shown(&url);
    let question = Question { method: Method::GET, url, headers: HeaderMap::new(), body: None, follow: true };
    let answer = client.ask(&question).await.0.map_err(unmeasured)?;
    if answer.status.as_u16() != 200 {
        let status = answer.status.as_u16();
        return Err(Unmeasured::because(format!(
            "{at} answered {status} instead of the document; correct `document_path`, or name a file with `document`"
        )));
    }
    if answer.truncated {
        return Err(Unmeasured::because(format!("{at} is larger than 1 MiB; name the file with `document`")));
    }
    Interface::of_text(&at, &String::from_utf8_lossy(&answer.body))
}
