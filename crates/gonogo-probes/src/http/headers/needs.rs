//! What a page needs, and whether the policies of an answer forbid it: the content policy, the
//! permissions policy, framing and isolation, each by its specification.

use reqwest::header::HeaderMap;
use url::Url;

use super::permissions::Permissions;
use super::policy::{Load, Policies};

/// A need as it was written and as it is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) written: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// A feature of the permissions policy.
    Feature(String),
    /// Something loaded from an address, or of the page's own host when there is none.
    Load {
        chain: &'static [&'static str],
        from: Option<Url>,
        socket: bool,
    },
    Inline(&'static [&'static str]),
    Eval(&'static str),
    /// To be shown in a frame of this page; of any when there is none.
    Framed(Option<Url>),
    /// Shared memory and exact clocks.
    Isolated,
    /// To talk with a window that it opens, such as a login.
    Popup,
}

const SCRIPT: &[&str] = &["script-src-elem", "script-src", "default-src"];
const STYLE: &[&str] = &["style-src-elem", "style-src", "default-src"];
const CONNECT: &[&str] = &["connect-src", "default-src"];
/// What can be loaded: the word, the directive and what stands in for it.
const LOADS: [(&str, &[&str]); 13] = [
    ("connect", CONNECT),
    ("fetch", CONNECT),
    ("websocket", CONNECT),
    ("script", SCRIPT),
    ("style", STYLE),
    ("image", &["img-src", "default-src"]),
    ("font", &["font-src", "default-src"]),
    ("media", &["media-src", "default-src"]),
    ("object", &["object-src", "default-src"]),
    ("manifest", &["manifest-src", "default-src"]),
    ("frame", &["frame-src", "child-src", "default-src"]),
    ("worker", &["worker-src", "child-src", "script-src", "default-src"]),
    ("form", &["form-action"]),
];
/// Features that pages may be refused by a permissions policy.
const FEATURES: [&str; 30] = [
    "accelerometer",
    "ambient-light-sensor",
    "autoplay",
    "bluetooth",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "web-share",
];

impl Need {
    /// `camera`, `websocket`, `websocket wss://chat.example`, `image data:`, `inline-script` …
    pub(super) fn read(written: &str) -> Result<Need, String> {
        let mut words = written.split_whitespace();
        let word = words.next().unwrap_or_default();
        let from = words.next().map(|address| address_of(written, address)).transpose()?;
        let kind = kind_of(word, from.clone()).ok_or_else(|| unknown(written))?;
        let takes_address = matches!(kind, Kind::Load { .. } | Kind::Framed(_));
        if words.next().is_some() || (from.is_some() && !takes_address) {
            return Err(unknown(written));
        }
        Ok(Need { written: written.trim().to_owned(), kind })
    }

    /// What forbids it, as it stands in the answer; none when nothing does.
    pub(super) fn forbidden_by(&self, answer: &Policed, page: &Url) -> Option<String> {
        let csp = |why: String| format!("Content-Security-Policy: {why}");
        match &self.kind {
            Kind::Feature(name) => answer.permissions.forbids(name, page),
            Kind::Load { chain, from, socket } => {
                let from = from.clone().unwrap_or_else(|| own(page, *socket));
                let sandboxed = match chain.first() {
                    Some(&"script-src-elem" | &"worker-src") => answer.sandboxes("allow-scripts"),
                    Some(&"form-action") => answer.sandboxes("allow-forms"),
                    _ => None,
                };
                sandboxed.or_else(|| answer.content.forbids(chain, Load::From(&from), page).map(csp))
            }
            Kind::Inline(chain) => {
                let scripts = chain.iter().any(|name| name.starts_with("script"));
                let sandboxed = answer.sandboxes("allow-scripts").filter(|_| scripts);
                sandboxed.or_else(|| answer.content.forbids(chain, Load::Inline, page).map(csp))
            }
            Kind::Eval(word) => {
                answer.content.forbids(&["script-src", "default-src"], Load::Eval(word), page).map(csp)
            }
            Kind::Framed(by) => answer.framing(by.as_ref(), page),
            Kind::Isolated => answer.not_isolated(),
            Kind::Popup => {
                let severed = answer.opener.as_deref() == Some("same-origin");
                severed.then(|| "Cross-Origin-Opener-Policy: same-origin".to_owned())
            }
        }
    }
}

