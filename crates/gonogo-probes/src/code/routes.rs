//! Paths that code serves, as `METHOD /path` with parameters as `{}`. A path that a router above
//! may continue is marked. What a client asks for is no route.

use super::form::{Form, Found};
use super::language::Language::{self, CSharp, Go, Jvm, Php, Python, Ruby, Rust, Script};
use super::site::Site;

pub(super) const FORMS: &[Form] = &[
    Form::new(".route(", &[Rust], axum),
    Form::new("#[get(", &[Rust], attribute),
    Form::new("#[post(", &[Rust], attribute),
    Form::new("#[put(", &[Rust], attribute),
    Form::new("#[patch(", &[Rust], attribute),
    Form::new("#[delete(", &[Rust], attribute),
    Form::new(".get(", &[Script], method),
    Form::new(".post(", &[Script], method),
    Form::new(".put(", &[Script], method),
    Form::new(".patch(", &[Script], method),
    Form::new(".delete(", &[Script], method),
    Form::new(".all(", &[Script], method),
    Form::new("@Get(", &[Script], nest),
    Form::new("@Post(", &[Script], nest),
    Form::new("@Put(", &[Script], nest),
    Form::new("@Patch(", &[Script], nest),
    Form::new("@Delete(", &[Script], nest),
    Form::new("@", &[Python], decorator),
    Form::new("HandleFunc(", &[Go], handle),
    Form::new(".Handle(", &[Go], handle),
    Form::new(".GET(", &[Go], method),
    Form::new(".POST(", &[Go], method),
    Form::new(".PUT(", &[Go], method),
    Form::new(".PATCH(", &[Go], method),
    Form::new(".DELETE(", &[Go], method),
    Form::new(".Get(", &[Go], method),
    Form::new(".Post(", &[Go], method),
    Form::new(".Put(", &[Go], method),
    Form::new(".Patch(", &[Go], method),
    Form::new(".Delete(", &[Go], method),
    Form::new("@GetMapping", &[Jvm], mapping),
    Form::new("@PostMapping", &[Jvm], mapping),
    Form::new("@PutMapping", &[Jvm], mapping),
    Form::new("@PatchMapping", &[Jvm], mapping),
    Form::new("@DeleteMapping", &[Jvm], mapping),
    Form::new("MapGet(", &[CSharp], minimal),
    Form::new("MapPost(", &[CSharp], minimal),
    Form::new("MapPut(", &[CSharp], minimal),
    Form::new("MapPatch(", &[CSharp], minimal),
    Form::new("MapDelete(", &[CSharp], minimal),
    Form::new("get '", &[Ruby], sinatra),
    Form::new("post '", &[Ruby], sinatra),
    Form::new("put '", &[Ruby], sinatra),
    Form::new("patch '", &[Ruby], sinatra),
    Form::new("delete '", &[Ruby], sinatra),
    Form::new("Route::get(", &[Php], laravel),
    Form::new("Route::post(", &[Php], laravel),
    Form::new("Route::put(", &[Php], laravel),
    Form::new("Route::patch(", &[Php], laravel),
    Form::new("Route::delete(", &[Php], laravel),
];

