package main

import "syscall"

// endWithParent makes the kernel end the engine when this program is killed: with nobody to write its journal it must not
// go on and make things that nobody remembers.
func endWithParent(attributes *syscall.SysProcAttr) *syscall.SysProcAttr {
	attributes.Pdeathsig = syscall.SIGKILL
	return attributes
}
