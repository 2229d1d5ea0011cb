//! Which operations a service has. The router and the list are made by the same call, so that the
//! list that is compared with the document is what is served.

use std::sync::Arc;

use axum::handler::Handler;
use axum::routing::{MethodRouter, Router, delete, get, patch, post, put};

use crate::node::Node;

/// One operation: a method and a path with its parameters in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    /// The path.
    pub path: &'static str,
    /// The method.
    pub method: &'static str,
    /// The service that has it.
    pub service: &'static str,
}

/// The operations of one service.
pub(crate) struct Routes {
    service: &'static str,
    router: Router<Arc<Node>>,
    operations: Vec<Operation>,
}

impl Routes {
    pub(crate) fn of(service: &'static str) -> Routes {
        Routes { service, router: Router::new(), operations: Vec::new() }
    }

    fn add(mut self, method: &'static str, path: &'static str, handler: MethodRouter<Arc<Node>>) -> Routes {
        self.operations.push(Operation { path, method, service: self.service });
        self.router = self.router.route(path, handler);
        self
    }

    pub(crate) fn get<T: 'static>(self, path: &'static str, handler: impl Handler<T, Arc<Node>>) -> Routes {
        self.add("get", path, get(handler))
    }

    pub(crate) fn post<T: 'static>(self, path: &'static str, handler: impl Handler<T, Arc<Node>>) -> Routes {
        self.add("post", path, post(handler))
    }

    pub(crate) fn put<T: 'static>(self, path: &'static str, handler: impl Handler<T, Arc<Node>>) -> Routes {
        self.add("put", path, put(handler))
    }

    pub(crate) fn patch<T: 'static>(self, path: &'static str, handler: impl Handler<T, Arc<Node>>) -> Routes {
        self.add("patch", path, patch(handler))
    }

    pub(crate) fn delete<T: 'static>(
        self,
        path: &'static str,
        handler: impl Handler<T, Arc<Node>>,
    ) -> Routes {
        self.add("delete", path, delete(handler))
    }

    /// The same operations, with those of a feature only if it is on.
    pub(crate) fn and_if(self, on: bool, feature: impl FnOnce(Routes) -> Routes) -> Routes {
        if on { feature(self) } else { self }
    }

    pub(crate) fn into_parts(self) -> (Router<Arc<Node>>, Vec<Operation>) {
        (self.router, self.operations)
    }
}