fn kind_of(word: &str, from: Option<Url>) -> Option<Kind> {
    if let Some((word, chain)) = LOADS.iter().find(|(name, _)| *name == word) {
        return Some(Kind::Load { chain, from, socket: *word == "websocket" });
    }
    Some(match word {
        "inline-script" => Kind::Inline(SCRIPT),
        "inline-handler" => Kind::Inline(&["script-src-attr", "script-src", "default-src"]),
        "inline-style" => Kind::Inline(STYLE),
        "eval" => Kind::Eval("'unsafe-eval'"),
        "wasm" => Kind::Eval("'wasm-unsafe-eval'"),
        "framed" => Kind::Framed(from),
        "isolation" => Kind::Isolated,
        "popup" => Kind::Popup,
        feature if FEATURES.contains(&feature) => Kind::Feature(feature.to_owned()),
        _ => return None,
    })
}

fn address_of(written: &str, address: &str) -> Result<Url, String> {
    // `data:` and `blob:` are whole schemes.
    let whole = if address.ends_with(':') { format!("{address}x") } else { address.to_owned() };
    Url::parse(&whole).map_err(|_| {
        format!("`{written}` has no address behind the word; write such as `websocket wss://chat.example`")
    })
}

fn unknown(written: &str) -> String {
    let loads: Vec<&str> = LOADS.iter().map(|(name, _)| *name).collect();
    format!(
        "`{written}` is no need that is known; write a feature such as camera, one of {} with an address \
         or without, or inline-script, inline-handler, inline-style, eval, wasm, framed, isolation, popup",
        loads.join(", ")
    )
}

/// The page's own host, perhaps by WebSocket.
fn own(page: &Url, socket: bool) -> Url {
    let mut own = page.clone();
    if socket {
        let _ = own.set_scheme(if page.scheme() == "https" { "wss" } else { "ws" });
    }
    own
}

/// The policies of one answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Policed {
    pub(super) content: Policies,
    pub(super) permissions: Permissions,
    /// In lower case; none when it is not there or not readable.
    pub(super) frame_options: Option<String>,
    pub(super) opener: Option<String>,
    pub(super) embedder: Option<String>,
}

impl Policed {
    pub(super) fn of(headers: &HeaderMap) -> Policed {
        let all = |name: &str| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        let word = |name: &str| {
            let value = all(name).next()?.split(';').next()?.trim().to_lowercase();
            (!value.is_empty()).then_some(value)
        };
        Policed {
            content: Policies::of(all("content-security-policy")),
            permissions: Permissions::of(all("permissions-policy")),
            frame_options: word("x-frame-options"),
            opener: word("cross-origin-opener-policy"),
            embedder: word("cross-origin-embedder-policy"),
        }
    }

