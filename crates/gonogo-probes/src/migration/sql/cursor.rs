//! Reads the tokens of one statement from left to right.

use super::token::{At, Is, Token};

/// A place in a list of tokens.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    tokens: &'t [Token],
}

impl<'t> Cursor<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Cursor<'t> {
        Cursor { tokens }
    }

    pub(super) fn rest(&self) -> &'t [Token] {
        self.tokens
    }

    pub(super) fn at(&self) -> At {
        self.tokens.first().map(|token| token.at).unwrap_or_default()
    }

    pub(super) fn is_over(&self) -> bool {
        self.tokens.is_empty()
    }

    pub(super) fn peek(&self) -> Option<&'t Token> {
        self.tokens.first()
    }

    pub(super) fn next(&mut self) -> Option<&'t Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    /// Whether these words come next.
    pub(super) fn sees(&self, words: &[&str]) -> bool {
        self.tokens.len() >= words.len()
            && words.iter().zip(self.tokens).all(|(word, token)| token.is_word(word))
    }

    /// Takes these words when they come next.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let seen = self.sees(words);
        if seen {
            self.tokens = self.tokens.get(words.len()..).unwrap_or_default();
        }
        seen
    }

    /// Takes one of these words when it comes next.
    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(&[word]))
    }

    pub(super) fn sees_sign(&self, sign: char) -> bool {
        self.peek().is_some_and(|token| token.is_sign(sign))
    }

    pub(super) fn eat_sign(&mut self, sign: char) -> bool {
        let seen = self.sees_sign(sign);
        if seen {
            self.next();
        }
        seen
    }

    /// Whether the words come one after the other anywhere in the rest.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        self.tokens.windows(words.len().max(1)).any(|window| Cursor::new(window).sees(words))
    }

    /// `IF EXISTS` and `IF NOT EXISTS`.
    pub(super) fn eat_if_exists(&mut self) -> bool {
        self.eat(&["if", "exists"]) || self.eat(&["if", "not", "exists"])
    }

    /// One part of a name. A word of SQL may be a name too; who calls knows that one must come.
    pub(super) fn part(&mut self) -> Option<String> {
        let token = self.peek()?;
        matches!(token.is, Is::Word | Is::Name).then(|| {
            self.next();
            token.text.clone()
        })
    }

    /// A name as every statement calls the same thing: without `public.` and its like.
    pub(super) fn name(&mut self) -> Option<String> {
        let mut parts = vec![self.part()?];
        while self.sees_sign('.') {
            let before = self.tokens;
            self.next();
            match self.part() {
                Some(part) => parts.push(part),
                None => {
                    self.tokens = before;
                    break;
                }
            }
        }
        if parts.len() > 1 && parts.first().is_some_and(|first| first == "public") {
            parts.remove(0);
        }
        Some(parts.join("."))
    }

    /// What is between the bracket that comes next and its pair; `None` without a bracket.
    pub(super) fn brackets(&mut self) -> Option<Cursor<'t>> {
        if !self.sees_sign('(') {
            return None;
        }
        let mut depth = 0_usize;
        for (place, token) in self.tokens.iter().enumerate() {
            match token {
                token if token.is_sign('(') => depth = depth.saturating_add(1),
                token if token.is_sign(')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                let inside = self.tokens.get(1..place).unwrap_or_default();
                self.tokens = self.tokens.get(place.saturating_add(1)..).unwrap_or_default();
                return Some(Cursor { tokens: inside });
            }
        }
        let inside = self.tokens.get(1..).unwrap_or_default();
        self.tokens = &[];
        Some(Cursor { tokens: inside })
    }

    /// The rest in parts, cut at the commas that are in no brackets.
    pub(super) fn parts(&self) -> Vec<Cursor<'t>> {
        let mut depth = 0_usize;
        let split = self.tokens.split(|token| {
            match token {
                token if token.is_sign('(') => depth = depth.saturating_add(1),
                token if token.is_sign(')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && token.is_sign(',')
        });
        split.filter(|part| !part.is_empty()).map(Cursor::new).collect()
    }

    /// What comes before the first of these words that is in no brackets.
    pub(super) fn until(&mut self, words: &[&str]) -> Cursor<'t> {
        let mut depth = 0_usize;
        let end = self.tokens.iter().position(|token| {
            match token {
                token if token.is_sign('(') => depth = depth.saturating_add(1),
                token if token.is_sign(')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && token.is == Is::Word && words.contains(&token.text.as_str())
        });
        let end = end.unwrap_or(self.tokens.len());
        let (before, rest) = self.tokens.split_at_checked(end).unwrap_or((self.tokens, &[]));
        self.tokens = rest;
        Cursor { tokens: before }
    }

    /// Names in brackets: `(a, lower(b), c DESC)` is `a`, ``, `c`. What is no bare name is empty.
    pub(super) fn columns(&mut self) -> Vec<String> {
        let Some(inside) = self.brackets() else { return Vec::new() };
        let one = |mut part: Cursor<'_>| {
            let name = part.part().unwrap_or_default();
            if part.sees_sign('(') { String::new() } else { name }
        };
        inside.parts().into_iter().map(one).collect()
    }
}
