//! What the private S3 store does with objects, and what it says of its bucket. Who may ask is
//! decided before.

use std::sync::{Arc, MutexGuard, PoisonError};

use s3s::dto::*;
use s3s::{Body, S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};

use super::{BUCKET, Objects, S3Fault, S3Options, Version};

/// Larger objects are not taken.
const LARGEST: usize = 16 * 1024 * 1024;

pub(super) struct Store {
    options: Arc<S3Options>,
    objects: Objects,
}

impl Store {
    pub(super) fn new(options: &Arc<S3Options>, objects: &Objects) -> Store {
        Store { options: Arc::clone(options), objects: Arc::clone(objects) }
    }

    fn wrong(&self, fault: S3Fault) -> bool {
        self.options.faults.contains(&fault)
    }

    fn versioned(&self) -> bool {
        self.options.versioning.as_deref() == Some("Enabled")
    }

    fn encryption(&self) -> Option<ServerSideEncryption> {
        self.options.encryption.clone().map(ServerSideEncryption::from)
    }

    fn objects(&self) -> MutexGuard<'_, std::collections::BTreeMap<String, Vec<Version>>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a version on top; without versioning it takes the place of what was there.
    fn keep(&self, key: &str, bytes: Option<Vec<u8>>) -> Option<String> {
        let mut objects = self.objects();
        let versions = objects.entry(key.to_owned()).or_default();
        if !self.versioned() {
            versions.clear();
            versions.extend(bytes.map(|bytes| Version { id: String::new(), bytes: Some(bytes) }));
            return None;
        }
        let id = crate::launch::password().ok()?;
        versions.push(Version { id: id.clone(), bytes });
        Some(id)
    }
}

fn known(bucket: &str) -> S3Result<()> {
    if bucket == BUCKET { Ok(()) } else { Err(s3_error!(NoSuchBucket)) }
}

/// Not a digest, but different for different bytes; clients must not read anything into it.
fn tag(bytes: &[u8]) -> ETag {
    let sum = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    ETag::Strong(format!("{sum:032x}"))
}

fn none(code: &'static str) -> S3Error {
    let mut error = S3Error::new(S3ErrorCode::Custom(code.into()));
    error.set_status_code(hyper::StatusCode::NOT_FOUND);
    error
}

