//! Assertions: CEL over the facts of one item. Total and without side effects: the same
//! facts always give the same answer, and every way not to get one is an error with a reason.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::LazyLock;

use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, operators};
use cel::parser::PrattParser;
use cel::{Context, ExecutionError};

use crate::fact::Item;

mod arithmetic;
mod quick;

/// Longer assertions are refused: nobody can review them.
const LONGEST: usize = 2_000;

/// Names that CEL gives to types; a fact with such a name could not be told apart from the type.
pub const RESERVED: [&str; 10] =
    ["bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"];

/// An assertion that parsed.
#[derive(Debug, Clone)]
pub struct Expression {
    text: String,
    tree: Arc<IdedExpr>,
    quick: Option<Arc<quick::Quick>>,
    names: BTreeSet<String>,
    listed: BTreeSet<String>,
}

/// Why a text is not an assertion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Characters from the start of the text, when the parser gave a place.
    pub offset: Option<u32>,
}

/// Why an assertion gave no answer for an item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// A fact it names was not measured.
    #[error("the fact `{0}` was not measured")]
    Unmeasured(String),
    /// The answer is not true or false.
    #[error("the assertion gives {0}, not true or false")]
    NotBool(String),
    /// The operation is not defined for these values.
    #[error("the assertion cannot be computed: {0}")]
    Undefined(String),
}

/// What every assertion can call; made once, because it takes longer than most assertions.
static FUNCTIONS: LazyLock<Context<'static, 'static>> = LazyLock::new(|| {
    let mut context = Context::default();
    arithmetic::register(&mut context);
    context
});

impl Expression {
    /// Parses `text`.
    ///
    /// # Errors
    /// [`SyntaxError`] with the offset of the first thing that cannot be read.
    pub fn parse(text: &str) -> Result<Expression, SyntaxError> {
        let plain = |message: &str| SyntaxError { message: message.to_owned(), offset: None };
        if text.trim().is_empty() {
            return Err(plain("the assertion is empty"));
        }
        if text.len() > LONGEST {
            return Err(plain("the assertion is longer than 2,000 bytes; split it into several checks"));
        }
        if is_too_deep(text) {
            return Err(plain("the assertion is nested too deeply; split it into several checks"));
        }
        // The hand-written parser takes 1.5 µs for a usual assertion, the generated one 60 µs; a plan
        // of a thousand checks is to take less than 50 ms. Both give the same tree.
        let mut tree = PrattParser::default().parse(text).map_err(|errors| syntax_error(text, &errors))?;
        let names = tree.references().variables().into_iter().map(str::to_owned).collect();
        let names = without_bound_names(&tree, names);
        let listed = listed(&tree)?;
        rewrite(&mut tree);
        let quick = quick::Quick::of(&tree).map(Arc::new);
        Ok(Expression { text: text.to_owned(), tree: Arc::new(tree), quick, names, listed })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The facts it names, in alphabetical order.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// The facts it makes lists from, with `map` or `filter`. They must be lists themselves: a
    /// mapping has no order, and the answer must not depend on one.
    pub fn listed(&self) -> &BTreeSet<String> {
        &self.listed
    }

    /// Whether the assertion holds, for whoever asks very often: `find` gives the value of a fact.
    /// `None` where the assertion or the facts are unusual; [`Expression::holds`] has the answer then.
    pub fn quickly<'f>(&self, find: impl Fn(&str) -> Option<Cow<'f, serde_json::Value>>) -> Option<bool> {
        self.quick.as_ref()?.holds(&find)
    }

    /// Whether the assertion holds for the facts of `item`.
    ///
    /// # Errors
    /// [`EvaluationError`] when a fact it needs was not measured or has the wrong type.
    pub fn holds(&self, item: &Item) -> Result<bool, EvaluationError> {
        let mut context = FUNCTIONS.new_inner_scope();
        for name in &self.names {
            if let Some(value) = item.facts.get(name) {
                context.add_variable_from_value(name.as_str(), arithmetic::to_cel(value));
            }
        }
        match context.resolve(&self.tree) {
            Ok(cel::Value::Bool(answer)) => Ok(answer),
            Ok(other) => Err(EvaluationError::NotBool(other.type_of().to_string())),
            Err(ExecutionError::UndeclaredReference(name)) => {
                Err(EvaluationError::Unmeasured(name.to_string()))
            }
            Err(ExecutionError::NoSuchKey(name)) => Err(EvaluationError::Unmeasured(name.to_string())),
            Err(error) => Err(EvaluationError::Undefined(error.to_string())),
        }
    }
}

