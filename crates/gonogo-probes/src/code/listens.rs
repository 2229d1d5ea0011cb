//! Ports that code listens on by a literal number, with the address; and where it listens on a
//! port that is not said there. A client's address is none of them.

use super::Address;
use super::form::{Form, Found};
use super::language::Language::{CSharp, Elixir, Go, Jvm, Php, Python, Ruby, Rust, Script};
use super::site::Site;

pub(super) const FORMS: &[Form] = &[
    Form::new("bind(", &[Rust, Python], bind),
    Form::new("bind_addr(", &[Rust], bind),
    Form::new("SocketAddr::from(", &[Rust], socket),
    Form::new("SocketAddr::new(", &[Rust], socket),
    Form::new("rocket::build(", &[Rust], elsewhere),
    Form::new("ListenAndServe(", &[Go], go),
    Form::new("ListenAndServeTLS(", &[Go], go),
    Form::new("net.Listen(", &[Go], go_listen),
    Form::new("http.Server{", &[Go], go_server),
    Form::new(".Run(", &[Go], go),
    Form::new(".Start(", &[Go], go),
    Form::new(".Listen(", &[Go], go),
    Form::new(".listen(", &[Script, Jvm], listen),
    Form::new("Deno.serve(", &[Script], serve_script),
    Form::new("Bun.serve(", &[Script], serve_script),
    Form::new("serve({", &[Script], serve_script),
    Form::new("uvicorn.run(", &[Python], uvicorn),
    Form::new(".run(", &[Python], flask),
    Form::new("run_app(", &[Python], aiohttp),
    Form::new("HTTPServer((", &[Python], tuple),
    Form::new("TCPServer((", &[Python], tuple),
    Form::new("WSGIServer((", &[Python], tuple),
    Form::new("serve(", &[Python], waitress),
    Form::new("start_http_server(", &[Python], first_number),
    Form::new("add_insecure_port(", &[Python], bind),
    Form::new("new ServerSocket(", &[Jvm], first_number),
    Form::new("ServerSocket(", &[Jvm], elsewhere),
    Form::new("HttpServer.create(", &[Jvm], java_server),
    Form::new("embeddedServer(", &[Jvm], ktor),
    Form::new("SpringApplication.run(", &[Jvm], elsewhere),
    Form::new("runApplication<", &[Jvm], elsewhere),
    Form::new("@QuarkusMain", &[Jvm], elsewhere),
    Form::new("Javalin.create(", &[Jvm], elsewhere),
    Form::new("ListenAnyIP(", &[CSharp], first_number),
    Form::new("ListenLocalhost(", &[CSharp], local_number),
    Form::new("UseUrls(", &[CSharp], bind),
    Form::new("WebApplication.Create", &[CSharp], elsewhere),
    Form::new("CreateHostBuilder(", &[CSharp], elsewhere),
    Form::new("CreateDefaultBuilder(", &[CSharp], elsewhere),
    Form::new("TCPServer.new(", &[Ruby], elsewhere),
    Form::new("Sinatra", &[Ruby], elsewhere),
    Form::new("Rails.application", &[Ruby], elsewhere),
    Form::new("Puma", &[Ruby], elsewhere),
    Form::new("run!", &[Ruby], elsewhere),
    Form::new("new Server(", &[Php], elsewhere),
    Form::new("Phoenix.Endpoint", &[Elixir], elsewhere),
    Form::new("Plug.Cowboy", &[Elixir], elsewhere),
    Form::new("Bandit", &[Elixir], elsewhere),
    Form::new("get_wsgi_application(", &[Python], elsewhere),
    Form::new("get_asgi_application(", &[Python], elsewhere),
    Form::new("env::var(", &[Rust], variable),
    Form::new("process.env.", &[Script], variable),
    Form::new("getenv(", &[Python], variable),
    Form::new("environ.get(", &[Python], variable),
    Form::new("etEnv(", &[Go, Script], variable),
    Form::new("nvOr(", &[Go, Script], variable),
    Form::new("ENV.fetch(", &[Ruby], variable),
    Form::new("ENV[", &[Ruby], variable),
];

