package main

import "net/http"

func main() {
	// http.ListenAndServe(":9999", nil)
	http.HandleFunc("/health", health)
	http.ListenAndServe(":8080", nil)
}