const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// The path with `{}` for each parameter: `:id`, `{id}`, `<int:id>`, `*rest`, `[id]`.
fn normalised(path: &str) -> String {
    let part = |part: &str| {
        let is_whole = part.starts_with([':', '*']) && part.len() > 1;
        if is_whole {
            return "{}".to_owned();
        }
        let mut plain = String::new();
        let mut open = 0_usize;
        for c in part.chars() {
            match c {
                '{' | '<' => {
                    open += 1;
                    if open == 1 {
                        plain.push_str("{}");
                    }
                }
                '}' | '>' => open = open.saturating_sub(1),
                c if open == 0 => plain.push(c),
                _ => {}
            }
        }
        plain
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A literal path.
fn path_at<'t>(site: &Site<'t>, at: usize) -> Option<(&'t str, usize)> {
    let literal = site.literal(at)?;
    let is_path = literal.value.starts_with('/') && !literal.value.contains(char::is_whitespace);
    is_path.then_some((literal.value, literal.end))
}

fn say(site: &Site<'_>, method: &str, path: &str, may_have_prefix: bool, found: &mut Found) {
    found.route(site.at, &method.to_uppercase(), &normalised(path), may_have_prefix);
}

/// `.route("/x", get(h).post(h))`; actix writes `web::get().to(h)`.
fn axum(site: &Site<'_>, found: &mut Found) {
    let Some((path, end)) = path_at(site, site.after) else { return };
    let comma = site.skip(end);
    if site.byte(comma) != b',' {
        return;
    }
    let Some(arguments) = site.arguments(site.after - 1) else { return };
    let handlers = arguments.get(1).map(|range| site.bones(range.start, range.len())).unwrap_or_default();
    let code = site.text.code.as_str();
    let may_have_prefix = !code.contains("serve(") || code.contains(".nest(") || code.contains("scope(");
    let mut methods = Vec::new();
    let mut depth = 0_usize;
    let mut word = String::new();
    for c in handlers.chars() {
        match c {
            '(' => {
                if depth == 0 && METHODS.contains(&word.as_str()) {
                    methods.push(std::mem::take(&mut word));
                }
                depth += 1;
            }
            ')' => depth = depth.saturating_sub(1),
            c if c.is_alphanumeric() || c == '_' => {
                word.push(c);
                continue;
            }
            _ => {}
        }
        word.clear();
    }
    if methods.is_empty() {
        methods.push("*".to_owned());
    }
    methods.iter().for_each(|method| say(site, method, path, may_have_prefix, found));
}

/// `#[get("/x")]`.
fn attribute(site: &Site<'_>, found: &mut Found) {
    let method = site.word(site.at + 2);
    if let Some((path, _)) = path_at(site, site.after) {
        // A query belongs to rocket's pattern, not to the path.
        let path = path.split('?').next().unwrap_or(path);
        say(site, method, path, true, found);
    }
}

/// `app.get('/x', h)`, `r.GET("/x", h)`. A client has no handler.
fn method(site: &Site<'_>, found: &mut Found) {
    let Some((path, end)) = path_at(site, site.after) else { return };
    let end = site.skip(end);
    let owner = site.word_before(site.at).to_lowercase();
    let is_go = site.language() == Language::Go;
    let has_handler = site.byte(end) == b',' && (is_go || handles(site, end + 1));
    let is_other =
        ["client", "axios", "http", "fetch", "request", "agent", "mock", "nock", "cache", "session"];
    let is_client = is_other.iter().any(|word| owner.contains(word))
        && !["server", "router", "app"].iter().any(|word| owner.contains(word));
    if !has_handler || is_client || owner == "config" {
        return;
    }
    let word = site.word(site.at + 1);
    let method = if word == "all" { "*" } else { word };
    // An application is the top, as long as nobody mounts it.
    let is_top = !is_go
        && matches!(owner.as_str(), "app" | "server" | "fastify")
        && site.text.code.contains(".listen(");
    say(site, method, path, !is_top, found);
}

/// Whether one of the arguments may be a handler: a function or a name, not plain data.
fn handles(site: &Site<'_>, at: usize) -> bool {
    let Some(arguments) = site.arguments(site.after - 1) else {
        // Its handler is longer than what is looked at.
        let rest = site.bones(at, 300);
        return rest.contains("=>") || rest.contains("function");
    };
    let Some(last) =
        arguments.iter().rev().map(|range| site.code(range).trim()).find(|code| !code.is_empty())
    else {
        return false;
    };
    let is_function = last.contains("=>") || last.contains("function") || last.contains("handler");
    let is_data =
        last.starts_with(['{', '[', '\'', '"', '`']) || last.starts_with(|c: char| c.is_ascii_digit());
    let is_name = last.chars().all(|c| c.is_alphanumeric() || "_.$()".contains(c))
        && !matches!(last, "data" | "body" | "config" | "params" | "options" | "payload" | "headers");
    is_function || (!is_data && is_name)
}

/// `@Get('x')` of a NestJS controller: the controller has a prefix.
fn nest(site: &Site<'_>, found: &mut Found) {
    let method = site.word(site.at + 1);
    if !site.text.code.contains("@Controller(") {
        return;
    }
    let path = match site.literal(site.after) {
        Some(literal) => format!("/{}", literal.value.trim_start_matches('/')),
        None if site.byte(site.skip(site.after)) == b')' => String::new(),
        None => return,
    };
    let prefix = controller(site);
    say(site, method, &format!("{prefix}{path}"), true, found);
}

fn controller(site: &Site<'_>) -> String {
    let before = site.text.code.get(..site.at).unwrap_or_default();
    let at = before.rfind("@Controller(").map(|at| at + "@Controller(".len());
    let literal = at.and_then(|at| site.literal(at));
    literal.map(|literal| format!("/{}", literal.value.trim_matches('/'))).unwrap_or_default()
}

/// `@app.route("/x", methods=["GET"])`, `@router.get("/x")`.
fn decorator(site: &Site<'_>, found: &mut Found) {
    let owner = site.word(site.after);
    let dot = site.after + owner.len();
    if owner.is_empty() || site.byte(dot) != b'.' {
        return;
    }
    let method = site.word(dot + 1);
    let open = dot + 1 + method.len();
    let is_method = METHODS.contains(&method);
    if site.byte(open) != b'(' || !(is_method || matches!(method, "route" | "websocket")) {
        return;
    }
    let Some((path, _)) = path_at(site, open + 1) else { return };
    let may_have_prefix = owner != "app" || site.text.code.contains(".mount(");
    if method != "route" {
        return say(site, if is_method { method } else { "GET" }, path, may_have_prefix, found);
    }
    let arguments = site.arguments(open).unwrap_or_default();
    let listed =
        arguments.iter().map(|range| site.code(range).trim()).find(|code| code.starts_with("methods"));
    let methods: Vec<&str> = match listed {
        None => vec!["GET"],
        Some(listed) => {
            listed.split(['"', '\'']).filter(|word| METHODS.contains(&word.to_lowercase().as_str())).collect()
        }
    };
    methods.into_iter().for_each(|method| say(site, method, path, may_have_prefix, found));
}

/// `mux.HandleFunc("GET /x", h)`, `http.Handle("/x", h)`, gorilla's `.Methods("GET")`.
fn handle(site: &Site<'_>, found: &mut Found) {
    let Some(literal) = site.literal(site.after) else { return };
    let end = site.skip(literal.end);
    if site.byte(end) != b',' {
        return;
    }
    let (method, pattern) = literal.value.split_once(' ').unwrap_or(("*", literal.value));
    let method = if METHODS.contains(&method.to_lowercase().as_str()) { method } else { "*" };
    let Some(start) = pattern.find('/') else {
        // chi's `Handle("GET", "/x", h)`.
        let verb = METHODS.contains(&literal.value.to_lowercase().as_str());
        if let Some((path, _)) = path_at(site, end + 1).filter(|_| verb) {
            say(site, literal.value, path, true, found);
        }
        return;
    };
    let path = pattern.get(start..).unwrap_or_default();
    let owner = site.word_before(site.at);
    let owner = if owner.is_empty() { site.word_before(site.at.saturating_sub(1)) } else { owner };
    let is_top = owner == "http" || (owner == "mux" && !site.text.code.contains("StripPrefix"));
    say(site, method, path, !is_top, found);
}

/// `@GetMapping("/x")`, with the path of the class's `@RequestMapping`.
fn mapping(site: &Site<'_>, found: &mut Found) {
    let method = words(site).trim_start_matches('@').trim_end_matches("Mapping");
    let prefix = class_mapping(site);
    let path = match site.byte(site.after) {
        b'(' => match mapped(site, site.after) {
            Some(path) => path.to_owned(),
            None => return,
        },
        _ => String::new(),
    };
    let path = if path.is_empty() || path.starts_with('/') { path } else { format!("/{path}") };
    let whole = format!("{prefix}{path}");
    if whole.starts_with('/') {
        say(site, method, &whole, true, found);
    }
}

/// The literal of `("/x")`, `(value = "/x")`, `(path = {"/x"})`.
fn mapped<'t>(site: &Site<'t>, open: usize) -> Option<&'t str> {
    let arguments = site.arguments(open)?;
    arguments
        .iter()
        .find_map(|range| {
            let code = site.code(range);
            let start = range.start + (code.len() - code.trim_start().len());
            let key = site.word(start);
            let at = match key {
                "value" | "path" => site.skip(site.skip(start + key.len()) + 1),
                _ => start,
            };
            let at = if matches!(site.byte(at), b'{' | b'[') { at + 1 } else { at };
            matches!(key, "" | "value" | "path").then(|| site.literal(at)).flatten()
        })
        .map(|literal| literal.value)
}

