//go:build !linux

package main

import "syscall"

// endWithParent can do nothing here: the engine ends by itself when it can't reach the service for a while.
func endWithParent(attributes *syscall.SysProcAttr) *syscall.SysProcAttr { return attributes }