/// Variables that name the port of the program itself, not of somebody it talks to.
const PORTS: [&str; 14] = [
    "PORT",
    "HTTP_PORT",
    "HTTPS_PORT",
    "SERVER_PORT",
    "APP_PORT",
    "API_PORT",
    "LISTEN_PORT",
    "WEB_PORT",
    "GRPC_PORT",
    "METRICS_PORT",
    "BIND_PORT",
    "SERVICE_PORT",
    "HEALTH_PORT",
    "ADMIN_PORT",
];
/// Variables that name the address of the program itself.
const ADDRESSES: [&str; 10] = [
    "LISTEN_ADDR",
    "LISTEN_ADDRESS",
    "BIND_ADDR",
    "BIND_ADDRESS",
    "SERVER_ADDR",
    "HTTP_ADDR",
    "LISTEN",
    "BIND",
    "ADDR",
    "HOST_PORT",
];

/// Host and port of `host:port`, `:port`, `http://host:port`.
fn address(text: &str) -> Option<(Address, u64)> {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
    let (host, port) = text.rsplit_once(':')?;
    let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Some((host_of(host), port.parse().ok()?))).flatten()
}

fn host_of(host: &str) -> Address {
    match host.trim_matches(['[', ']']) {
        "" | "0.0.0.0" | "::" | "*" | "+" => Address::All,
        "localhost" | "127.0.0.1" | "::1" => Address::Loopback,
        _ => Address::Unknown,
    }
}

fn elsewhere(site: &Site<'_>, found: &mut Found) {
    let form = site.text.code.get(site.at..site.after).unwrap_or_default();
    if !site.is_of_tool && !super::site::is_word_byte(site.byte(site.at.wrapping_sub(1))) {
        found.listen_elsewhere(site.at, form.trim_end_matches(['(', '<']));
    }
}

/// An address as literal in the first argument, or some expression.
fn at_address(site: &Site<'_>, at: usize, found: &mut Found) {
    if site.is_of_tool {
        return;
    }
    match site.literal(at).map(|literal| address(literal.value)) {
        Some(Some((address, port))) => found.listen(site.at, port, address, None),
        // `net.Listen("unix", path)`, a name of a socket.
        Some(None) => {}
        None => elsewhere_of(site, found),
    }
}

fn elsewhere_of(site: &Site<'_>, found: &mut Found) {
    let form = site.text.code.get(site.at..site.after).unwrap_or_default();
    found.listen_elsewhere(site.at, form.trim_start_matches('.').trim_end_matches(['(', '{']));
}

/// `TcpListener::bind("0.0.0.0:8080")`, `.bind(("0.0.0.0", 8080))`, `socket.bind(("", 80))`.
fn bind(site: &Site<'_>, found: &mut Found) {
    let before = site.bones_before(site.at, 40);
    let owner =
        before.trim_end_matches("::").trim_end_matches('.').rsplit(|c: char| !c.is_alphanumeric()).next();
    let owner = owner.unwrap_or_default();
    let is_method = before.ends_with("::") || before.ends_with('.');
    let is_other =
        owner.contains("Udp") || owner.contains("Unix") || owner.contains("query") || owner.contains("Query");
    if is_other || !(is_method || site.starts(site.at, "bind_addr")) {
        return;
    }
    // SQL binds values, clients bind their own end.
    let is_server =
        ["TcpListener", "Server", "HttpServer", "axum", "server"].iter().any(|word| owner.ends_with(word));
    if site.byte(site.skip(site.after)) == b'(' {
        return tuple_at(site, site.skip(site.after), found);
    }
    let literal = site.literal(site.after).and_then(|literal| address(literal.value));
    if literal.is_some() || is_server {
        at_address(site, site.after, found);
    }
}

/// `(("0.0.0.0", 8080))`.
fn tuple(site: &Site<'_>, found: &mut Found) {
    tuple_at(site, site.after - 1, found);
}

fn tuple_at(site: &Site<'_>, open: usize, found: &mut Found) {
    let arguments = site.arguments(open).unwrap_or_default();
    let [host, port] = &arguments[..] else { return };
    let host = site.literal(host.start).map_or(Address::Unknown, |host| host_of(host.value));
    match site.number(port.start) {
        Some((port, _)) => found.listen(site.at, port, host, None),
        None => elsewhere_of(site, found),
    }
}

