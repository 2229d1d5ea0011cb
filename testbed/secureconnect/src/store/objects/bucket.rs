//! Objects in a bucket of an S3 store, over HTTP with signed addresses. It has no limit of time of its
//! own: that of the request for which it is asked holds.

use std::io;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use rusty_s3::{Credentials, S3Action, UrlStyle};
use tokio::time::timeout;
use url::Url;

use crate::config;

const DIAL_LIMIT: Duration = Duration::from_secs(2);
/// How long the health check waits for the store.
const PING_LIMIT: Duration = Duration::from_secs(1);
/// How long a signed address is good.
const SIGNED_FOR: Duration = Duration::from_secs(60);

/// The bucket, and who asks.
pub(super) struct Bucket {
    bucket: rusty_s3::Bucket,
    keys: Credentials,
    client: Client,
}

impl Bucket {
    pub(super) fn open(wanted: &config::Bucket) -> io::Result<Bucket> {
        let (endpoint, name) = split(&wanted.url)?;
        let bucket = rusty_s3::Bucket::new(endpoint, UrlStyle::Path, name, wanted.region.clone());
        let client = Client::builder().no_proxy().connect_timeout(DIAL_LIMIT).build();
        Ok(Bucket {
            bucket: bucket.map_err(io::Error::other)?,
            keys: Credentials::new(wanted.key_id.clone(), wanted.key.clone()),
            client: client.map_err(io::Error::other)?,
        })
    }

    /// Whether the store has this bucket and lets us in.
    pub(super) async fn ping(&self) -> bool {
        let asked = self.client.head(self.bucket.head_bucket(Some(&self.keys)).sign(SIGNED_FOR)).send();
        matches!(timeout(PING_LIMIT, asked).await, Ok(Ok(answer)) if answer.status().is_success())
    }

    pub(super) async fn put(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        let address = self.bucket.put_object(Some(&self.keys), key).sign(SIGNED_FOR);
        answered(self.client.put(address).body(bytes.to_vec())).await.map(|_| ())
    }

    pub(super) async fn get(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        let address = self.bucket.get_object(Some(&self.keys), key).sign(SIGNED_FOR);
        match answered(self.client.get(address)).await? {
            Some(answer) => Ok(Some(answer.bytes().await.map_err(io::Error::other)?.to_vec())),
            None => Ok(None),
        }
    }

    pub(super) async fn size(&self, key: &str) -> io::Result<Option<u64>> {
        let address = self.bucket.head_object(Some(&self.keys), key).sign(SIGNED_FOR);
        let Some(answer) = answered(self.client.head(address)).await? else { return Ok(None) };
        // An answer to HEAD has no body whose length could be asked for.
        let length = answer.headers().get("content-length").and_then(|length| length.to_str().ok());
        let length = length.and_then(|length| length.parse().ok());
        length.map(Some).ok_or_else(|| io::Error::other("the store does not say how long the object is"))
    }

    pub(super) async fn delete(&self, key: &str) -> io::Result<()> {
        let address = self.bucket.delete_object(Some(&self.keys), key).sign(SIGNED_FOR);
        answered(self.client.delete(address)).await.map(|_| ())
    }
}

/// The endpoint and the name of `http://HOST/BUCKET`.
fn split(url: &str) -> io::Result<(Url, String)> {
    let wrong = || io::Error::other("OBJECTS_URL must be an address such as https://store/bucket");
    let mut endpoint = Url::parse(url).map_err(|_| wrong())?;
    let name = endpoint.path().trim_matches('/').to_owned();
    endpoint.set_path("/");
    if name.is_empty() || name.contains('/') { Err(wrong()) } else { Ok((endpoint, name)) }
}

/// None when there is no such object. An error never carries the address, which is signed.
async fn answered(request: RequestBuilder) -> io::Result<Option<Response>> {
    let answer = request.send().await.map_err(|error| io::Error::other(error.without_url()))?;
    match answer.status() {
        StatusCode::NOT_FOUND => Ok(None),
        status if status.is_success() => Ok(Some(answer)),
        status => Err(io::Error::other(format!("the store answers {}", status.as_u16()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_endpoint_and_one_bucket() {
        let (endpoint, name) = split("http://127.0.0.1:9000/files").unwrap();
        assert_eq!((endpoint.as_str(), name.as_str()), ("http://127.0.0.1:9000/", "files"));
        for wrong in ["http://127.0.0.1:9000", "files", "http://127.0.0.1/a/b"] {
            assert!(split(wrong).unwrap_err().to_string().starts_with("OBJECTS_URL must be"), "{wrong}");
        }
    }
}
