//! From steps as a spec has them to a script. What cannot be done ten thousand times at once is
//! refused with the reason.

use std::collections::BTreeMap;

use gonogo_model::flow::{Action, Body, Method, Step as Written, Text};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::answered::Answered;
use super::memory::Names;
use super::request::Request;
use super::template::{self, Template};
use super::{Act, Flow, Memory, Script, Step};
use crate::plan::Refused;
use crate::wire::{Keep, Target};

/// What steps are compiled with.
struct Workshop<'t> {
    targets: &'t [Target],
    closes: bool,
    bearer: Option<&'t Text>,
    names: Names,
    sockets: Vec<String>,
}

impl Flow {
    /// Works a flow out. `closes` says that each request has a connection of its own.
    pub(crate) fn compile(&self, targets: &[Target], closes: bool) -> Result<Script, Refused> {
        self.identities.check(&self.steps).map_err(Refused)?;
        let bearer = self.identities.bearer.as_ref();
        let mut shop = Workshop { targets, closes, bearer, names: Names::default(), sockets: Vec::new() };
        let mut steps = Vec::new();
        for person in &self.identities.users {
            for step in &self.identities.sign_up {
                steps.push(shop.step(step, Some(person))?);
            }
        }
        let once = steps.len();
        for step in &self.steps {
            steps.push(shop.step(step, step.user.as_deref())?);
        }
        if steps.len() == once {
            return Err(Refused("the flow has no steps; write at least one".to_owned()));
        }
        let (names, sockets) = (shop.names, shop.sockets.len());
        Ok(Script {
            once,
            steps,
            names,
            people: self.identities.users.clone(),
            data: self.data.clone(),
            sockets,
        })
    }
}