/// The parser and the evaluator recurse, so the depth is bounded before either starts.
/// Counts inside quotes too: too strict for odd texts, never too lax.
fn is_too_deep(text: &str) -> bool {
    const BRACKETS: usize = 24;
    const OPERATORS: usize = 240;
    let mut open: usize = 0;
    let mut deepest: usize = 0;
    let mut operators: usize = 0;
    for character in text.chars() {
        match character {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            '?' => deepest += 1,
            '!' | '-' | '+' | '*' | '/' | '%' | '.' | '&' | '|' | '<' | '>' | '=' => operators += 1,
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest > BRACKETS || operators > OPERATORS
}

fn syntax_error(text: &str, errors: &cel::ParseErrors) -> SyntaxError {
    let Some(first) = errors.errors.first() else {
        return SyntaxError { message: "the assertion cannot be read".to_owned(), offset: None };
    };
    let message = first.msg.lines().next().unwrap_or_default().to_owned();
    let (line, column) = first.pos;
    let before: usize =
        text.split('\n').take(usize::try_from(line - 1).unwrap_or(0)).map(|l| l.chars().count() + 1).sum();
    let offset = u32::try_from(before)
        .ok()
        .zip(u32::try_from(column).ok())
        .map(|(before, column)| before + column.saturating_sub(1));
    SyntaxError { message: format!("the assertion cannot be read: {message}"), offset }
}

/// Drops the variables that `all`, `exists`, `map` and `filter` bind themselves.
fn without_bound_names(tree: &IdedExpr, mut names: BTreeSet<String>) -> BTreeSet<String> {
    walk(tree, &mut |expr| {
        if let Expr::Comprehension(inner) = expr {
            names.remove(&inner.iter_var);
            names.remove(&inner.accu_var);
            if let Some(second) = &inner.iter_var2 {
                names.remove(second);
            }
        }
    });
    names
}

/// The facts that `map` and `filter` go over.
fn listed(tree: &IdedExpr) -> Result<BTreeSet<String>, SyntaxError> {
    let mut listed = BTreeSet::new();
    let mut unnamed = false;
    walk(tree, &mut |expr| {
        let Expr::Comprehension(inner) = expr else { return };
        if !matches!(inner.accu_init.expr, Expr::List(_)) {
            return;
        }
        match &inner.iter_range.expr {
            Expr::Ident(name) => drop(listed.insert(name.clone())),
            Expr::Comprehension(_) | Expr::List(_) => {}
            _ => unnamed = true,
        }
    });
    match unnamed {
        true => Err(SyntaxError {
            message: "`map` and `filter` go over a fact that is a list".to_owned(),
            offset: None,
        }),
        false => Ok(listed),
    }
}

/// Calls `visit` on every expression of the tree.
fn walk(tree: &IdedExpr, visit: &mut impl FnMut(&Expr)) {
    visit(&tree.expr);
    match &tree.expr {
        Expr::Call(call) => {
            call.target.iter().map(|t| &**t).chain(&call.args).for_each(|child| walk(child, visit))
        }
        Expr::Comprehension(inner) => {
            for child in
                [&inner.iter_range, &inner.accu_init, &inner.loop_cond, &inner.loop_step, &inner.result]
            {
                walk(child, visit);
            }
        }
        Expr::List(list) => list.elements.iter().for_each(|child| walk(child, visit)),
        Expr::Select(select) => walk(&select.operand, visit),
        _ => {}
    }
}

/// CEL has no operator between a whole number and a number with a fraction, so
/// `pool_size <= max * 0.8` would not be defined. Arithmetic and comparison become calls
/// to functions that take both.
fn rewrite(tree: &mut IdedExpr) {
    match &mut tree.expr {
        Expr::Call(call) => {
            call.target.iter_mut().for_each(|target| rewrite(target));
            call.args.iter_mut().for_each(rewrite);
            rename(call);
        }
        Expr::Comprehension(inner) => {
            rewrite(&mut inner.iter_range);
            rewrite(&mut inner.accu_init);
            rewrite(&mut inner.loop_cond);
            rewrite(&mut inner.loop_step);
            rewrite(&mut inner.result);
        }
        Expr::List(list) => list.elements.iter_mut().for_each(rewrite),
        Expr::Map(map) => {
            for entry in &mut map.entries {
                if let EntryExpr::MapEntry(entry) = &mut entry.expr {
                    rewrite(&mut entry.key);
                    rewrite(&mut entry.value);
                }
            }
        }
        Expr::Select(select) => rewrite(&mut select.operand),
        _ => {}
    }
}

fn rename(call: &mut CallExpr) {
    let name = match call.func_name.as_str() {
        operators::ADD => arithmetic::ADD,
        operators::SUBSTRACT => arithmetic::SUBTRACT,
        operators::MULTIPLY => arithmetic::MULTIPLY,
        operators::DIVIDE => arithmetic::DIVIDE,
        operators::LESS => arithmetic::LESS,
        operators::LESS_EQUALS => arithmetic::LESS_EQUALS,
        operators::GREATER => arithmetic::GREATER,
        operators::GREATER_EQUALS => arithmetic::GREATER_EQUALS,
        _ => return,
    };
    call.func_name = name.to_owned();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(text: &str, facts: serde_json::Value) -> Result<bool, EvaluationError> {
        let mut item = Item::new("x");
        item.facts = facts.as_object().unwrap().clone().into_iter().collect();
        Expression::parse(text).unwrap().holds(&item)
    }

    #[test]
    fn whole_numbers_and_fractions_mix() {
        let facts = json!({"instances": 4, "pool": 20, "max": 450, "reserved": 3, "p95": 12.5});
        for (text, expected) in [
            ("instances * pool <= (max - reserved) * 0.8", true),
            ("instances * pool * 5 <= (max - reserved) * 0.8", false),
            ("p95 < 13", true),
            ("13 > p95 && pool == 20", true),
            ("pool / 3 == 6", true),
            ("pool in [10, 20]", true),
            ("'a' + 'b' == 'ab'", true),
        ] {
            assert_eq!(holds(text, facts.clone()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_missing_fact_is_an_error_unless_it_cannot_matter() {
        assert_eq!(holds("present && length >= 48", json!({"present": false})), Ok(false));
        assert_eq!(holds("length >= 48 && present", json!({"present": false})), Ok(false));
        assert_eq!(
            holds("present && length >= 48", json!({"present": true})),
            Err(EvaluationError::Unmeasured("length".into()))
        );
        assert_eq!(
            holds("json.db == 'ok'", json!({"json": {}})),
            Err(EvaluationError::Unmeasured("db".into()))
        );
    }

    mod quickly {
        use proptest::prelude::*;

        use super::*;

        fn value() -> impl Strategy<Value = serde_json::Value> {
            prop_oneof![
                (-2..3_i64).prop_map(|n| json!(n)),
                prop::sample::select(vec![json!(0.5), json!(1.0), json!(u64::MAX), json!(null), json!([1])]),
                prop::sample::select(vec!["", "a", "b"]).prop_map(|text| json!(text)),
                any::<bool>().prop_map(|truth| json!(truth)),
            ]
        }

        fn facts() -> impl Strategy<Value = serde_json::Value> {
            let fields = prop::collection::btree_map(prop::sample::select(vec!["a", "b"]), value(), 0..3);
            let fields = fields.prop_map(|fields| json!(fields));
            prop::collection::btree_map(
                prop::sample::select(vec!["a", "b"]),
                prop_oneof![value(), fields],
                0..3,
            )
            .prop_map(|facts| json!(facts))
        }

        fn assertion() -> impl Strategy<Value = String> {
            let term = prop::sample::select(vec![
                "a", "b", "a.a", "a.b", "b.a", "1", "0", "-1", "0.5", "'a'", "true", "null",
            ]);
            let sign = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">=", "+", "in"]);
            let one = prop_oneof![
                6 => (term.clone(), sign, term.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
                1 => prop::sample::select(vec!["has(a.a)", "has(a.a.b)", "has(b.b)", "a", "a.b"]).prop_map(str::to_owned),
            ];
            one.prop_recursive(3, 8, 2, |inner| {
                prop_oneof![
                    (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
                    (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) || ({b})")),
                    inner.prop_map(|a| format!("!({a})")),
                ]
            })
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(4_000))]

            #[test]
            fn the_quick_answer_is_that_of_the_evaluator(text in assertion(), facts in facts()) {
                let expression = Expression::parse(&text).unwrap();
                let find = |name: &str| facts.get(name).map(Cow::Borrowed);
                if let Some(quick) = expression.quickly(find) {
                    prop_assert_eq!(holds(&text, facts.clone()), Ok(quick), "{} {}", text, facts);
                }
            }
        }

        #[test]
        fn usual_assertions_are_answered_quickly() {
            let facts = json!({"status": 200, "body": {"state": "ok", "n": 7}});
            let find = |name: &str| facts.get(name).map(Cow::Borrowed);
            for (text, answer) in [
                ("status == 200 && body.state == 'ok' && body.n > 5", Some(true)),
                ("status < 300 || body.missing == 1", Some(true)),
                ("!(has(body.n)) || body.state != 'ok'", Some(false)),
                ("body.n > 6.5", None),
                ("body.missing == 1", None),
                ("body.state.startsWith('o')", None),
            ] {
                assert_eq!(Expression::parse(text).unwrap().quickly(find), answer, "{text}");
            }
        }
    }

    #[test]
    fn not_true_or_false_is_an_error() {
        assert!(matches!(holds("1 + 1", json!({})), Err(EvaluationError::NotBool(_))));
        assert!(matches!(holds("a > 'x'", json!({"a": 1})), Err(EvaluationError::Undefined(_))));
        assert!(matches!(holds("a / 0 == 1", json!({"a": 1})), Err(EvaluationError::Undefined(_))));
        assert!(matches!(holds("a * a == 1", json!({"a": i64::MAX})), Err(EvaluationError::Undefined(_))));
    }

    #[test]
    fn names_are_the_facts_without_bound_variables() {
        let expression = Expression::parse("hops.all(h, h.status == 200) && size(headings) > 0").unwrap();
        assert_eq!(expression.names().iter().map(String::as_str).collect::<Vec<_>>(), ["headings", "hops"]);
        assert_eq!(holds("hops.all(h, h > 1.5)", json!({"hops": [2, 3]})), Ok(true));
    }

    #[test]
    fn lists_are_made_from_lists_only() {
        let expression = Expression::parse("size(hops.filter(h, h > 1).map(h, h * 2)) == 1").unwrap();
        assert_eq!(expression.listed().iter().map(String::as_str).collect::<Vec<_>>(), ["hops"]);
        assert!(Expression::parse("json.db.map(k, k)[0] == 'a'").is_err());
        assert!(Expression::parse("json.db.all(k, k != 'a')").is_ok());
    }

    #[test]
    fn a_syntax_error_has_a_place() {
        let error = Expression::parse("present && && x").unwrap_err();
        assert_eq!(error.offset, Some(11), "{error}");
        for wrong in ["", "   ", "a ==", "(", "a = b", "'", "\"", "a ? b"] {
            assert!(Expression::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hostile_texts_are_errors_not_crashes() {
        for text in [
            "(".repeat(1_900),
            "!".repeat(1_900),
            "-".repeat(1_900),
            "[".repeat(1_900),
            "a.".repeat(900),
            "a?b:".repeat(400),
            "a".repeat(5_000),
        ] {
            let _ = Expression::parse(&text);
        }
    }
}