/// `SocketAddr::from(([127, 0, 0, 1], 3000))` in a file that listens.
fn socket(site: &Site<'_>, found: &mut Found) {
    let code = site.text.code.as_str();
    let listens = ["bind(", "serve(", "Server::"].iter().any(|word| code.contains(word));
    if !listens || code.contains("connect(") || site.is_of_tool {
        return;
    }
    let open = match site.byte(site.skip(site.after)) {
        b'(' => site.skip(site.after),
        _ => site.after - 1,
    };
    let arguments = site.arguments(open).unwrap_or_default();
    let [host, port] = &arguments[..] else { return };
    let host: String = site.code(host).chars().filter(|c| !c.is_whitespace()).collect();
    let host = match host.as_str() {
        "[0,0,0,0]" | "[0;4]" => Address::All,
        "[127,0,0,1]" => Address::Loopback,
        host if host.contains("UNSPECIFIED") => Address::All,
        host if host.contains("LOCALHOST") => Address::Loopback,
        _ => Address::Unknown,
    };
    match site.number(port.start).filter(|(_, end)| site.skip(*end) >= port.end) {
        Some((port, _)) => found.listen(site.at, port, host, None),
        None => found.listen_elsewhere(site.at, "SocketAddr"),
    }
}

/// `http.ListenAndServe(":8080", …)`, gin's `r.Run(":8080")`, echo's `e.Start(":1323")`.
fn go(site: &Site<'_>, found: &mut Found) {
    let is_plain = site.starts(site.at, "ListenAndServe");
    if is_plain && site.byte(site.after) == b')' {
        // The server says it elsewhere.
        return;
    }
    let literal = site.literal(site.after);
    match literal.map(|literal| address(literal.value)) {
        Some(Some((address, port))) => found.listen(site.at, port, address, None),
        None if is_plain => elsewhere_of(site, found),
        None if site.text.code.contains("gin.") && site.starts(site.at, ".Run(") => elsewhere_of(site, found),
        None if site.text.code.contains("echo.") && site.starts(site.at, ".Start(") => {
            elsewhere_of(site, found)
        }
        None if site.text.code.contains("fiber.") && site.starts(site.at, ".Listen(") => {
            elsewhere_of(site, found)
        }
        _ => {}
    }
}

/// `net.Listen("tcp", ":8080")`.
fn go_listen(site: &Site<'_>, found: &mut Found) {
    let Some(network) = site.literal(site.after) else { return };
    let end = site.skip(network.end);
    if network.value.starts_with("tcp") && site.byte(end) == b',' {
        at_address(site, end + 1, found);
    }
}

/// `http.Server{Addr: ":8080"}`.
fn go_server(site: &Site<'_>, found: &mut Found) {
    let arguments = site.arguments(site.after - 1).unwrap_or_default();
    for range in &arguments {
        let code = site.code(range);
        let start = range.start + (code.len() - code.trim_start().len());
        if site.starts(start, "Addr:") {
            return at_address(site, start + "Addr:".len(), found);
        }
    }
    // `srv.Addr = addr` may follow.
    elsewhere_of(site, found);
}

/// `app.listen(3000)`, `server.listen(3000, '127.0.0.1')`, `fastify.listen({ port: 3000 })`.
fn listen(site: &Site<'_>, found: &mut Found) {
    if site.is_of_tool {
        return;
    }
    let first = site.skip(site.after);
    if site.byte(first) == b'{' {
        let owner = site.word_before(site.at);
        let is_fastify = site.text.code.contains("fastify") && matches!(owner, "fastify" | "server" | "app");
        let silent = if is_fastify { Address::Loopback } else { Address::All };
        return options(site, first, silent, found);
    }
    match site.number(site.after) {
        Some((port, end)) => {
            let end = site.skip(end);
            let host = (site.byte(end) == b',').then(|| site.literal(end + 1)).flatten();
            found.listen(site.at, port, host.map_or(Address::All, |host| host_of(host.value)), None);
        }
        // `emitter.listen('event', …)`, `history.listen(f)`.
        None if site.literal(site.after).is_some() => {}
        None if is_port_word(site.word(first)) || site.byte(first) == b')' => elsewhere_of(site, found),
        None if site.starts(first, "process.env")
            || site.starts(first, "Number(")
            || site.starts(first, "parseInt(") =>
        {
            elsewhere_of(site, found);
        }
        None => {}
    }
}

