//! How the issuers of keys and tokens write them. It knows forms, not whether one is real.

/// Where a pattern is tried once one of its marks was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Try {
    /// From so many bytes before the mark; the pattern says all of it.
    At(usize),
    /// Anywhere near the mark; the group `s` is the credential.
    Near,
}

/// What tells that a text of this form was really issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sure {
    /// Its last six characters are a checksum of those before.
    Checksum,
    /// Nothing else has this form.
    Form,
    /// Other things have this form, or it opens nothing alone.
    Not,
}

/// One form.
#[derive(Debug)]
pub(crate) struct Issued {
    /// What it is: `github-token`.
    pub(crate) kind: &'static str,
    /// Texts that each of them contains; one is enough to look closer.
    pub(crate) marks: &'static [&'static str],
    pub(crate) place: Try,
    /// A regular expression over bytes.
    pub(crate) pattern: &'static str,
    pub(crate) sure: Sure,
}

/// It starts with the mark, and nothing else does.
const fn starts(
    kind: &'static str,
    marks: &'static [&'static str],
    pattern: &'static str,
    sure: Sure,
) -> Issued {
    Issued { kind, marks, place: Try::At(0), pattern, sure }
}

const fn near(
    kind: &'static str,
    marks: &'static [&'static str],
    pattern: &'static str,
    sure: Sure,
) -> Issued {
    Issued { kind, marks, place: Try::Near, pattern, sure }
}

