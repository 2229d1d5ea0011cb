//! Over TLS to a real nginx. Without nginx on the machine it is left out.

use gonogo_load::measure::Failure;
use gonogo_load::{Flow, Target, Tls, Trust};
use testbed_servers::{Authority, Leaf, Nginx, NginxOptions};

use super::server::{Server, target};
use super::{done, open, order, whole};

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_spoken_with_whom_is_trusted() {
    if Nginx::find().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let names = vec!["localhost".to_owned()];
    let paper = Authority::new().unwrap().issue(&Leaf { names, ..Leaf::default() }, folder.path()).unwrap();
    let pem = std::fs::read_to_string(&paper.authority).unwrap();
    let nginx = Nginx::start(&NginxOptions { tls: Some(paper), ..NginxOptions::default() }).unwrap();
    let server = Server::start(None).await;
    let run = async |name: &str, trust| {
        let mut order = order(open(100, 300, 5), &server, Flow::of_path("/").unwrap());
        let tls = Some(Tls { name: name.to_owned(), trust });
        order.targets = vec![Target { tls, ..target(nginx.port()) }];
        let all = whole(&done(order).await);
        (all.started, all.good, all.failures)
    };
    let (good, bad) = ((30, 30, [].into()), (30, 0, [(Failure::Tls, 30)].into()));
    assert_eq!(run("localhost", Trust::Only { pem: pem.clone() }).await, good);
    assert_eq!(run("localhost", Trust::Public { and: pem.clone() }).await, good);
    assert_eq!(run("localhost", Trust::Public { and: String::new() }).await, bad);
    assert_eq!(run("other.test", Trust::Only { pem }).await, bad);
    assert_eq!(run("other.test", Trust::Anybody).await, good);
}
