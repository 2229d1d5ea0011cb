package main

// TODO: more tests
