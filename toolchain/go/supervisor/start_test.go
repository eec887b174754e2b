package main

import (
	"math"
	"os"
	"testing"

	"github.com/vishvananda/netlink"
)

func TestALinkThatTheKernelRemovedFirstIsRemoved(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("links are root's to remove")
	}
	gone := &netlink.Dummy{LinkAttrs: netlink.LinkAttrs{Name: "gone", Index: math.MaxInt32}}
	if err := removeLink(gone); err != nil {
		t.Fatal(err)
	}
}