/// Every form.
pub(crate) const ISSUED: &[Issued] = &[
    // Code and packages
    starts(
        "github-token",
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        "gh[pousr]_[A-Za-z0-9]{36}",
        Sure::Checksum,
    ),
    starts("github-token", &["github_pat_"], "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}", Sure::Form),
    starts(
        "gitlab-token",
        &["glpat-", "gldt-", "glrt-", "glptt-", "glsoat-", "glft-", "glimt-", "glcbt-", "glagent-", "gloas-"],
        r"gl(?:pat|dt|rt|ptt|soat|ft|imt|cbt|agent|oas)-[A-Za-z0-9_-]{20,64}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7})?",
        Sure::Form,
    ),
    starts("npm-token", &["npm_"], "npm_[A-Za-z0-9]{36}", Sure::Checksum),
    starts(
        "pypi-token",
        &["pypi-AgE"],
        "pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZ)[A-Za-z0-9_-]{50,1000}",
        Sure::Form,
    ),
    starts("crates-token", &["cio"], "cio[A-Za-z0-9]{32}", Sure::Form),
    starts("rubygems-token", &["rubygems_"], "rubygems_[a-f0-9]{48}", Sure::Form),
    starts("docker-token", &["dckr_pat_"], "dckr_pat_[A-Za-z0-9_-]{27}", Sure::Form),
    starts("atlassian-token", &["ATATT3"], "ATATT3[A-Za-z0-9_=-]{186}", Sure::Form),
    starts("buildkite-token", &["bkua_"], "bkua_[a-f0-9]{40}", Sure::Form),
    starts("circleci-token", &["CCIPAT_"], "CCIPAT_[A-Za-z0-9]{22}_[a-f0-9]{40}", Sure::Form),
    starts("sonar-token", &["squ_", "sqp_", "sqa_"], "sq[upa]_[a-f0-9]{40}", Sure::Form),
    // Clouds
    starts("aws-access-key-id", &["AKIA", "ASIA"], "A[KS]IA[A-Z2-7]{16}", Sure::Not),
    near(
        "aws-secret-key",
        &["secret_access_key", "secretaccesskey", "aws_secret", "secret-access-key"],
        r#"(?i)(?:aws_?secret|secret[_-]?access)[_-]?(?:access[_-]?)?key["']?\s{0,8}(?:=>|:=|[=:,])\s{0,8}["']?(?P<s>[A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)"#,
        Sure::Form,
    ),
    starts("google-api-key", &["AIza"], "AIza[A-Za-z0-9_-]{35}", Sure::Not),
    starts("google-client-secret", &["GOCSPX-"], "GOCSPX-[A-Za-z0-9_-]{28}", Sure::Not),
    near("azure-storage-key", &["AccountKey="], "AccountKey=(?P<s>[A-Za-z0-9+/]{86}==)", Sure::Form),
    Issued {
        kind: "azure-client-secret",
        marks: &["Q~"],
        place: Try::At(4),
        pattern: "[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}",
        sure: Sure::Form,
    },
    Issued {
        kind: "azure-devops-token",
        marks: &["AZDO"],
        place: Try::At(76),
        pattern: "[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}",
        sure: Sure::Form,
    },
    starts("digitalocean-token", &["dop_v1_", "doo_v1_", "dor_v1_"], "do[opr]_v1_[a-f0-9]{64}", Sure::Form),
    starts("databricks-token", &["dapi"], "dapi[a-f0-9]{32}(?:-[0-9])?", Sure::Form),
    starts("vault-token", &["hvs."], r"hvs\.[A-Za-z0-9_-]{90,200}", Sure::Form),
    Issued {
        kind: "terraform-token",
        marks: &[".atlasv1."],
        place: Try::At(14),
        pattern: r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}",
        sure: Sure::Form,
    },
    starts(
        "doppler-token",
        &["dp.pt.", "dp.st.", "dp.ct.", "dp.sa."],
        r"dp\.(?:pt|st|ct|sa)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}",
        Sure::Form,
    ),
    starts("pulumi-token", &["pul-"], "pul-[a-f0-9]{40}", Sure::Form),
    starts(
        "tailscale-key",
        &["tskey-"],
        "tskey-[a-z]{3,10}-[A-Za-z0-9]{10,20}CNTRL-[A-Za-z0-9]{20,40}",
        Sure::Form,
    ),
    starts("heroku-key", &["HRKU-AA"], "HRKU-AA[A-Za-z0-9_-]{58}", Sure::Form),
    starts("netlify-token", &["nfp_"], "nfp_[A-Za-z0-9]{36}", Sure::Form),
    starts("planetscale-token", &["pscale_"], r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}", Sure::Form),
    starts("supabase-token", &["sbp_"], "sbp_[a-f0-9]{40}", Sure::Form),
    starts("supabase-token", &["sb_secret_"], "sb_secret_[A-Za-z0-9_-]{31}", Sure::Form),
    near(
        "cloudflare-origin-key",
        &["v1.0-"],
        r"(?:^|[^A-Za-z0-9])(?P<s>v1\.0-[a-f0-9]{24}-[a-f0-9]{146})",
        Sure::Form,
    ),
    // Models
    near(
        "openai-key",
        &["T3BlbkFJ"],
        "(?:^|[^A-Za-z0-9_-])(?P<s>sk-(?:(?:proj|svcacct|admin)-)?[A-Za-z0-9_-]{20,74}T3BlbkFJ[A-Za-z0-9_-]{20,74})",
        Sure::Form,
    ),
    starts(
        "anthropic-key",
        &["sk-ant-"],
        "sk-ant-(?:api|admin|oat|ort)[0-9]{2}-[A-Za-z0-9_-]{93}AA",
        Sure::Form,
    ),
    starts("huggingface-token", &["hf_"], "hf_[A-Za-z]{34}", Sure::Form),
    starts("groq-key", &["gsk_"], "gsk_[A-Za-z0-9]{52}", Sure::Form),
    starts("xai-key", &["xai-"], "xai-[A-Za-z0-9]{80}", Sure::Form),
    starts("replicate-token", &["r8_"], "r8_[A-Za-z0-9]{37}", Sure::Form),
    starts("perplexity-key", &["pplx-"], "pplx-[A-Za-z0-9]{48}", Sure::Form),
    // Money
    starts("stripe-live-key", &["sk_live_", "rk_live_"], "[sr]k_live_[A-Za-z0-9]{24,120}", Sure::Form),
    starts("stripe-webhook-secret", &["whsec_"], "whsec_[A-Za-z0-9]{32}", Sure::Not),
    starts(
        "shopify-token",
        &["shpat_", "shpca_", "shppa_", "shpss_"],
        "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
        Sure::Form,
    ),
    starts("square-secret", &["sq0csp-"], "sq0csp-[A-Za-z0-9_-]{43}", Sure::Form),
    // Mail and messages
    starts(
        "slack-token",
        &["xoxb-", "xoxp-", "xoxa-", "xoxe-", "xoxr-", "xoxs-"],
        "xox[bpares]-(?:[0-9]{10,13}-){1,3}[A-Za-z0-9-]{20,120}",
        Sure::Form,
    ),
    starts("slack-token", &["xapp-"], "xapp-[0-9]-[A-Z0-9]{8,16}-[0-9]{8,16}-[a-z0-9]{60,70}", Sure::Form),
    near(
        "slack-webhook",
        &["hooks.slack.com/services/"],
        "hooks[.]slack[.]com/services/(?P<s>T[A-Z0-9]{7,11}/B[A-Z0-9]{7,12}/[A-Za-z0-9]{23,25})",
        Sure::Form,
    ),
    near(
        "discord-webhook",
        &["/api/webhooks/"],
        "discord(?:app)?[.]com/api/webhooks/(?P<s>[0-9]{17,20}/[A-Za-z0-9_-]{60,72})",
        Sure::Form,
    ),
    near(
        "teams-webhook",
        &[".webhook.office.com/webhookb2/"],
        "webhook[.]office[.]com/webhookb2/(?P<s>[a-f0-9-]{36}@[a-f0-9-]{36}/IncomingWebhook/[a-f0-9]{32})",
        Sure::Form,
    ),
    near(
        "telegram-bot-token",
        &[":AA"],
        "(?:^|[^A-Za-z0-9])(?:bot)?(?P<s>[0-9]{8,10}:AA[A-Za-z0-9_-]{33})(?:[^A-Za-z0-9_-]|$)",
        Sure::Form,
    ),
    near(
        "discord-bot-token",
        &["discord", "token"],
        "(?:^|[^A-Za-z0-9_-])(?P<s>[MNO][A-Za-z0-9_-]{23,27}[.][A-Za-z0-9_-]{6}[.][A-Za-z0-9_-]{27,38})(?:[^A-Za-z0-9_-]|$)",
        Sure::Form,
    ),
    starts("sendgrid-key", &["SG."], r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}", Sure::Form),
    near(
        "twilio-auth-token",
        &["twilio"],
        r#"(?i)twilio[\w. -]{0,20}(?:token|secret)[\w.-]{0,10}["']?\s{0,4}(?:=>|:=|[=:,])\s{0,4}["']?(?P<s>[0-9a-f]{32})(?:[^0-9a-z]|$)"#,
        Sure::Form,
    ),
    Issued {
        kind: "mailchimp-key",
        marks: &["-us"],
        place: Try::At(32),
        pattern: "[0-9a-f]{32}-us[0-9]{1,2}",
        sure: Sure::Form,
    },
    starts("brevo-key", &["xkeysib-"], "xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", Sure::Form),
    // Watching, writing, planning
    starts("grafana-token", &["glsa_"], "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}", Sure::Form),
    starts("newrelic-key", &["NRAK-"], "NRAK-[A-Z0-9]{27}", Sure::Form),
    starts("sentry-token", &["sntryu_"], "sntryu_[a-f0-9]{64}", Sure::Form),
    starts("dynatrace-token", &["dt0c01."], r"dt0c01\.[A-Z2-7]{24}\.[A-Z2-7]{64}", Sure::Form),
    starts("postman-key", &["PMAK-"], "PMAK-[a-f0-9]{24}-[a-f0-9]{34}", Sure::Form),
    starts("linear-key", &["lin_api_"], "lin_api_[A-Za-z0-9]{40}", Sure::Form),
    starts("notion-token", &["ntn_"], "ntn_[0-9]{11}[A-Za-z0-9]{35}", Sure::Form),
    starts("figma-token", &["figd_"], "figd_[A-Za-z0-9_-]{40}", Sure::Form),
    near(
        "airtable-token",
        &["airtable", "token", "key"],
        "(?:^|[^A-Za-z0-9_.-])(?P<s>pat[A-Za-z0-9]{14}[.][a-f0-9]{64})(?:[^A-Za-z0-9]|$)",
        Sure::Form,
    ),
    starts("onepassword-token", &["ops_eyJ"], "ops_eyJ[A-Za-z0-9+/=_-]{250,2000}", Sure::Form),
    starts(
        "age-secret-key",
        &["AGE-SECRET-KEY-1"],
        "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
        Sure::Checksum,
    ),
    // What many issue
    starts(
        "jwt",
        &["eyJ"],
        r"eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000}",
        Sure::Not,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one_and_has_its_group() {
        for issued in ISSUED {
            let pattern = regex::bytes::Regex::new(&format!("(?-u){}", issued.pattern)).unwrap();
            let has_group = pattern.capture_names().any(|name| name == Some("s"));
            assert_eq!(has_group, issued.place == Try::Near, "{}", issued.kind);
            assert!(issued.marks.iter().all(|mark| !mark.is_empty()), "{}", issued.kind);
        }
    }
}
