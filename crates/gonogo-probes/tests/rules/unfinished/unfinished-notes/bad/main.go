package main

// TODO: close the file
func main() {}