fn class_mapping(site: &Site<'_>) -> String {
    const WORDS: &str = "@RequestMapping";
    let bones = site.text.bones.get(..site.at).unwrap_or_default();
    let class = bones.find("class ").unwrap_or(0);
    let at = bones.get(..class).and_then(|before| before.rfind(WORDS)).map(|at| at + WORDS.len());
    at.and_then(|at| mapped(site, at)).map(|path| format!("/{}", path.trim_matches('/'))).unwrap_or_default()
}

/// `app.MapGet("/x", h)`.
fn minimal(site: &Site<'_>, found: &mut Found) {
    if let Some((path, _)) = path_at(site, site.after) {
        let method = words(site).trim_start_matches("Map").trim_end_matches('(');
        say(site, method, path, site.word_before(site.at.saturating_sub(1)) != "app", found);
    }
}

/// `get '/x' do` of Sinatra.
fn sinatra(site: &Site<'_>, found: &mut Found) {
    let Some((path, end)) = path_at(site, site.after - 1) else { return };
    let is_first =
        site.bones_before(site.at, 80).rsplit('\n').next().is_some_and(|line| line.trim().is_empty());
    if is_first && site.starts(site.skip(end), "do") {
        say(site, site.word(site.at), path, true, found);
    }
}

/// `Route::get('/x', …)`.
fn laravel(site: &Site<'_>, found: &mut Found) {
    let Some(literal) = site.literal(site.after) else { return };
    let path = format!("/{}", literal.value.trim_start_matches('/'));
    let method = words(site).trim_start_matches("Route::").trim_end_matches('(');
    say(site, method, &path, true, found);
}

