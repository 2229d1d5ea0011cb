//! The operations of a document as whoever asks them needs them: owned, with every reference
//! followed. It asks nothing.

use std::sync::Arc;

use gonogo_model::fact::{Location, Value};
use serde_json::Map;

use super::bundle::Bundle;
use super::library::{self, Library, Spot};
use super::operations::{self, Authentication, media};
use super::schema::Direction;
use super::survey::{self, Dialect};
use crate::probe::Unmeasured;
use crate::repository::{Place, Repository};

/// What a document promises.
#[derive(Debug)]
pub(crate) struct Interface {
    pub(crate) operations: Vec<Operation>,
    /// What `$ref` in schemas of requests leads to.
    pub(crate) sent: Arc<Map<String, Value>>,
    /// What `$ref` in schemas of responses leads to.
    pub(crate) answered: Arc<Map<String, Value>>,
}

/// One operation.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// In capitals.
    pub(crate) method: String,
    /// As written, with names in braces.
    pub(crate) path: String,
    /// The path of the server that the document names.
    pub(crate) prefix: String,
    pub(crate) location: Location,
    pub(crate) inputs: Vec<Input>,
    pub(crate) body: Option<Body>,
    pub(crate) responses: Vec<Response>,
    /// Whether it may be asked without showing anything.
    pub(crate) open: bool,
}

/// A parameter.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) name: String,
    /// `path`, `query`, `header`, `cookie`.
    pub(crate) place: String,
    pub(crate) required: bool,
    pub(crate) schema: Value,
    pub(crate) example: Option<Value>,
}

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) media: Vec<Media>,
}

/// One form of a body.
#[derive(Debug, Clone)]
pub(crate) struct Media {
    /// As written.
    pub(crate) name: String,
    /// `None` when nothing is said about it.
    pub(crate) schema: Option<Value>,
    pub(crate) example: Option<Value>,
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    /// `200`, `4XX` or `default`.
    pub(crate) code: String,
    pub(crate) media: Vec<Media>,
    /// Headers that it must have, in lower case.
    pub(crate) headers: Vec<String>,
}

impl Operation {
    /// `GET /users/{id}`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The response that is declared for a status: the exact one, its range, or the default.
    pub(crate) fn response(&self, status: u16) -> Option<&Response> {
        let (exact, range) = (status.to_string(), format!("{}xx", status / 100));
        let find =
            |code: &str| self.responses.iter().find(|response| response.code.eq_ignore_ascii_case(code));
        find(&exact).or_else(|| find(&range)).or_else(|| find("default"))
    }

    /// Whether it turns the connection into a WebSocket.
    pub(crate) fn is_socket(&self) -> bool {
        self.responses.iter().any(|response| matches!(response.code.as_str(), "101" | "426"))
    }
}

impl Interface {
    /// The document of a folder, or the file itself.
    pub(crate) async fn of_place(place: Place) -> Result<Interface, Unmeasured> {
        place.look(of_repository).await
    }

    /// A document in one text, such as a service answers it.
    pub(crate) fn of_text(source: &str, text: &str) -> Result<Interface, Unmeasured> {
        let wrong = |what: &str| Unmeasured::because(format!("{source} is no OpenAPI document: {what}"));
        let root = library::parse(text).map_err(|problem| wrong(&problem.what))?;
        let dialect = survey::dialect(&root).ok_or_else(|| wrong("it has no `openapi` of 3.0 or 3.1"))?;
        let library = Library::of_tree(source, root);
        let root = library.root(source).map_err(|problem| wrong(&problem.what))?;
        read(&library, dialect, root)
    }
}

fn of_repository(repository: &Repository) -> Result<Interface, Unmeasured> {
    let survey = survey::survey(repository);
    let survey = (*survey).as_ref().map_err(Clone::clone)?;
    let mut own: Vec<_> = survey.documents.iter().filter(|document| !document.is_for_development).collect();
    if own.is_empty() {
        own = survey.documents.iter().collect();
    }
    let [document] = own[..] else {
        let names: Vec<&str> = own.iter().map(|document| document.path.as_str()).take(5).collect();
        let why = format!("there are several OpenAPI documents ({}); name the file", names.join(", "));
        return Err(Unmeasured::because(why));
    };
    if let Some(problem) = document.problems.first() {
        let why = format!("{}:{} {}", document.path, problem.line, problem.what);
        return Err(Unmeasured::because(why));
    }
    let root = document.root(&survey.library);
    let root = root.ok_or_else(|| Unmeasured::because(format!("{} cannot be read", document.path)))?;
    read(&survey.library, document.dialect, root)
}