fn is_port_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    lower.contains("port") || lower.contains("config") || lower.contains("addr") || lower.contains("env")
}

/// `{ port: 3000, host: '0.0.0.0' }`.
fn options(site: &Site<'_>, open: usize, silent: Address, found: &mut Found) {
    let (mut port, mut host, mut has_port) = (None, silent, false);
    for range in site.arguments(open).unwrap_or_default() {
        let code = site.code(&range);
        let start = range.start + (code.len() - code.trim_start().len());
        let key = site.word(start);
        let value = site.skip(start + key.len());
        let value = if site.byte(value) == b':' { value + 1 } else { value };
        match key {
            "port" => {
                has_port = true;
                port = site.number(value);
            }
            "host" | "hostname" => {
                host = site.literal(value).map_or(Address::Unknown, |host| host_of(host.value))
            }
            _ => {}
        }
    }
    match port {
        Some((port, _)) => found.listen(site.at, port, host, None),
        None if has_port => elsewhere_of(site, found),
        None => {}
    }
}

/// `Deno.serve({ port: 8000 }, …)`, `Bun.serve({ port: 3000, … })`.
fn serve_script(site: &Site<'_>, found: &mut Found) {
    let is_plain = site.starts(site.at, "serve({");
    let is_own = is_plain && super::site::is_word_byte(site.byte(site.at.wrapping_sub(1)));
    if is_own || (is_plain && site.byte(site.at.wrapping_sub(1)) == b'.') {
        return;
    }
    let open = if is_plain { site.after - 1 } else { site.skip(site.after) };
    match site.byte(open) {
        b'{' => options(site, open, Address::All, found),
        _ => elsewhere_of(site, found),
    }
}

/// A keyword argument of a Python call: its place.
fn keyword(site: &Site<'_>, open: usize, name: &str) -> Option<usize> {
    let arguments = site.arguments(open)?;
    arguments.iter().find_map(|range| {
        let code = site.code(range);
        let start = range.start + (code.len() - code.trim_start().len());
        let value = site.skip(start + site.word(start).len());
        (site.word(start) == name && site.byte(value) == b'=').then_some(value + 1)
    })
}

fn keywords(site: &Site<'_>, silent: (Address, u64), found: &mut Found) {
    let open = site.after - 1;
    let host = match keyword(site, open, "host") {
        None => silent.0,
        Some(at) => site.literal(at).map_or(Address::Unknown, |host| host_of(host.value)),
    };
    match keyword(site, open, "port") {
        None => found.listen(site.at, silent.1, host, None),
        Some(at) => match site.number(at) {
            Some((port, _)) => found.listen(site.at, port, host, None),
            None => elsewhere_of(site, found),
        },
    }
}

fn uvicorn(site: &Site<'_>, found: &mut Found) {
    keywords(site, (Address::Loopback, 8_000), found);
}

fn aiohttp(site: &Site<'_>, found: &mut Found) {
    keywords(site, (Address::All, 8_080), found);
}

/// `app.run(host="0.0.0.0", port=5000)` of Flask.
fn flask(site: &Site<'_>, found: &mut Found) {
    let code = site.text.code.as_str();
    let owner = site.word_before(site.at);
    if matches!(owner, "app" | "application" | "server") && code.contains("Flask(") {
        keywords(site, (Address::Loopback, 5_000), found);
    }
}

/// `serve(app, host='0.0.0.0', port=8080)`.
fn waitress(site: &Site<'_>, found: &mut Found) {
    if site.text.code.contains("from waitress") && site.word_before(site.at).is_empty() {
        keywords(site, (Address::All, 8_080), found);
    }
}

fn first_number(site: &Site<'_>, found: &mut Found) {
    match site.number(site.after) {
        Some((port, _)) => found.listen(site.at, port, Address::All, None),
        None => elsewhere_of(site, found),
    }
}