    /// Who may show the answer in a frame: `nobody`, `self`, `listed` or `anybody`.
    pub(super) fn framed_by(&self) -> &'static str {
        if let Some(sources) = self.content.sources(&["frame-ancestors"]) {
            let is = |word: &str| sources.iter().all(|source| source.eq_ignore_ascii_case(word));
            return match sources {
                _ if is("'none'") => "nobody",
                _ if is("'self'") => "self",
                _ if sources.iter().any(|source| matches!(source.as_str(), "*" | "http:" | "https:")) => {
                    "anybody"
                }
                _ => "listed",
            };
        }
        match self.frame_options.as_deref() {
            Some("deny") => "nobody",
            Some("sameorigin") => "self",
            _ => "anybody",
        }
    }

    fn framing(&self, by: Option<&Url>, page: &Url) -> Option<String> {
        if let Some(sources) = self.content.sources(&["frame-ancestors"]) {
            let written = || format!("Content-Security-Policy: frame-ancestors {}", sources.join(" "));
            let allowed = match by {
                Some(by) => self.content.forbids(&["frame-ancestors"], Load::From(by), page).is_none(),
                None => self.framed_by() == "anybody",
            };
            // Where it is said, X-Frame-Options means nothing.
            return (!allowed).then(written);
        }
        let own = by.is_some_and(|by| by.origin() == page.origin());
        match self.frame_options.as_deref() {
            Some("deny") => Some("X-Frame-Options: DENY".to_owned()),
            Some("sameorigin") if !own => Some("X-Frame-Options: SAMEORIGIN".to_owned()),
            _ => None,
        }
    }

    fn sandboxes(&self, without: &str) -> Option<String> {
        let sandboxed = self.content.sandboxes(without);
        sandboxed.then(|| format!("Content-Security-Policy: sandbox without {without}"))
    }

    fn not_isolated(&self) -> Option<String> {
        let embedder = matches!(self.embedder.as_deref(), Some("require-corp" | "credentialless"));
        match (self.opener.as_deref(), embedder) {
            (Some("same-origin"), true) => None,
            (Some("same-origin"), false) => Some("no Cross-Origin-Embedder-Policy: require-corp".to_owned()),
            _ => Some("no Cross-Origin-Opener-Policy: same-origin".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbidden(headers: &[(&str, &str)], need: &str) -> Option<String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name.parse::<reqwest::header::HeaderName>().unwrap(), value.parse().unwrap());
        }
        let page = Url::parse("https://app.example/").unwrap();
        Need::read(need).unwrap().forbidden_by(&Policed::of(&map), &page)
    }

    const CSP: &str = "content-security-policy";

    #[test]
    fn needs_are_held_against_the_policies() {
        let none: &[(&str, &str)] = &[];
        let strict = &[(CSP, "default-src 'self'; connect-src 'none'; frame-ancestors 'none'")][..];
        let camera = &[("permissions-policy", "camera=(), microphone=(self)")][..];
        for (headers, need, blocked) in [
            (none, "camera", false),
            (none, "websocket", false),
            (none, "isolation", true),
            (none, "popup", false),
            (camera, "camera", true),
            (camera, "microphone", false),
            (camera, "geolocation", false),
            (strict, "websocket", true),
            (strict, "script", false),
            (strict, "script https://cdn.example/a.js", true),
            (strict, "image data:", true),
            (strict, "inline-script", true),
            (strict, "inline-style", true),
            (strict, "eval", true),
            (strict, "worker", false),
            (strict, "worker blob:", true),
            (strict, "form https://pay.example/", false),
            (strict, "framed", true),
            (&[(CSP, "sandbox allow-forms")][..], "script", true),
            (&[(CSP, "sandbox allow-forms")][..], "form", false),
            (
                &[(CSP, "frame-ancestors https://a.example"), ("x-frame-options", "DENY")][..],
                "framed https://a.example",
                false,
            ),
            (&[("x-frame-options", "SAMEORIGIN")][..], "framed https://app.example", false),
            (&[("x-frame-options", "SAMEORIGIN")][..], "framed", true),
            (&[("cross-origin-opener-policy", "same-origin")][..], "popup", true),
            (&[("content-security-policy-report-only", "default-src 'none'")][..], "script", false),
            (
                &[
                    ("cross-origin-opener-policy", "same-origin"),
                    ("cross-origin-embedder-policy", "require-corp; report-to=\"x\""),
                ][..],
                "isolation",
                false,
            ),
        ] {
            assert_eq!(forbidden(headers, need).is_some(), blocked, "{headers:?} {need}");
        }
    }

    #[test]
    fn what_is_no_need_is_refused() {
        for wrong in ["", "kamera", "camera https://x.example", "websocket chat", "script a: b: c:"] {
            assert!(Need::read(wrong).is_err(), "{wrong}");
        }
    }
}