fn read<'l>(library: &'l Library, dialect: Dialect, root: Spot<'l>) -> Result<Interface, Unmeasured> {
    let mut reader = Reader {
        library,
        root,
        sent: Bundle::new(library, dialect, Direction::Request),
        answered: Bundle::new(library, dialect, Direction::Response),
    };
    let operations: Vec<Operation> =
        operations::of(library, root).iter().map(|operation| reader.operation(operation)).collect();
    if operations.is_empty() {
        let why = format!("the document {} has no operation", root.file);
        return Err(Unmeasured::because(why));
    }
    Ok(Interface {
        operations,
        sent: Arc::new(reader.sent.into_definitions()),
        answered: Arc::new(reader.answered.into_definitions()),
    })
}

struct Reader<'l> {
    library: &'l Library,
    root: Spot<'l>,
    sent: Bundle<'l>,
    answered: Bundle<'l>,
}

impl<'l> Reader<'l> {
    fn operation(&mut self, operation: &operations::Operation<'l>) -> Operation {
        let parameters = operation.parameters(self.library).unwrap_or_default();
        let inputs = parameters.iter().map(|parameter| self.input(parameter)).collect();
        let body = operation.spot.get("requestBody").and_then(|body| self.library.follow(body).ok());
        let body = body.map(|body| Body {
            required: body.is_true("required"),
            media: media(body)
                .into_iter()
                .map(|(name, spot)| part(self.library, &mut self.sent, name, spot))
                .collect(),
        });
        let responses = operation.responses(self.library);
        let responses = responses.into_iter().map(|(code, spot)| self.response(code, spot)).collect();
        Operation {
            method: operation.method.clone(),
            path: operation.path.to_owned(),
            prefix: prefix([operation.spot, operation.item, self.root]),
            location: operation.location.clone(),
            inputs,
            body,
            responses,
            open: operation.authentication(self.root) != Authentication::Required,
        }
    }

    fn input(&mut self, parameter: &operations::Parameter<'l>) -> Input {
        let spot = parameter.spot;
        let content = media(spot).into_iter().next().map(|(_, media)| media);
        let holder = content.unwrap_or(spot);
        Input {
            name: parameter.name.to_owned(),
            place: parameter.place.to_owned(),
            required: spot.is_true("required") || parameter.place == "path",
            schema: holder.get("schema").map_or(Value::Bool(true), |schema| self.sent.schema(schema)),
            example: example(self.library, holder),
        }
    }

    fn response(&mut self, code: &str, spot: Spot<'l>) -> Response {
        let headers = spot.get("headers").into_iter().flat_map(Spot::entries);
        let required = headers.filter(|(_, header)| {
            self.library.follow(*header).is_ok_and(|header| header.is_true("required"))
        });
        let headers = required.map(|(key, _)| key.name.to_lowercase()).collect();
        let media = media(spot).into_iter();
        let media = media.map(|(name, spot)| part(self.library, &mut self.answered, name, spot)).collect();
        Response { code: code.to_owned(), media, headers }
    }
}

fn part<'l>(library: &'l Library, bundle: &mut Bundle<'l>, name: &str, spot: Spot<'l>) -> Media {
    Media {
        name: name.to_owned(),
        schema: spot.get("schema").map(|schema| bundle.schema(schema)),
        example: example(library, spot),
    }
}

/// The example beside a schema: of a parameter or a media type.
fn example(library: &Library, holder: Spot<'_>) -> Option<Value> {
    if let Some(example) = holder.get("example") {
        return Some(example.node.to_json());
    }
    let (_, first) = holder.get("examples")?.entries().next()?;
    Some(library.follow(first).ok()?.get("value")?.node.to_json())
}

/// The path of the first server that the operation, its path or the document names.
fn prefix(holders: [Spot<'_>; 3]) -> String {
    let server = holders.into_iter().find_map(|holder| holder.get("servers")?.items().next());
    let Some(url) = server.and_then(|server| server.text("url")) else { return String::new() };
    let variables = server.and_then(|server| server.get("variables"));
    let mut url = url.to_owned();
    for (key, variable) in variables.into_iter().flat_map(Spot::entries) {
        url = url.replace(&format!("{{{}}}", key.name), variable.text("default").unwrap_or_default());
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url.as_str(),
    };
    let path = path.trim_end_matches('/');
    if path.starts_with('/') { path.to_owned() } else { String::new() }
}
