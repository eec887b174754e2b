// Command ends stands in for a command that does its work and succeeds.
package main

func main() {}