#[async_trait::async_trait]
impl S3 for Store {
    async fn put_object(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let PutObjectInput { bucket, key, body, .. } = request.input;
        known(&bucket)?;
        let mut body = Body::from(body.ok_or_else(|| s3_error!(MissingRequestBodyError))?);
        let taken = body.store_all_limited(LARGEST).await.map_err(|_| s3_error!(EntityTooLarge))?;
        let mut bytes = taken.to_vec();
        let e_tag = Some(tag(&bytes));
        if self.wrong(S3Fault::ChangesBytes)
            && let Some(last) = bytes.last_mut()
        {
            *last ^= 1;
        }
        let version_id = match self.wrong(S3Fault::LosesWrites) {
            true => None,
            false => self.keep(&key, Some(bytes)),
        };
        let server_side_encryption = self.encryption();
        Ok(S3Response::new(PutObjectOutput {
            e_tag,
            version_id,
            server_side_encryption,
            ..Default::default()
        }))
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let GetObjectInput { bucket, key, .. } = request.input;
        known(&bucket)?;
        let newest = self.objects().get(&key).and_then(|versions| versions.last().cloned());
        let bytes = newest.and_then(|version| version.bytes).ok_or_else(|| s3_error!(NoSuchKey))?;
        let e_tag = match self.wrong(S3Fault::ChangesEtag) {
            true => tag(b"other"),
            false => tag(&bytes),
        };
        Ok(S3Response::new(GetObjectOutput {
            content_length: i64::try_from(bytes.len()).ok(),
            body: Some(StreamingBlob::from(Body::from(bytes))),
            e_tag: Some(e_tag),
            server_side_encryption: self.encryption(),
            ..Default::default()
        }))
    }

    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let HeadObjectInput { bucket, key, .. } = request.input;
        known(&bucket)?;
        let newest = self.objects().get(&key).and_then(|versions| versions.last().cloned());
        let bytes = newest.and_then(|version| version.bytes).ok_or_else(|| s3_error!(NoSuchKey))?;
        Ok(S3Response::new(HeadObjectOutput {
            content_length: i64::try_from(bytes.len()).ok(),
            e_tag: Some(tag(&bytes)),
            ..Default::default()
        }))
    }

    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        known(&request.input.bucket)?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let DeleteObjectInput { bucket, key, version_id, .. } = request.input;
        known(&bucket)?;
        let mut output = DeleteObjectOutput { version_id: version_id.clone(), ..Default::default() };
        match version_id {
            Some(id) => {
                let id = if id == "null" { String::new() } else { id };
                self.objects().entry(key).or_default().retain(|version| version.id != id);
            }
            None if self.wrong(S3Fault::KeepsDeleted) => {}
            None => {
                output.version_id = self.keep(&key, None);
                output.delete_marker = Some(output.version_id.is_some());
            }
        }
        Ok(S3Response::with_status(output, hyper::StatusCode::NO_CONTENT))
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let ListObjectsV2Input { bucket, prefix, .. } = request.input;
        known(&bucket)?;
        let start = prefix.clone().unwrap_or_default();
        let objects = self.objects();
        let there =
            objects.iter().filter(|(key, _)| key.starts_with(&start) && !self.wrong(S3Fault::ListsNothing));
        let there = there.filter_map(|(key, versions)| {
            let bytes = versions.last()?.bytes.as_ref()?;
            let (key, size) = (Some(key.clone()), i64::try_from(bytes.len()).ok());
            Some(Object { key, size, e_tag: Some(tag(bytes)), ..Default::default() })
        });
        let contents: Vec<Object> = there.collect();
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(bucket),
            prefix,
            key_count: i32::try_from(contents.len()).ok(),
            contents: Some(contents),
            ..Default::default()
        }))
    }

    async fn list_object_versions(
        &self,
        request: S3Request<ListObjectVersionsInput>,
    ) -> S3Result<S3Response<ListObjectVersionsOutput>> {
        let ListObjectVersionsInput { bucket, prefix, .. } = request.input;
        known(&bucket)?;
        let start = prefix.clone().unwrap_or_default();
        let (mut versions, mut marks) = (Vec::new(), Vec::new());
        for (key, all) in self.objects().iter().filter(|(key, _)| key.starts_with(&start)) {
            for one in all {
                let id = if one.id.is_empty() { "null" } else { &one.id };
                let (key, version_id) = (Some(key.clone()), Some(id.to_owned()));
                match one.bytes {
                    Some(_) => versions.push(ObjectVersion { key, version_id, ..Default::default() }),
                    None => marks.push(DeleteMarkerEntry { key, version_id, ..Default::default() }),
                }
            }
        }
        Ok(S3Response::new(ListObjectVersionsOutput {
            name: Some(bucket),
            prefix,
            versions: Some(versions),
            delete_markers: Some(marks),
            ..Default::default()
        }))
    }

    async fn get_bucket_location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> S3Result<S3Response<GetBucketLocationOutput>> {
        known(&request.input.bucket)?;
        let location_constraint = self.options.region.clone().map(BucketLocationConstraint::from);
        Ok(S3Response::new(GetBucketLocationOutput { location_constraint }))
    }

    async fn get_bucket_versioning(
        &self,
        request: S3Request<GetBucketVersioningInput>,
    ) -> S3Result<S3Response<GetBucketVersioningOutput>> {
        known(&request.input.bucket)?;
        let status = self.options.versioning.clone().map(BucketVersioningStatus::from);
        Ok(S3Response::new(GetBucketVersioningOutput { status, ..Default::default() }))
    }

    async fn get_bucket_encryption(
        &self,
        request: S3Request<GetBucketEncryptionInput>,
    ) -> S3Result<S3Response<GetBucketEncryptionOutput>> {
        known(&request.input.bucket)?;
        let sse_algorithm =
            self.encryption().ok_or_else(|| none("ServerSideEncryptionConfigurationNotFoundError"))?;
        let by_default = ServerSideEncryptionByDefault { kms_master_key_id: None, sse_algorithm };
        let rule = ServerSideEncryptionRule {
            apply_server_side_encryption_by_default: Some(by_default),
            ..Default::default()
        };
        Ok(S3Response::new(GetBucketEncryptionOutput {
            server_side_encryption_configuration: Some(ServerSideEncryptionConfiguration {
                rules: vec![rule],
            }),
        }))
    }

    async fn get_public_access_block(
        &self,
        request: S3Request<GetPublicAccessBlockInput>,
    ) -> S3Result<S3Response<GetPublicAccessBlockOutput>> {
        known(&request.input.bucket)?;
        if !self.options.blocked {
            return Err(none("NoSuchPublicAccessBlockConfiguration"));
        }
        let all = PublicAccessBlockConfiguration {
            block_public_acls: Some(true),
            block_public_policy: Some(true),
            ignore_public_acls: Some(true),
            restrict_public_buckets: Some(true),
        };
        Ok(S3Response::new(GetPublicAccessBlockOutput { public_access_block_configuration: Some(all) }))
    }

    async fn get_bucket_policy_status(
        &self,
        request: S3Request<GetBucketPolicyStatusInput>,
    ) -> S3Result<S3Response<GetBucketPolicyStatusOutput>> {
        known(&request.input.bucket)?;
        if self.options.public.is_empty() {
            return Err(none("NoSuchBucketPolicy"));
        }
        let policy_status = Some(PolicyStatus { is_public: Some(true) });
        Ok(S3Response::new(GetBucketPolicyStatusOutput { policy_status }))
    }

    async fn get_bucket_lifecycle_configuration(
        &self,
        request: S3Request<GetBucketLifecycleConfigurationInput>,
    ) -> S3Result<S3Response<GetBucketLifecycleConfigurationOutput>> {
        known(&request.input.bucket)?;
        if self.options.lifecycle_rules == 0 {
            return Err(none("NoSuchLifecycleConfiguration"));
        }
        let rule = |number| LifecycleRule {
            abort_incomplete_multipart_upload: None,
            expiration: Some(LifecycleExpiration { days: Some(30), ..Default::default() }),
            filter: None,
            id: Some(format!("rule-{number}")),
            noncurrent_version_expiration: None,
            noncurrent_version_transitions: None,
            prefix: Some(String::new()),
            status: ExpirationStatus::from_static(ExpirationStatus::ENABLED),
            transitions: None,
        };
        let rules = (1..=self.options.lifecycle_rules).map(rule).collect();
        Ok(S3Response::new(GetBucketLifecycleConfigurationOutput {
            rules: Some(rules),
            ..Default::default()
        }))
    }
}
