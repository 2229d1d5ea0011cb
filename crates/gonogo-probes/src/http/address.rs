//! From a target and a path to a URL that never leaves the target.

use url::Url;

use crate::context::{Context, Target};
use crate::probe::Unmeasured;
use crate::tools::http::HttpError;

/// What a probe says that got no answer at all.
pub(crate) fn unmeasured(error: HttpError) -> Unmeasured {
    Unmeasured::because(error.to_string())
}

/// The address of the target.
pub(crate) fn base(context: &Context) -> Result<Url, Unmeasured> {
    let target = context
        .target
        .as_ref()
        .ok_or_else(|| Unmeasured::because("no target is given; name one of kind http with `target:`"))?;
    base_of(context, target)
}

/// The address of one of the targets. Its password is made known before anything else happens to it.
pub(crate) fn base_of(context: &Context, target: &Target) -> Result<Url, Unmeasured> {
    let wrong = |why: &str| {
        Unmeasured::because(format!(
            "the address of the target `{}` {why}; write such as http://127.0.0.1:8080",
            target.name
        ))
    };
    let url = Url::parse(&target.address).map_err(|error| wrong(&format!("is not a URL ({error})")))?;
    if let Some(password) = url.password() {
        context.secrets.learn(&format!("password of target {}", target.name), password);
    }
    match (url.scheme(), url.has_host(), url.query(), url.fragment()) {
        ("http" | "https", true, None, None) => Ok(url),
        ("http" | "https", true, ..) => Err(wrong("has a query or fragment, which belongs into `path`")),
        _ => Err(wrong("does not start with http:// or https:// and a host")),
    }
}

/// The path after the address; it can never change the host.
pub(crate) fn joined(base: &Url, path: &str) -> Result<Url, Unmeasured> {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url.set_query(query);
    match url.origin() == base.origin() {
        true => Ok(url),
        false => Err(Unmeasured::because(format!("the path `{path}` leads away from the target"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_host_of_the_target() {
        let base = Url::parse("http://127.0.0.1:8080/api/").unwrap();
        for (path, url) in [
            ("/health", "http://127.0.0.1:8080/api/health"),
            ("/", "http://127.0.0.1:8080/api/"),
            ("/a?b=c&d=%20", "http://127.0.0.1:8080/api/a?b=c&d=%20"),
            ("//evil.example/", "http://127.0.0.1:8080/api//evil.example/"),
            ("/@evil.example", "http://127.0.0.1:8080/api/@evil.example"),
            ("/\\evil.example", "http://127.0.0.1:8080/api//evil.example"),
            ("/a#b", "http://127.0.0.1:8080/api/a%23b"),
        ] {
            assert_eq!(joined(&base, path).unwrap().as_str(), url, "{path}");
        }
    }
}
