package main

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
)

func issueAll(t *testing.T, folder string, wanted authorities) *signer {
	t.Helper()
	for _, authority := range wanted.Authorities {
		if err := authority.ensure(folder, days(wanted.RenewBeforeDays)); err != nil {
			t.Fatal(err)
		}
	}
	issued, err := readSigner(filepath.Join(folder, "server"))
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

func wantedWith(hosts []string, validDays int) authorities {
	server := certificate{Name: "server", CommonName: "server", Hosts: hosts, Days: validDays}
	return authorities{
		RenewBeforeDays: 30,
		Authorities:     []authority{{Name: "ca", Days: 3650, Certificates: []certificate{server}}},
	}
}

func TestCertificatesAreKeptWhileTheyFit(t *testing.T) {
	folder := t.TempDir()
	first := issueAll(t, folder, wantedWith([]string{"localhost", "127.0.0.1"}, 365))
	again := issueAll(t, folder, wantedWith([]string{"127.0.0.1", "localhost"}, 365))
	if first.certificate.SerialNumber.Cmp(again.certificate.SerialNumber) != 0 {
		t.Error("a certificate that fits was made anew")
	}
	authority, err := readSigner(filepath.Join(folder, "ca"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(authority.certificate)
	if _, err := again.certificate.Verify(x509.VerifyOptions{Roots: roots, DNSName: "localhost"}); err != nil {
		t.Error(err)
	}
	if _, err := again.certificate.Verify(x509.VerifyOptions{Roots: roots, DNSName: "elsewhere"}); err == nil {
		t.Error("the certificate holds for a name that it was not made for")
	}
	information, err := os.Stat(filepath.Join(folder, "server.key"))
	if err != nil || information.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode is %v (%v)", information.Mode(), err)
	}
}

func TestCertificatesAreRenewed(t *testing.T) {
	hosts := []string{"localhost"}
	cases := map[string]struct {
		before authorities
		spoil  func(t *testing.T, folder string)
	}{
		"it expires within 30 days":           {before: wantedWith(hosts, 29)},
		"it lacks a host":                     {before: wantedWith([]string{"other"}, 365)},
		"its key is another's":                {before: wantedWith(hosts, 365), spoil: swapKey},
		"its authority's certificate is gone": {before: wantedWith(hosts, 365), spoil: removeAuthority},
	}
	for name, each := range cases {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			before := issueAll(t, folder, each.before)
			if each.spoil != nil {
				each.spoil(t, folder)
			}
			after := issueAll(t, folder, wantedWith(hosts, 365))
			if before.certificate.SerialNumber.Cmp(after.certificate.SerialNumber) == 0 {
				t.Error("the certificate was kept")
			}
		})
	}
}

func swapKey(t *testing.T, folder string) {
	t.Helper()
	if err := os.Rename(filepath.Join(folder, "ca.key"), filepath.Join(folder, "server.key")); err != nil {
		t.Fatal(err)
	}
}

func removeAuthority(t *testing.T, folder string) {
	t.Helper()
	if err := os.Remove(filepath.Join(folder, "ca.crt")); err != nil {
		t.Fatal(err)
	}
}