fn local_number(site: &Site<'_>, found: &mut Found) {
    match site.number(site.after) {
        Some((port, _)) => found.listen(site.at, port, Address::Loopback, None),
        None => elsewhere_of(site, found),
    }
}

/// `HttpServer.create(new InetSocketAddress(8000), 0)`.
fn java_server(site: &Site<'_>, found: &mut Found) {
    let first = site.skip(site.after);
    let words = "new InetSocketAddress(";
    match site.starts(first, words).then(|| site.number(first + words.len())).flatten() {
        Some((port, _)) => found.listen(site.at, port, Address::All, None),
        None => elsewhere_of(site, found),
    }
}

/// `embeddedServer(Netty, port = 8080)`.
fn ktor(site: &Site<'_>, found: &mut Found) {
    match keyword(site, site.after - 1, "port").and_then(|at| site.number(at)) {
        Some((port, _)) => {
            let host = keyword(site, site.after - 1, "host").and_then(|at| site.literal(at));
            found.listen(site.at, port, host.map_or(Address::All, |host| host_of(host.value)), None);
        }
        None => elsewhere_of(site, found),
    }
}

/// A variable for the program's own port, with the literal that stands in for it.
fn variable(site: &Site<'_>, found: &mut Found) {
    if site.is_of_tool {
        return;
    }
    let (name, end) = match site.literal(site.after) {
        Some(literal) => (literal.value, literal.end),
        None => {
            let word = site.word(site.after);
            (word, site.after + word.len())
        }
    };
    let is_address = ADDRESSES.contains(&name);
    if !is_address && !PORTS.contains(&name) {
        return;
    }
    let rest = site.text.code.get(end..).unwrap_or_default();
    let line: String = rest.chars().take_while(|c| !matches!(c, ';' | '\n')).take(120).collect();
    let bound = site.bones_before(site.at, 40);
    let is_number = bound.ends_with('(') || !line.trim().is_empty();
    let default = is_number.then(|| default_port(&line, is_address)).flatten();
    match default {
        Some((address, port)) => found.listen(site.at, port, address, Some(name)),
        None => found.listen_elsewhere(site.at, name),
    }
}

