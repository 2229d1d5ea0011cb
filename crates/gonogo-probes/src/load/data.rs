//! Rows that are dealt out to users, as written.

use gonogo_load::Data;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::context::Context;
use crate::probe::Unmeasured;
use crate::redact::says_secret;

/// Rows, as written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct WrittenData {
    /// The names of the columns.
    #[serde(default)]
    columns: Vec<String>,
    /// The rows. After the last the first is dealt out again.
    #[serde(default)]
    rows: Vec<Vec<Value>>,
}

impl WrittenData {
    pub(super) fn check(&self) -> Result<(), String> {
        let width = self.columns.len();
        match self.rows.iter().position(|row| row.len() != width) {
            Some(at) => {
                Err(format!("row {} of `data` has not one value for each of {width} columns", at + 1))
            }
            None if self.rows.is_empty() && width > 0 => Err("`data` has columns and no rows".to_owned()),
            None => Ok(()),
        }
    }

    /// The rows, once the secrets among them are made known.
    pub(super) fn read(&self, context: &Context) -> Result<Data, Unmeasured> {
        for row in &self.rows {
            for (column, value) in self.columns.iter().zip(row) {
                if let Some(text) = value.as_str().filter(|_| says_secret(column)) {
                    context.secrets.learn(column, text);
                }
            }
        }
        Ok(Data { columns: self.columns.clone(), rows: self.rows.clone() })
    }
}
