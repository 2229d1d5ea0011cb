//! Content Security Policies as browsers read them (CSP level 3): directives with their fallbacks,
//! and whether a source list lets an address through. It knows no headers and sends nothing.

use url::Url;

/// All policies of an answer; each must allow what is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Policies(Vec<Policy>);

/// One policy: its directives in order, names in lower case; of two with one name the first counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Policy(Vec<(String, Vec<String>)>);

/// What of a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Load<'u> {
    /// Something from an address.
    From(&'u Url),
    /// A script or style in the page itself.
    Inline,
    /// Code from text; the word that allows it.
    Eval(&'static str),
}

impl Policies {
    /// The policies in the values of a header; a value may hold several, with commas between.
    pub(super) fn of<'v>(values: impl IntoIterator<Item = &'v str>) -> Policies {
        let texts = values.into_iter().flat_map(|value| value.split(','));
        let policies = texts.map(Policy::parse).filter(|policy| !policy.0.is_empty());
        Policies(policies.collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sources of a directive in the first policy that has it.
    pub(super) fn sources(&self, chain: &[&str]) -> Option<&[String]> {
        self.0.iter().find_map(|policy| policy.first(chain)).map(|(_, sources)| sources)
    }

    /// The first directive by which one of the policies forbids it. `chain` is the directive that
    /// decides, then those that stand in for it.
    pub(super) fn forbids(&self, chain: &[&str], load: Load<'_>, page: &Url) -> Option<String> {
        self.0.iter().find_map(|policy| {
            let (name, sources) = policy.first(chain)?;
            (!allows(sources, load, page)).then(|| format!("{name} {}", sources.join(" ")).trim().to_owned())
        })
    }

    /// Whether one of the policies puts the page into a sandbox without this permission.
    pub(super) fn sandboxes(&self, without: &str) -> bool {
        self.0
            .iter()
            .filter_map(|policy| policy.first(&["sandbox"]))
            .any(|(_, allowed)| !allowed.iter().any(|word| word.eq_ignore_ascii_case(without)))
    }
}

impl Policy {
    fn parse(text: &str) -> Policy {
        let mut directives: Vec<(String, Vec<String>)> = Vec::new();
        for written in text.split(';') {
            let mut words = written.split_ascii_whitespace();
            let Some(name) = words.next().map(str::to_lowercase) else { continue };
            if !directives.iter().any(|(known, _)| *known == name) {
                directives.push((name, words.map(str::to_owned).collect()));
            }
        }
        Policy(directives)
    }

    fn first(&self, chain: &[&str]) -> Option<(&str, &[String])> {
        let of = |wanted: &&str| self.0.iter().find(|(name, _)| name == wanted);
        chain.iter().find_map(of).map(|(name, sources)| (name.as_str(), sources.as_slice()))
    }
}

/// Whether a source list lets something through. An empty one lets nothing, as `'none'` does.
pub(super) fn allows(sources: &[String], load: Load<'_>, page: &Url) -> bool {
    let has = |word: &str| sources.iter().any(|source| source.eq_ignore_ascii_case(word));
    match load {
        Load::From(url) => sources.iter().any(|source| matches(source, url, page)),
        Load::Eval(word) => has("'unsafe-eval'") || has(word),
        // Where a nonce or a hash is listed, `'unsafe-inline'` means nothing, and what has the nonce
        // or hash is allowed: whether it has one is the page's business.
        Load::Inline => has("'unsafe-inline'") || sources.iter().any(|source| is_nonce_or_hash(source)),
    }
}

pub(super) fn is_nonce_or_hash(source: &str) -> bool {
    let source = source.to_lowercase();
    ["'nonce-", "'sha256-", "'sha384-", "'sha512-"].iter().any(|start| source.starts_with(start))
}

/// Whether one source expression matches an address.
fn matches(source: &str, url: &Url, page: &Url) -> bool {
    let lower = source.to_lowercase();
    match lower.as_str() {
        "*" => matches!(url.scheme(), "http" | "https" | "ws" | "wss") || url.scheme() == page.scheme(),
        "'self'" => is_self(url, page),
        _ if lower.starts_with('\'') => false,
        _ => match lower.strip_suffix(':') {
            Some(scheme) => scheme_fits(scheme, url.scheme()),
            None => host_fits(source, url, page),
        },
    }
}

/// The page's own host, also by the safer scheme and by WebSocket.
fn is_self(url: &Url, page: &Url) -> bool {
    if url.origin() == page.origin() && url.origin().is_tuple() {
        return true;
    }
    let usual = |url: &Url| url.port_or_known_default() == default_port(url.scheme());
    let ports = url.port_or_known_default() == page.port_or_known_default() || (usual(url) && usual(page));
    let scheme = matches!(url.scheme(), "https" | "wss") || (page.scheme() == "http" && url.scheme() == "ws");
    url.host_str().is_some() && url.host_str() == page.host_str() && ports && scheme
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// A scheme also stands for its safer form, and HTTP for WebSocket.
fn scheme_fits(wanted: &str, found: &str) -> bool {
    wanted == found
        || matches!((wanted, found), ("http", "https") | ("ws", "wss" | "http" | "https") | ("wss", "https"))
}

fn host_fits(source: &str, url: &Url, page: &Url) -> bool {
    let (scheme, rest) = match source.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_lowercase()), rest),
        None => (None, source),
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let scheme_is_right = match &scheme {
        Some(scheme) => scheme_fits(scheme, url.scheme()),
        None => scheme_fits(page.scheme(), url.scheme()) || sockets_of(page.scheme(), url.scheme()),
    };
    scheme_is_right && host_is(host, url) && port_is(port, url) && path_is(path, url.path())
}

/// A host without a scheme stands for the page's scheme, and its WebSockets.
fn sockets_of(page: &str, found: &str) -> bool {
    matches!((page, found), ("http", "ws" | "wss") | ("https", "wss"))
}

fn host_is(wanted: &str, url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let (wanted, host) = (wanted.to_lowercase(), host.to_lowercase());
    match wanted.strip_prefix('*') {
        Some("") => true,
        Some(end) => end.starts_with('.') && host.ends_with(end) && host.len() > end.len(),
        None => wanted == host,
    }
}

fn port_is(wanted: Option<&str>, url: &Url) -> bool {
    let found = url.port_or_known_default();
    match wanted {
        Some("*") => true,
        None => found == default_port(url.scheme()),
        Some(port) => {
            let port = port.parse::<u16>().ok();
            port.is_some() && (port == found || (port == Some(80) && found == Some(443)))
        }
    }
}

fn path_is(wanted: &str, found: &str) -> bool {
    match wanted {
        "" | "/" => true,
        folder if folder.ends_with('/') => found.starts_with(folder),
        file => found == file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn passes(sources: &str, address: &str, page: &str) -> bool {
        let sources: Vec<String> = sources.split_whitespace().map(str::to_owned).collect();
        allows(&sources, Load::From(&url(address)), &url(page))
    }

    #[test]
    fn source_expressions_match_as_in_the_specification() {
        let page = "https://app.example/";
        for (sources, address, passes_there) in [
            ("'self'", "https://app.example/x", true),
            ("'self'", "wss://app.example/ws", true),
            ("'self'", "http://app.example/x", false),
            ("'self'", "https://app.example:8443/", false),
            ("'self'", "https://api.app.example/", false),
            ("'none'", "https://app.example/", false),
            ("", "https://app.example/", false),
            ("*", "https://anywhere.example/", true),
            ("*", "wss://anywhere.example/", true),
            ("*", "data:text/plain,x", false),
            ("data:", "data:text/plain,x", true),
            ("https:", "http://a.example/", false),
            ("http:", "https://a.example/", true),
            ("ws:", "wss://a.example/", true),
            ("wss:", "ws://a.example/", false),
            ("a.example", "https://a.example/x", true),
            ("a.example", "wss://a.example/x", true),
            ("a.example", "http://a.example/x", false),
            ("*.a.example", "https://b.a.example/", true),
            ("*.a.example", "https://a.example/", false),
            ("*.a.example", "https://ba.example/", false),
            ("https://a.example:8443", "https://a.example:8443/", true),
            ("https://a.example:8443", "https://a.example/", false),
            ("https://a.example:*", "https://a.example:9/", true),
            ("https://a.example/js/", "https://a.example/js/a.js", true),
            ("https://a.example/js", "https://a.example/js/a.js", false),
            ("'nonce-abc'", "https://app.example/", false),
            ("wss://chat.example", "wss://chat.example/ws", true),
        ] {
            assert_eq!(passes(sources, address, page), passes_there, "{sources}: {address}");
        }
        let plain = "http://127.0.0.1:8080/";
        assert!(passes("'self'", "ws://127.0.0.1:8080/ws", plain));
        assert!(!passes("'self'", "ws://127.0.0.1:8081/ws", plain));
    }

    #[test]
    fn a_directive_falls_back_and_every_policy_must_allow() {
        let page = url("https://app.example/");
        let chain = ["connect-src", "default-src"];
        let policies = Policies::of(["default-src 'self'; connect-src wss:, connect-src https:"]);
        let forbidden = |policies: &Policies, to: &str| policies.forbids(&chain, Load::From(&url(to)), &page);
        assert_eq!(forbidden(&policies, "wss://b.example/").as_deref(), Some("connect-src https:"));
        let one = Policies::of(["default-src 'self'; default-src *"]);
        assert_eq!(forbidden(&one, "https://b.example/").as_deref(), Some("default-src 'self'"));
        assert_eq!(forbidden(&one, "wss://app.example/"), None);
        assert_eq!(forbidden(&Policies::of(["img-src 'none'"]), "https://b.example/"), None);
        assert!(Policies::of(["sandbox allow-forms"]).sandboxes("allow-scripts"));
        assert!(!Policies::of(["default-src 'none'"]).sandboxes("allow-scripts"));
    }

    #[test]
    fn inline_and_eval_need_their_words() {
        let page = url("https://app.example/");
        let said = |sources: &str, load| {
            allows(&sources.split_whitespace().map(str::to_owned).collect::<Vec<_>>(), load, &page)
        };
        assert!(!said("'self'", Load::Inline));
        assert!(said("'unsafe-inline'", Load::Inline) && said("'nonce-abc'", Load::Inline));
        assert!(!said("'unsafe-inline'", Load::Eval("'unsafe-eval'")));
        assert!(said("'wasm-unsafe-eval'", Load::Eval("'wasm-unsafe-eval'")));
        assert!(said("'unsafe-eval'", Load::Eval("'wasm-unsafe-eval'")));
    }
}