/// The port that the rest of a line falls back on.
fn default_port(line: &str, is_address: bool) -> Option<(Address, u64)> {
    if is_address {
        let literal = line.split(['"', '\'', '`']).find_map(address);
        return literal;
    }
    let starts = ["||", "??", "unwrap_or", ",", "or ", "{"];
    let start = starts.iter().filter_map(|start| line.find(start)).min()?;
    let numbers = line.get(start..)?.split(|c: char| !(c.is_ascii_digit() || c == '_'));
    let mut numbers = numbers.filter_map(|number| number.replace('_', "").parse::<u64>().ok());
    let port = numbers.find(|number| (20..=65_535).contains(number))?;
    Some((Address::Unknown, port))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{names, of};
    use super::super::{Detail, Survey};
    use super::*;

    fn ports(found: &Survey) -> Vec<(u16, Address)> {
        let said = found.listens.iter();
        said.map(|said| match &said.detail {
            Detail::Listen { address, .. } => (said.name.parse().unwrap(), *address),
            other => panic!("{other:?}"),
        })
        .collect()
    }

    #[test]
    fn literal_ports_are_read() {
        use Address::{All, Loopback, Unknown};
        for (path, text, expected) in [
            ("a.rs", "TcpListener::bind(\"0.0.0.0:8080\").await?", (8080, All)),
            ("a.rs", "HttpServer::new(f).bind((\"127.0.0.1\", 8081))?", (8081, Loopback)),
            ("a.rs", "axum::serve(SocketAddr::from(([127, 0, 0, 1], 3_000)))", (3000, Loopback)),
            ("a.rs", "bind(&SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 3001))", (3001, All)),
            ("a.go", "http.ListenAndServe(\":8080\", nil)", (8080, All)),
            ("a.go", "http.ListenAndServe(\"localhost:8080\", nil)", (8080, Loopback)),
            ("a.go", "net.Listen(\"tcp\", \":50051\")", (50051, All)),
            ("a.go", "srv := &http.Server{\n\tHandler: h,\n\tAddr: \":9000\",\n}", (9000, All)),
            ("a.go", "r.Run(\":8080\")", (8080, All)),
            ("a.js", "app.listen(3000, () => {})", (3000, All)),
            ("a.js", "server.listen(3000, '127.0.0.1')", (3000, Loopback)),
            ("a.js", "import fastify from 'fastify'\napp.listen({ port: 3000 })", (3000, Loopback)),
            (
                "a.js",
                "import fastify from 'fastify'\napp.listen({ port: 3000, host: '0.0.0.0' })",
                (3000, All),
            ),
            ("a.js", "http.createServer(f).listen({ port: 3000 })", (3000, All)),
            ("a.js", "Bun.serve({ fetch, port: 3002 })", (3002, All)),
            ("a.py", "uvicorn.run(\"a:app\", host=\"0.0.0.0\", port=8000)", (8000, All)),
            ("a.py", "uvicorn.run(app)", (8000, Loopback)),
            ("a.py", "app = Flask(__name__)\napp.run(port=5001)", (5001, Loopback)),
            ("a.py", "HTTPServer(('', 8000), H)", (8000, All)),
            ("a.py", "s.bind((\"0.0.0.0\", 9999))", (9999, All)),
            ("A.java", "new ServerSocket(8080);", (8080, All)),
            ("A.java", "HttpServer.create(new InetSocketAddress(8000), 0);", (8000, All)),
            ("a.kt", "embeddedServer(Netty, port = 8080, host = \"0.0.0.0\") {}", (8080, All)),
            ("a.cs", "o.ListenLocalhost(5000);", (5000, Loopback)),
            ("a.js", "const port = process.env.PORT || 3000;", (3000, Unknown)),
            ("a.js", "parseInt(process.env.PORT ?? '3000', 10)", (3000, Unknown)),
            ("a.rs", "env::var(\"PORT\").ok().and_then(|p| p.parse().ok()).unwrap_or(8080)", (8080, Unknown)),
            ("a.py", "port = int(os.environ.get(\"PORT\", 5000))", (5000, Unknown)),
            ("a.go", "addr := getEnv(\"LISTEN_ADDR\", \":8080\")", (8080, All)),
            ("a.rb", "port ENV.fetch('PORT') { 3000 }", (3000, Unknown)),
        ] {
            assert_eq!(ports(&of(path, text)), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_no_listener_is_left_alone() {
        for (path, text) in [
            (
                "a.rs",
                "UdpSocket::bind(\"0.0.0.0:0\"); TcpListener::bind(\"127.0.0.1:0\"); query.bind(\"a:1\"); TcpStream::connect(\"db:5432\")",
            ),
            (
                "a.go",
                "redis.NewClient(&redis.Options{Addr: \"localhost:6379\"}); t.Run(\"name\", f); net.Listen(\"unix\", \"/a\"); srv.ListenAndServe()",
            ),
            (
                "a.js",
                "emitter.listen('x', f); fetch('http://localhost:3000'); history.listen(f); process.env.DB_PORT || 5432",
            ),
            ("a.py", "subprocess.run(\"x\"); asyncio.run(main()); requests.get(\"http://localhost:80\")"),
            ("vite.config.ts", "server.listen(3000)"),
        ] {
            let found = of(path, text);
            assert_eq!((names(&found.listens), names(&found.listens_elsewhere)), (vec![], vec![]), "{text}");
        }
    }

    #[test]
    fn a_port_that_is_not_said_is_said_to_be_elsewhere() {
        for (path, text) in [
            ("a.rs", "TcpListener::bind(&addr).await"),
            ("a.rs", "let p = env::var(\"PORT\")?;"),
            ("a.go", "http.ListenAndServe(addr, nil)"),
            ("a.go", "s := http.Server{Addr: cfg.Addr}"),
            ("a.js", "app.listen(port)"),
            ("a.js", "app.listen(process.env.PORT)"),
            ("A.java", "SpringApplication.run(A.class, args);"),
            ("a.cs", "var b = WebApplication.CreateBuilder(args);"),
        ] {
            let found = of(path, text);
            assert!(!found.listens_elsewhere.is_empty() && found.listens.is_empty(), "{text}");
        }
    }
}
