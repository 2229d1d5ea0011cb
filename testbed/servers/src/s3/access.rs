//! Who may do what at the private S3 store: its user with a signature, everybody what is public.

use std::sync::Arc;

use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use super::{S3Fault, S3Options, S3Public};

/// The only user.
pub(super) struct User {
    id: String,
    key: SecretKey,
}

impl User {
    pub(super) fn new(id: &str, key: &str) -> User {
        User { id: id.to_owned(), key: SecretKey::from(key) }
    }
}

#[async_trait::async_trait]
impl S3Auth for User {
    async fn get_secret_key(&self, id: &str) -> S3Result<SecretKey> {
        match id == self.id {
            true => Ok(self.key.clone()),
            false => Err(s3_error!(InvalidAccessKeyId)),
        }
    }
}

/// What its policies say.
pub(super) struct Policy {
    options: Arc<S3Options>,
}

impl Policy {
    pub(super) fn of(options: &Arc<S3Options>) -> Policy {
        Policy { options: Arc::clone(options) }
    }

    fn signed(&self, context: &S3AccessContext<'_>) -> S3Result<()> {
        let operation = context.s3_op().name();
        let query = context.uri().query().unwrap_or_default();
        let refused = |fault| self.options.faults.contains(&fault);
        let denied = match operation {
            "PutObject" => refused(S3Fault::RefusesWrites),
            "DeleteObject" if query.contains("versionId=") => refused(S3Fault::KeepsVersions),
            "DeleteObject" => refused(S3Fault::RefusesDeletes),
            "GetObject" => refused(S3Fault::RefusesPresigned) && query.contains("X-Amz-Signature="),
            "ListObjectsV2" => false,
            _ => refused(S3Fault::HidesSettings),
        };
        match denied {
            true => Err(s3_error!(AccessDenied)),
            false => self.region(context),
        }
    }

    fn region(&self, context: &S3AccessContext<'_>) -> S3Result<()> {
        let Some(region) = &self.options.region else { return Ok(()) };
        let header = context.headers().get("authorization").and_then(|value| value.to_str().ok());
        let scope = format!("/{region}/s3/aws4_request");
        let query = context.uri().query().unwrap_or_default().replace("%2F", "/");
        match header.is_some_and(|header| header.contains(&scope)) || query.contains(&scope) {
            true => Ok(()),
            // What AWS says; the region stands in the text only, as `s3s` writes no more elements.
            false => Err(S3Error::with_message(
                S3ErrorCode::AuthorizationHeaderMalformed,
                format!("the region is wrong; expecting '{region}'"),
            )),
        }
    }
}

#[async_trait::async_trait]
impl S3Access for Policy {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if context.credentials().is_some() {
            return self.signed(context);
        }
        let needed = match context.s3_op().name() {
            "GetObject" => S3Public::Read,
            "ListObjectsV2" => S3Public::List,
            "PutObject" => S3Public::Write,
            _ => return Err(s3_error!(AccessDenied)),
        };
        match self.options.public.contains(&needed) {
            true => Ok(()),
            false => Err(s3_error!(AccessDenied)),
        }
    }
}
