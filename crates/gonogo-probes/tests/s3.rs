//! Nothing of ours stays in a bucket: not after a look, and not when a look is cut off at any moment.
//! What is left is asked of the store itself, not of the probe.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gonogo_model::catalog::TargetKind;
use gonogo_probes::{Context, Environment, Reach, Redactor, Target, find};
use serde_json::json;
use testbed_servers::{S3, S3Options, S3Public};

fn context(store: &S3) -> Context {
    let keys = [("AWS_ACCESS_KEY_ID", store.access_key()), ("AWS_SECRET_ACCESS_KEY", store.secret_key())];
    Context {
        target: Some(Target { name: "it".into(), kind: TargetKind::S3, address: store.url() }),
        others: BTreeMap::new(),
        environment: Environment::new(keys.map(|(name, value)| (name.to_owned(), value.to_owned()))),
        folder: std::env::temp_dir(),
        reach: Reach::default(),
        secrets: Arc::new(Redactor::default()),
        repositories: Arc::default(),
        sinks: Arc::default(),
        afterwards: Arc::default(),
        live: gonogo_probes::Live::default(),
    }
}

fn open(versioning: Option<&str>, delay: u64) -> S3Options {
    S3Options {
        versioning: versioning.map(str::to_owned),
        public: vec![S3Public::Write],
        delay: Duration::from_millis(delay),
        ..S3Options::default()
    }
}

#[tokio::test]
async fn nothing_is_left_after_a_look() {
    for versioning in [None, Some("Enabled"), Some("Suspended")] {
        let store = S3::start(open(versioning, 0)).unwrap();
        let looked = find("s3/bucket").unwrap().look(&context(&store), json!({})).await.unwrap();
        assert_eq!(looked.items[0].facts["anonymous_write"], true);
        assert_eq!(store.kept(), Vec::<String>::new(), "{versioning:?}");
    }
}

#[tokio::test]
async fn nothing_is_left_when_a_look_is_cut_off() {
    let (mut cut, mut done) = (0, 0);
    for moment in (20..=320).step_by(20) {
        let store = S3::start(open(Some("Enabled"), 15)).unwrap();
        let context = context(&store);
        let look = find("s3/bucket").unwrap();
        let ended = tokio::time::timeout(Duration::from_millis(moment), look.look(&context, json!({}))).await;
        if ended.is_ok() {
            done += 1
        } else {
            cut += 1
        }
        context.afterwards.done(Duration::from_secs(20)).await;
        assert_eq!(store.kept(), Vec::<String>::new(), "cut off after {moment} ms");
    }
    assert!(cut >= 5, "the looks were too quick to be cut off: {cut} of {}", cut + done);
}