fn words<'t>(site: &Site<'t>) -> &'t str {
    site.text.code.get(site.at..site.after).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{names, of};

    #[test]
    fn routes_are_read() {
        for (path, text, expected) in [
            (
                "a.rs",
                "Router::new().route(\"/a/{id}\", get(h).post(axum::extract::get(x))).route(\"/b\", any(h))",
                vec!["GET /a/{}", "POST /a/{}", "* /b"],
            ),
            ("a.rs", "App::new().route(\"/a\", web::get().to(h))", vec!["GET /a"]),
            (
                "a.rs",
                "#[get(\"/a/{id}\")]\nasync fn a() {}\n#[post(\"/b?<q>\")]",
                vec!["GET /a/{}", "POST /b"],
            ),
            (
                "a.ts",
                "app.get('/a/:id', auth, (req, res) => { res.json({a: 1}) }); router.post(\"/b\", create)",
                vec!["GET /a/{}", "POST /b"],
            ),
            (
                "a.ts",
                "@Controller('users')\nclass A {\n@Get(':id') a() {}\n@Post() b() {}\n}",
                vec!["GET /users/{}", "POST /users"],
            ),
            (
                "a.py",
                "@app.route('/a/<int:id>', methods=['GET', 'POST'])\n@router.delete(\"/b/{id}\")\n@app.route(\"/c\")",
                vec!["GET /a/{}", "POST /a/{}", "DELETE /b/{}", "GET /c"],
            ),
            (
                "a.go",
                "mux.HandleFunc(\"GET /a/{id}\", h); http.HandleFunc(\"/b\", h); r.GET(\"/c/:id\", h); r.Get(\"/d\", h)",
                vec!["GET /a/{}", "* /b", "GET /c/{}", "GET /d"],
            ),
            (
                "A.java",
                "@RequestMapping(\"/api\")\nclass A {\n@GetMapping(\"/a/{id}\") a() {}\n@PostMapping b() {}\n@PutMapping(value = \"/c\") c() {} }",
                vec!["GET /api/a/{}", "POST /api", "PUT /api/c"],
            ),
            ("a.cs", "app.MapGet(\"/a/{id:int}\", () => 1);", vec!["GET /a/{}"]),
            ("a.rb", "get '/a/:id' do\nend\n", vec!["GET /a/{}"]),
            ("a.php", "Route::get('a/{id}', [C::class, 'x']);", vec!["GET /a/{}"]),
        ] {
            assert_eq!(names(&of(path, text).routes), expected, "{text}");
        }
    }

    #[test]
    fn clients_and_maps_are_no_routes() {
        for (path, text) in [
            (
                "a.ts",
                "axios.get('/a', { headers }); client.post('/b', body); map.get('/c'); api.post('/d', data); cache.get('/e', f)",
            ),
            (
                "a.py",
                "requests.get('/a'); client.get('/b')\n@property\n@pytest.mark.x('/c')\nx = a@app.route",
            ),
            ("a.go", "client.Get(\"/a\"); http.Get(\"/b\")"),
            ("a.rs", "map.get(\"/a\"); // .route(\"/b\", get(h))\nlet s = \".route(\\\"/c\\\", get(h))\";"),
            ("a.rb", "# get '/a' do\nputs \"get '/b' do\"; target '/c'"),
        ] {
            assert_eq!(names(&of(path, text).routes), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_router_of_a_file_of_its_own_may_have_a_prefix() {
        let of = |path: &str, text: &str| super::super::tests::of(path, text).routes[0].may_have_prefix();
        assert!(of("a.ts", "router.get('/a', f)"));
        assert!(!of("a.ts", "app.get('/a', f); app.listen(1)"));
        assert!(!of("a.go", "http.HandleFunc(\"/a\", f)"));
        assert!(of("a.rs", "Router::new().route(\"/a\", get(f))"));
        assert!(!of("a.rs", "axum::serve(l, Router::new().route(\"/a\", get(f)))"));
    }
}
