//! HTML and the only ways into it: tags and attribute names are constants of ours, and what a
//! judged system says is escaped here, so that it can end no tag, attribute or address.

use crate::clean;
use crate::words;

/// Markup that is whole: every tag in it is closed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Html(String);

impl Html {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Element> for Html {
    fn from(element: Element) -> Html {
        let Element { name, attributes, inside } = element;
        let end = if is_block(name) { "\n" } else { "" };
        match name {
            "meta" => Html(format!("<{name}{attributes}>{end}")),
            _ => Html(format!("<{name}{attributes}>{inside}</{name}>{end}")),
        }
    }
}

/// An element that is being filled.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    name: &'static str,
    attributes: String,
    inside: String,
}

/// An empty element.
pub(crate) fn element(name: &'static str) -> Element {
    Element { name, attributes: String::new(), inside: String::new() }
}

impl Element {
    /// An attribute; `value` may be data.
    pub(crate) fn attr(mut self, name: &'static str, value: impl AsRef<str>) -> Element {
        self.attributes.push_str(&format!(" {name}=\"{}\"", escaped(&clean::line(value.as_ref()))));
        self
    }

    pub(crate) fn class(self, class: &str) -> Element {
        self.attr("class", class)
    }

    /// The place that [`Element::to`] leads to. `kind` keeps checks and findings apart.
    pub(crate) fn place(self, kind: &str, id: &str) -> Element {
        self.attr("id", format!("{kind}-{}", words::slug(id)))
    }

    /// Leads to a place in this page, and never out of it.
    pub(crate) fn to(self, kind: &str, id: &str) -> Element {
        self.attr("href", format!("#{kind}-{}", words::slug(id)))
    }

    /// Data as one line; a `name` in backticks is code.
    pub(crate) fn text(mut self, data: impl AsRef<str>) -> Element {
        let line = clean::line(data.as_ref());
        let parts: Vec<&str> = line.split('`').collect();
        if parts.len().is_multiple_of(2) {
            self.inside.push_str(&escaped(&line));
            return self;
        }
        for (at, part) in parts.into_iter().enumerate() {
            match at % 2 {
                0 => self.inside.push_str(&escaped(part)),
                _ => self.inside.push_str(&format!("<code>{}</code>", escaped(part))),
            }
        }
        self
    }

    /// Data as one line in a drawing, where code is no element: it would end the drawing.
    pub(crate) fn label(mut self, data: impl AsRef<str>) -> Element {
        self.inside.push_str(&escaped(&clean::line(data.as_ref()).replace('`', "'")));
        self
    }

    /// Data as it is, with its lines.
    pub(crate) fn lines(mut self, data: &str) -> Element {
        self.inside.push_str(&escaped(&clean::lines(data).join("\n")));
        self
    }

    /// A style sheet of ours.
    pub(crate) fn style(mut self, css: &'static str) -> Element {
        self.inside.push_str(css);
        self
    }

    pub(crate) fn child(mut self, child: impl Into<Html>) -> Element {
        self.inside.push_str(child.into().as_str());
        self
    }

    pub(crate) fn children<T: Into<Html>>(self, children: impl IntoIterator<Item = T>) -> Element {
        children.into_iter().fold(self, Element::child)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.inside.is_empty()
    }
}

/// Data as code in one line.
pub(crate) fn code(data: impl AsRef<str>) -> Element {
    element("code").lines(&clean::line(data.as_ref()))
}

/// A link to the place of a check.
pub(crate) fn check_link(id: &str) -> Element {
    element("a").to("check", id).child(code(id))
}

/// Links to several checks.
pub(crate) fn check_links(ids: &[String]) -> Element {
    let links = listed(ids);
    if words::is_long(ids.len()) { folded(links) } else { links }
}

/// Something that is shown when a reader asks for it.
pub(crate) fn folded(inside: Element) -> Element {
    element("details").child(element("summary").text(words::FOLDED)).child(inside)
}

fn listed(ids: &[String]) -> Element {
    ids.iter().enumerate().fold(element("span"), |links, (at, id)| {
        let links = if at > 0 { links.text(", ") } else { links };
        links.child(check_link(id))
    })
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Elements that end a line of the text, so that two pages can be compared line by line.
fn is_block(name: &str) -> bool {
    const INLINE: [&str; 9] = ["a", "b", "code", "span", "small", "strong", "td", "th", "tspan"];
    !INLINE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_ends_nothing() {
        let html: Html = element("p").attr("title", "a\"><script>").text("</p><b>`x<` & 'y'\n").into();
        assert_eq!(
            html.as_str(),
            "<p title=\"a&quot;&gt;&lt;script&gt;\">&lt;/p&gt;&lt;b&gt;<code>x&lt;</code> &amp; &#39;y&#39; </p>\n"
        );
        let link: Html = element("a").to("check", "javascript:alert(1)\"").into();
        assert_eq!(link.as_str(), "<a href=\"#check-javascript-alert-1--\"></a>");
    }
}