impl Workshop<'_> {
    fn step(&mut self, step: &Written, user: Option<&str>) -> Result<Step, Refused> {
        let said = |why: String| Refused(format!("`{}`: {why}", step.name));
        if step.in_background.is_some() || step.eventually.is_some() {
            let why = "`in_background` and `eventually` are for flow/journey; under load each step is done once, in order";
            return Err(said(why.to_owned()));
        }
        let mut answered = Answered::new(user).expecting(step.expect.as_ref());
        for (name, capture) in &step.capture {
            answered = answered.capturing(self.names.kept(user, name), capture).map_err(said)?;
        }
        let act = match &step.action {
            Action::Receive { socket, which } => {
                answered = answered.expecting(Some(which));
                Act::Receive { socket: self.socket(socket) }
            }
            action => self.act(action, &answered, user).map_err(said)?,
        };
        let within_ms = u64::try_from(step.within.0.as_millis()).unwrap_or(u64::MAX);
        Ok(Step { name: step.name.clone(), act, answered, within_ms, times: step.times })
    }

    fn act(&mut self, action: &Action, answered: &Answered, user: Option<&str>) -> Result<Act, String> {
        Ok(match action {
            Action::Request { method, at, path, headers, body } => {
                let reads = answered.reads;
                let keep = Keep {
                    body: reads.json || reads.text,
                    headers: reads.headers,
                    bodiless: *method == Method::Head,
                };
                let target = self.target(at.as_deref())?;
                Act::Request(self.request(target, *method, path, headers, body, keep, user)?)
            }
            Action::Wait(wait) => Act::Wait { ns: u64::try_from(wait.0.as_nanos()).unwrap_or(u64::MAX) },
            Action::Open { at, socket, path, headers } => {
                let target = self.target(at.as_deref())?;
                let path = self.path(target, path, user);
                let bearer = self.bearer(headers, user);
                // An empty value is how a step says that it sends none.
                let headers = headers.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| {
                    let mut value = Template::default();
                    value.text(text, template::Written::Header, &mut self.names, user);
                    (name.clone(), value)
                });
                let headers = headers.collect();
                Act::Open { socket: self.socket(socket), target, path, headers, bearer }
            }
            Action::Send { socket, value } => {
                let mut text = Template::default();
                text.json(value, &mut self.names, user)?;
                Act::Send { socket: self.socket(socket), text }
            }
            Action::Close { socket } => Act::Close { socket: self.socket(socket) },
            _ => {
                return Err(
                    "sinks, `silent` and `await` are for flow/journey; load cannot use them".to_owned()
                );
            }
        })
    }

    fn socket(&mut self, name: &str) -> usize {
        let found = self.sockets.iter().position(|known| known == name);
        found.unwrap_or_else(|| {
            self.sockets.push(name.to_owned());
            self.sockets.len() - 1
        })
    }

    fn target(&self, at: Option<&str>) -> Result<usize, String> {
        let Some(name) = at else { return Ok(0) };
        let found = self.targets.iter().position(|target| target.name == name);
        found.ok_or_else(|| format!("there is no target `{name}`"))
    }

    fn path(&mut self, target: usize, path: &Text, user: Option<&str>) -> Template {
        let mut written = Template::default();
        written.bytes(self.targets.get(target).map_or("", |target| &target.base));
        // A path that is one name and nothing else is taken as it is.
        let alone = path.pieces().count() == 1;
        let how = if alone { template::Written::Plain } else { template::Written::Encoded };
        written.text(path, how, &mut self.names, user);
        written
    }

    /// What a user shows, unless a step says something else of it.
    fn bearer(&mut self, headers: &BTreeMap<String, Text>, user: Option<&str>) -> Option<Template> {
        let said = headers.keys().any(|header| header.eq_ignore_ascii_case("authorization"));
        let text = self.bearer.filter(|_| user.is_some() && !said)?;
        let mut value = Template::default();
        value.bytes("Bearer ").text(text, template::Written::Header, &mut self.names, user);
        Some(value)
    }

    #[expect(clippy::too_many_arguments, reason = "these are the parts of a request")]
    fn request(
        &mut self,
        target: usize,
        method: Method,
        path: &Text,
        headers: &BTreeMap<String, Text>,
        body: &Body,
        keep: Keep,
        user: Option<&str>,
    ) -> Result<Request, String> {
        let mut head = Template::default();
        head.bytes(method.name()).bytes(" ");
        head.append(self.path(target, path, user));
        head.bytes(" HTTP/1.1\r\nHost: ").bytes(&self.targets.get(target).ok_or("there is no target")?.host);
        head.bytes("\r\n");
        if self.closes {
            head.bytes("Connection: close\r\n");
        }
        let (kind, mut body) = self.body(body, user)?;
        if matches!(method, Method::Post | Method::Put | Method::Patch) {
            // Nothing is sent, and the other side must not wait for more.
            body.get_or_insert_default();
        }
        let says = |name: &str| headers.keys().any(|header| header.eq_ignore_ascii_case(name));
        if let Some(kind) = kind.filter(|_| !says("content-type")) {
            head.bytes("Content-Type: ").bytes(kind).bytes("\r\n");
        }
        self.headers(headers, user, &mut head)?;
        let bearer = self.bearer(headers, user);
        let mut request = Request { target, keep, closes: self.closes, fixed: None, head, bearer, body };
        request.fixed = fixed(&request);
        Ok(request)
    }

    fn headers(
        &mut self,
        headers: &BTreeMap<String, Text>,
        user: Option<&str>,
        head: &mut Template,
    ) -> Result<(), String> {
        for (name, text) in headers {
            let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            let plain = text.to_string();
            if name.is_empty() || !name.bytes().all(is_token) || plain.bytes().any(|byte| byte < b' ') {
                return Err(format!("the header `{name}` has a name or value that HTTP does not allow"));
            }
            // An empty value is how a step says that it sends none.
            if !text.is_empty() {
                head.bytes(name).bytes(": ").text(text, template::Written::Header, &mut self.names, user);
                head.bytes("\r\n");
            }
        }
        Ok(())
    }

    fn body(
        &mut self,
        body: &Body,
        user: Option<&str>,
    ) -> Result<(Option<&'static str>, Option<Template>), String> {
        let mut written = Template::default();
        let kind = match body {
            Body::Nothing => return Ok((None, None)),
            Body::Text(text) => {
                written.text(text, template::Written::Plain, &mut self.names, user);
                "text/plain"
            }
            Body::Json(value) => {
                written.json(value, &mut self.names, user)?;
                "application/json"
            }
            Body::Form(fields) => {
                for (at, (name, text)) in fields.iter().enumerate() {
                    written.bytes(if at > 0 { "&" } else { "" });
                    written.bytes(utf8_percent_encode(name, NON_ALPHANUMERIC).to_string()).bytes("=");
                    written.form_value(text, &mut self.names, user);
                }
                "application/x-www-form-urlencoded"
            }
        };
        Ok((Some(kind), Some(written)))
    }
}

/// The bytes of a request in which nothing changes.
fn fixed(request: &Request) -> Option<Vec<u8>> {
    let body = request.body.as_ref().map(|body| body.fixed());
    if request.bearer.is_some() || body == Some(None) {
        return None;
    }
    let mut bytes = request.head.fixed()?.to_vec();
    request.write_body(&Memory::new(), &mut bytes).ok()?;
    Some(bytes)
}
