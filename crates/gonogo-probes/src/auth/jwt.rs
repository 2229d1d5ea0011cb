//! `auth/jwt`: what a service does with tokens that are wrong in one way each. Only a token that
//! opens a path before and after shows that the wrong ones were refused because they are wrong.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location};
use gonogo_model::flow::Step;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use url::Url;

use self::forged::{Forged, Forger};
use self::params::Params;
use self::token::Token;
use crate::api::cast::Cast;
use crate::context::Context;
use crate::http::address::{base, joined, unmeasured};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{HttpClient, HttpError, Question, shown};

mod forged;
mod jwks;
mod params;
mod sign;
mod token;

/// How long a request may take.
const LIMIT: Duration = Duration::from_secs(10);

/// Tries wrong tokens.
pub(crate) struct Jwt;

impl Probe for Jwt {
    const ID: &'static str = "auth/jwt";
    const TITLE: &'static str = "Whether a service refuses tokens that are wrong";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] =
        &[TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let url = joined(&base(context)?, &params.opens)?;
        let client = HttpClient::new(&context.reach, LIMIT).map_err(unmeasured)?;
        let cast = Cast::of(context, &params.script).await?;
        let mut look = Look { context, params: &params, client, url, cast };
        let items = look.items().await?;
        look.cast.clean().await;
        Ok(Looked { items, artefacts: Vec::new() })
    }
}

struct Look<'a> {
    context: &'a Context,
    params: &'a Params,
    client: HttpClient,
    url: Url,
    cast: Cast,
}

