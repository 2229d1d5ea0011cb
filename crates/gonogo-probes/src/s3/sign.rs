//! Signatures of requests to object stores (AWS Signature Version 4), in headers or in the address.
//! The computing is that of `aws-sigv4`; here is what S3 wants different from other services. It
//! sends nothing.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use url::Url;

/// Whose signature it is, for which region, and when.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Of credentials that end soon.
    pub(crate) token: Option<String>,
    pub(crate) region: String,
}

impl Signer {
    /// The headers that a request with these headers and this body must have besides.
    pub(crate) fn headers(
        &self,
        (method, url): (&str, &Url),
        headers: &[(&str, &str)],
        body: &[u8],
        at: SystemTime,
    ) -> Result<Vec<(&'static str, String)>, String> {
        let body = SignableBody::Bytes(body);
        let signed = self.signed((method, url), headers, body, at, settings(None))?;
        let (headers, _) = signed.into_parts();
        Ok(headers.iter().map(|header| (header.name(), header.value().to_owned())).collect())
    }

    /// The address with which whoever has it may ask for `valid` from `at`.
    pub(crate) fn presigned(
        &self,
        (method, url): (&str, &Url),
        valid: Duration,
        at: SystemTime,
    ) -> Result<Url, String> {
        let body = SignableBody::UnsignedPayload;
        let signed = self.signed((method, url), &[], body, at, settings(Some(valid)))?;
        let mut url = url.clone();
        url.query_pairs_mut().extend_pairs(signed.into_parts().1);
        Ok(url)
    }

    fn signed(
        &self,
        (method, url): (&str, &Url),
        headers: &[(&str, &str)],
        body: SignableBody<'_>,
        at: SystemTime,
        settings: SigningSettings,
    ) -> Result<SigningInstructions, String> {
        let wrong = |error: &dyn std::fmt::Display| format!("the request cannot be signed ({error})");
        let keys = Credentials::new(&self.id, &self.secret, self.token.clone(), None, "gonogo").into();
        let params = v4::SigningParams::builder().identity(&keys).region(&self.region).name("s3").time(at);
        let params = params.settings(settings).build().map_err(|error| wrong(&error))?.into();
        let request = SignableRequest::new(method, url.as_str(), headers.iter().copied(), body);
        let signed = request.and_then(|request| sign(request, &params)).map_err(|error| wrong(&error))?;
        Ok(signed.into_parts().0)
    }
}

/// Of S3: the path is signed as it is sent, and the digest of the body goes along.
fn settings(in_address: Option<Duration>) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    match in_address {
        None => settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256,
        Some(valid) => {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(valid);
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of "Authenticating Requests (AWS Signature Version 4)" in the S3 API reference.
    fn signer() -> Signer {
        Signer {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            token: None,
            region: "us-east-1".into(),
        }
    }

    fn at() -> SystemTime {
        // 2013-05-24T00:00:00Z
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_369_353_600)
    }

    fn signature(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
        let url = Url::parse(&format!("https://examplebucket.s3.amazonaws.com{path}")).unwrap();
        let signed = signer().headers((method, &url), headers, body, at()).unwrap();
        let (_, header) = signed.iter().find(|(name, _)| *name == "authorization").unwrap();
        header.rsplit("Signature=").next().unwrap().to_owned()
    }

    #[test]
    fn signatures_in_headers_are_those_of_the_reference() {
        let range = [("range", "bytes=0-9")];
        assert_eq!(
            signature("GET", "/test.txt", &range, b""),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
        let date = [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")];
        assert_eq!(
            signature("PUT", "/test%24file.text", &date, b"Welcome to Amazon S3."),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        );
        assert_eq!(
            signature("GET", "/?lifecycle", &[], b""),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        );
        assert_eq!(
            signature("GET", "/?max-keys=2&prefix=J", &[], b""),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        );
    }

    #[test]
    fn the_signature_in_an_address_is_that_of_the_reference() {
        let url = Url::parse("https://examplebucket.s3.amazonaws.com/test.txt").unwrap();
        let signed = signer().presigned(("GET", &url), Duration::from_secs(86_400), at()).unwrap();
        let query: Vec<(String, String)> = signed.query_pairs().into_owned().collect();
        let of = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        assert_eq!(of("X-Amz-Expires"), Some("86400"));
        assert_eq!(
            of("X-Amz-Signature"),
            Some("aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
        );
        assert!(!signed.as_str().contains("wJalrXUtnFEMI"));
    }

    #[test]
    fn the_token_of_credentials_that_end_goes_along() {
        let url = Url::parse("http://127.0.0.1:9000/files/it").unwrap();
        let signer = Signer { token: Some("a-token".into()), ..signer() };
        let signed = signer.headers(("GET", &url), &[], b"", at()).unwrap();
        assert!(signed.contains(&("x-amz-security-token", "a-token".to_owned())));
    }
}
