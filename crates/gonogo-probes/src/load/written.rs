//! What the parameters of all probes of this family have in common, as it is written. It knows no probe.

use gonogo_model::catalog::{TargetKind, TargetParameter};

/// The parameters that name further targets.
pub(super) const OTHERS: &[TargetParameter] = &[
    TargetParameter { name: "others", kinds: &[TargetKind::Http] },
    TargetParameter { name: "fleet", kinds: &[TargetKind::Nats] },
];

/// The parameters of a probe: its own, then those that all have. It is a macro because what serde
/// flattens knows neither unknown keys nor the lines of mistakes.
macro_rules! written {
    ($name:tt { $($own:tt)* }) => {
        #[derive(serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        #[schemars(rename = $name)]
        struct Written {
            $($own)*
            /// Who walks: tiers of users, each with its `steps`.
            tiers: Vec<$crate::load::tiers::WrittenTier>,
            /// How long what is under way at the end may take before it is cut off, at most 5m.
            #[serde(default = "crate::load::limits::ten_seconds")]
            grace: gonogo_model::amount::Wait,
            /// Whether each request has a connection of its own.
            #[serde(default)]
            connection_per_request: bool,
            /// Whether requests are sent in HTTP/2, over TLS or in the clear; WebSockets never are.
            #[serde(default)]
            http2: bool,
            /// A PEM file with certificates to trust besides Mozilla's roots, from the folder of the spec.
            ca: Option<std::path::PathBuf>,
            /// When the generator itself is the bottleneck, so that the look is an ERROR.
            #[serde(default)]
            generator: $crate::load::limits::Generator,
            /// Further http targets that steps name with `at`.
            #[serde(default)]
            others: Vec<String>,
            /// The nats target at which workers on other machines wait, over which the load is spread.
            fleet: Option<String>,
            /// How many workers it takes; each gets a part of the users.
            workers: Option<u64>,
            /// What only the workers know too, at least 32 characters: `${GONOGO_WORKER_SECRET}`.
            fleet_secret: Option<String>,
            /// How long workers may take to come; 30 s when absent.
            fleet_wait: Option<gonogo_model::amount::Wait>,
        }

        impl Written {
            /// What they make. Each probe says in words of its own what the limits are.
            fn setup(&mut self) -> Result<$crate::load::setup::Setup, String> {
                Ok($crate::load::setup::Setup {
                    others: std::mem::take(&mut self.others),
                    tiers: std::mem::take(&mut self.tiers).try_into()?,
                    cap: self.cap.clone().try_into()?,
                    abort_above: f64::from(self.abort_above.hundredths()) / 10_000.0,
                    grace: $crate::load::limits::grace(self.grace)?,
                    connection_per_request: self.connection_per_request,
                    http2: self.http2,
                    ca: self.ca.take(),
                    generator: self.generator,
                    fleet: $crate::load::fleet::Wanted::read(
                        self.fleet.take(),
                        self.workers.take(),
                        self.fleet_secret.take(),
                        self.fleet_wait.take(),
                    )?,
                })
            }
        }
    };
}

pub(super) use written;