impl Look<'_> {
    async fn items(&mut self) -> Result<Vec<Item>, Unmeasured> {
        let text = self.token()?;
        let token = Token::read(&text).ok_or_else(|| {
            Unmeasured::because(
                "what `bearer` gives is no JSON Web Token of three parts; correct `identities`",
            )
        })?;
        self.must_open(&text, "before anything was tried").await?;
        let mut items = vec![self.item("token", token.facts())];
        let jwks = match &self.params.jwks_path {
            Some(path) => jwks::public_key(&self.client, &joined(&base(self.context)?, path)?).await,
            None => Err("no `jwks_path` is given".to_owned()),
        };
        let forger = Forger { token: &token, secret: self.secret()?, public_key: jwks };
        let key_fits = self.key_fits(&forger).await?;
        for forged in forger.all(key_fits)? {
            items.push(self.try_forged(forged).await?);
        }
        self.must_open(&text, "after the wrong ones").await?;
        items.extend(self.session().await?);
        Ok(items)
    }

    fn token(&self) -> Result<String, Unmeasured> {
        let user = &self.params.user;
        let token = self.cast.token(user).ok_or_else(|| {
            Unmeasured::because(format!(
                "`{user}` has no token; capture it in `sign_up` and name it in `bearer`"
            ))
        })?;
        self.context.secrets.learn("token", &token);
        Ok(token)
    }

    fn secret(&self) -> Result<Option<String>, Unmeasured> {
        let Some(name) = &self.params.key_env else { return Ok(None) };
        let value = self.context.environment.get(name).filter(|value| !value.is_empty());
        let value = value
            .ok_or_else(|| Unmeasured::because(format!("the environment variable {name} is not set")))?;
        self.context.secrets.learn(name, value);
        Ok(Some(value.to_owned()))
    }

    /// The status that the path is answered with for this token.
    async fn status(&mut self, token: Option<&str>) -> Result<u16, HttpError> {
        let mut headers: HeaderMap = self.cast.without_credentials();
        if let Some(token) = token
            && let Ok(value) = HeaderValue::from_str(&format!("Bearer {token}"))
        {
            headers.insert(AUTHORIZATION, value);
        }
        let question =
            Question { method: Method::GET, url: self.url.clone(), headers, body: None, follow: false };
        Ok(self.client.ask(&question).await.0?.status.as_u16())
    }

    async fn must_open(&mut self, token: &str, when: &str) -> Result<(), Unmeasured> {
        let status = self.status(Some(token)).await.map_err(unmeasured)?;
        match status < 400 {
            true => Ok(()),
            false => Err(Unmeasured::because(format!(
                "{} answered {status} to the good token {when}; refusing the wrong ones proves nothing then",
                shown(&self.url)
            ))),
        }
    }

    /// Whether tokens that are signed with the given secret are taken; `None` without one.
    async fn key_fits(&mut self, forger: &Forger<'_>) -> Result<Option<bool>, Unmeasured> {
        let Some(good) = forger.signed_again() else { return Ok(None) };
        self.context.secrets.learn("token", &good);
        Ok(Some(self.status(Some(&good)).await.map_err(unmeasured)? < 400))
    }

    async fn try_forged(&mut self, forged: Forged) -> Result<Item, Unmeasured> {
        let item = self.variant(forged.name);
        let texts = match forged.texts {
            Ok(texts) => texts,
            Err(why) => return Ok(item.fact("tried", false).fact("why_not", why)),
        };
        let mut status = None;
        for text in &texts {
            if let Some(text) = text {
                self.context.secrets.learn("token", text);
            }
            let answered = self.status(text.as_deref()).await.map_err(unmeasured)?;
            status = Some(answered);
            if answered < 400 {
                break;
            }
        }
        Ok(item
            .fact("tried", true)
            .fact_if_known("status", status)
            .fact("accepted", status.is_some_and(|status| status < 400)))
    }

    fn variant(&self, name: &str) -> Item {
        self.item(name, Item::new(name).fact("kind", "variant"))
    }

    fn item(&self, _: &str, item: Item) -> Item {
        item.read_at(Location::of(shown(&self.url)))
    }

    /// What a logout and a second use take away.
    async fn session(&mut self) -> Result<Vec<Item>, Unmeasured> {
        let refreshed = self.refresh_twice().await?;
        let (revoked, after) = self.log_out(refreshed.1).await?;
        Ok(vec![refreshed.0, revoked, after])
    }

    /// The same refresh token, used twice; and whether it works at all.
    async fn refresh_twice(&mut self) -> Result<(Item, bool), Unmeasured> {
        let item = self.variant("refresh-reused");
        let Some(refresh) = self.params.refresh.clone() else {
            return Ok((not_tried(item, "no `refresh` is given"), false));
        };
        if let Err(why) = self.log_in().await {
            return Ok((not_tried(item, &why), false));
        }
        if let Err(why) = self.walk(std::slice::from_ref(&refresh)).await? {
            return Ok((not_tried(item, &format!("a fresh one was refused: {why}")), false));
        }
        let again = self.walk(std::slice::from_ref(&refresh)).await?;
        Ok((item.fact("tried", true).fact("accepted", again.is_ok()), true))
    }

    async fn log_out(&mut self, refresh_works: bool) -> Result<(Item, Item), Unmeasured> {
        let (revoked, after) = (self.variant("revoked"), self.variant("refresh-after-logout"));
        let logout = self.params.logout.clone();
        let ready = match logout.is_empty() {
            true => Err("no `logout` is given".to_owned()),
            false => self.log_in().await,
        };
        if let Err(why) = ready {
            return Ok((not_tried(revoked, &why), not_tried(after, &why)));
        }
        let token = self.token()?;
        self.must_open(&token, "before the logout").await?;
        if let Err(why) = self.walk(&logout).await? {
            return Ok((not_tried(revoked, &why), not_tried(after, &why)));
        }
        let status = self.status(Some(&token)).await.map_err(unmeasured)?;
        let revoked = revoked.fact("tried", true).fact("status", status).fact("accepted", status < 400);
        let after = match self.params.refresh.clone().filter(|_| refresh_works) {
            None => not_tried(after, "no refresh token could be shown to work"),
            Some(refresh) => {
                let again = self.walk(std::slice::from_ref(&refresh)).await?;
                after.fact("tried", true).fact("accepted", again.is_ok())
            }
        };
        Ok((revoked, after))
    }

    async fn log_in(&mut self) -> Result<(), String> {
        let login = self.params.login.clone();
        if login.is_empty() {
            return Err("no `login` is given, so there is no fresh session".to_owned());
        }
        self.walk(&login)
            .await
            .map_err(|unmeasured| unmeasured.why)?
            .map_err(|why| format!("the login failed: {why}"))
    }

    /// Whether the steps did what they must; no answer at all is no refusal.
    async fn walk(&mut self, steps: &[Step]) -> Result<Result<(), String>, Unmeasured> {
        match self.cast.walk(steps).await {
            Ok(()) => Ok(Ok(())),
            Err(stumble) if stumble.unreachable => Err(Unmeasured::because(stumble.why)),
            Err(stumble) => Ok(Err(format!("{}: {}", stumble.step, stumble.why))),
        }
    }
}

fn not_tried(item: Item, why: &str) -> Item {
    item.fact("tried", false).fact("why_not", why)
}

const FACTS: &[FactInfo] = &[
    fact("kind", FactType::Text, "", "`token` (the good one) or `variant` (a wrong one)."),
    fact("tried", FactType::Bool, "", "Variant: whether it could be tried."),
    fact("why_not", FactType::Text, "", "Variant: why it was not tried; absent when it was."),
    fact(
        "status",
        FactType::Int,
        "",
        "Variant: the answer to it; absent for refresh tokens, which a step sends.",
    ),
    fact("accepted", FactType::Bool, "", "Variant: whether it opened the path, with a status under 400."),
    fact("alg", FactType::Text, "", "Token: the algorithm of its header."),
    fact("lifetime_s", FactType::Int, "s", "Token: from `iat` to `exp`; absent without either."),
    fact("claims", FactType::List, "", "Token: the names of its claims, in order."),
    fact("has_exp", FactType::Bool, "", "Token: whether it says when it ends."),
    fact("has_nbf", FactType::Bool, "", "Token: whether it says when it begins."),
    fact("has_aud", FactType::Bool, "", "Token: whether it says whom it is for."),
    fact("has_iss", FactType::Bool, "", "Token: whether it says who issued it."),
    fact("has_jti", FactType::Bool, "", "Token: whether it has an id of its own."),
    fact("has_kid", FactType::Bool, "", "Token: whether its header names a key."),
];
