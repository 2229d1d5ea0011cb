//! How a bucket is set up, as far as the user may know: each setting is one question, and what is
//! not answered stays absent.

use futures_util::future::join_all;
use gonogo_model::fact::Item;

use super::answer::{code, text, texts};
use super::place::{As, Place};
use crate::tools::http::Answer;

/// The four parts of a block of public access.
const BLOCKS: [&str; 4] =
    ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/// Adds what the store says of its bucket.
pub(super) async fn read(place: &Place, item: Item) -> Item {
    let asked = ["location", "versioning", "encryption", "publicAccessBlock", "policyStatus", "lifecycle"];
    let answers = join_all(asked.map(|query| place.read(As::User, query))).await;
    let answers: Vec<Option<Answer>> = answers.into_iter().map(Result::ok).collect();
    let [location, versioning, encryption, block, policy, lifecycle] = answers.as_slice() else {
        return item;
    };
    item.fact_if_known("region", location.as_ref().and_then(region))
        .fact_if_known("versioning", versioning.as_ref().and_then(versions))
        .fact_if_known("encryption", encryption.as_ref().and_then(algorithm))
        .fact_if_known("public_access_blocked", block.as_ref().and_then(blocked))
        .fact_if_known("public_policy", policy.as_ref().and_then(public))
        .fact_if_known("lifecycle_rules", lifecycle.as_ref().and_then(rules))
}

/// The answer, when the store does have this setting.
fn given(answer: &Answer) -> Option<&Answer> {
    Some(answer).filter(|answer| answer.status.is_success())
}

/// Whether the store says that there is nothing of that kind.
fn says(answer: &Answer, codes: &[&str]) -> bool {
    code(answer).is_some_and(|code| codes.contains(&code.as_str()))
}

fn region(answer: &Answer) -> Option<String> {
    let place = text(given(answer)?, "LocationConstraint")?;
    // The first region of all has no name here.
    Some(if place.is_empty() { "us-east-1".to_owned() } else { place })
}

fn versions(answer: &Answer) -> Option<String> {
    let there = given(answer)?;
    // A store that does not know the question may answer with a list.
    text(there, "VersioningConfiguration")?;
    Some(text(there, "Status").map_or_else(|| "off".to_owned(), |status| status.to_lowercase()))
}

fn algorithm(answer: &Answer) -> Option<String> {
    if says(answer, &["ServerSideEncryptionConfigurationNotFoundError"]) {
        return Some("none".to_owned());
    }
    text(given(answer)?, "SSEAlgorithm")
}

fn blocked(answer: &Answer) -> Option<bool> {
    if says(answer, &["NoSuchPublicAccessBlockConfiguration"]) {
        return Some(false);
    }
    let there = given(answer)?;
    text(there, "PublicAccessBlockConfiguration")?;
    Some(BLOCKS.iter().all(|block| text(there, block).as_deref() == Some("true")))
}

fn public(answer: &Answer) -> Option<bool> {
    if says(answer, &["NoSuchBucketPolicy"]) {
        return Some(false);
    }
    text(given(answer)?, "IsPublic").map(|public| public.eq_ignore_ascii_case("true"))
}

fn rules(answer: &Answer) -> Option<usize> {
    if says(answer, &["NoSuchLifecycleConfiguration"]) {
        return Some(0);
    }
    let there = given(answer)?;
    text(there, "LifecycleConfiguration")?;
    // Each rule has one status; those that are switched off do nothing.
    Some(texts(&there.body, "Status").iter().filter(|status| *status == "Enabled").count())
}
