package main

import "net/http/httputil"

func proxy(to string) *httputil.ReverseProxy {
	return httputil.NewSingleHostReverseProxy(parsed(to))
}
