package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// authorities is a set of certificate authorities and what each of them signs. File names have no extension:
// NAME.crt is the certificate, NAME.key its private key.
type authorities struct {
	Folder string `json:"folder"`
	// RenewBeforeDays: a certificate that expires sooner is made again.
	RenewBeforeDays int         `json:"renewBeforeDays"`
	Authorities     []authority `json:"authorities"`
	// Keys are key pairs without a certificate, for signing tokens: NAME.key and NAME.pub.
	Keys []string `json:"keys"`
}

type authority struct {
	Name         string        `json:"name"`
	Days         int           `json:"days"`
	Certificates []certificate `json:"certificates"`
}

type certificate struct {
	Name         string   `json:"name"`
	CommonName   string   `json:"commonName"`
	Organization []string `json:"organization"`
	// Names and addresses that the certificate serves; none for a pure client.
	Hosts  []string `json:"hosts"`
	Client bool     `json:"client"`
	Days   int      `json:"days"`
}

type signer struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

func certificates(path string) error {
	var wanted authorities
	if err := readJSON(path, &wanted); err != nil {
		return err
	}
	if err := os.MkdirAll(wanted.Folder, 0o700); err != nil {
		return err
	}
	for _, name := range wanted.Keys {
		if err := ensureKeyPair(filepath.Join(wanted.Folder, name)); err != nil {
			return err
		}
	}
	renewBefore := days(wanted.RenewBeforeDays)
	for _, authority := range wanted.Authorities {
		if err := authority.ensure(wanted.Folder, renewBefore); err != nil {
			return fmt.Errorf("certificate authority %s: %w", authority.Name, err)
		}
	}
	return nil
}

func days(number int) time.Duration { return time.Duration(number) * 24 * time.Hour }

func (a authority) ensure(folder string, renewBefore time.Duration) error {
	path := filepath.Join(folder, a.Name)
	issuer, err := readSigner(path)
	if err != nil || expiresWithin(issuer.certificate, renewBefore) {
		template := &x509.Certificate{
			Subject:               pkix.Name{CommonName: a.Name},
			KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
			IsCA:                  true,
			BasicConstraintsValid: true,
		}
		if issuer, err = issue(path, template, nil, a.Days); err != nil {
			return err
		}
	}
	for _, certificate := range a.Certificates {
		if err := certificate.ensure(filepath.Join(folder, certificate.Name), issuer, renewBefore); err != nil {
			return fmt.Errorf("certificate %s: %w", certificate.Name, err)
		}
	}
	return nil
}

func (c certificate) ensure(path string, issuer *signer, renewBefore time.Duration) error {
	if current, err := readSigner(path); err == nil && c.satisfiedBy(current.certificate, issuer, renewBefore) {
		return nil
	}
	template := &x509.Certificate{
		Subject:  pkix.Name{CommonName: c.CommonName, Organization: c.Organization},
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if c.Client {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageClientAuth)
	}
	if len(c.Hosts) > 0 {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	for _, host := range c.Hosts {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	_, err := issue(path, template, issuer, c.Days)
	return err
}

func (c certificate) satisfiedBy(current *x509.Certificate, issuer *signer, renewBefore time.Duration) bool {
	hosts := slices.Clone(current.DNSNames)
	for _, address := range current.IPAddresses {
		hosts = append(hosts, address.String())
	}
	wanted := slices.Clone(c.Hosts)
	slices.Sort(hosts)
	slices.Sort(wanted)
	return !expiresWithin(current, renewBefore) &&
		current.CheckSignatureFrom(issuer.certificate) == nil &&
		current.Subject.CommonName == c.CommonName &&
		slices.Equal(current.Subject.Organization, c.Organization) &&
		slices.Equal(hosts, wanted)
}

func expiresWithin(certificate *x509.Certificate, span time.Duration) bool {
	return time.Now().Add(span).After(certificate.NotAfter)
}

// issue makes a key and a certificate for it, signed by the issuer or, without one, by itself.
func issue(path string, template *x509.Certificate, issuer *signer, days int) (*signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil {
		return nil, err
	}
	now := time.Now()
	template.NotBefore = now.Add(-5 * time.Minute) // for a clock that is set back a little
	template.NotAfter = now.AddDate(0, 0, days)
	if issuer == nil {
		issuer = &signer{certificate: template, key: key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.certificate, key.Public(), issuer.key)
	if err != nil {
		return nil, err
	}
	if err := writeKey(path+".key", key); err != nil {
		return nil, err
	}
	if err := writePEM(path+".crt", "CERTIFICATE", der, 0o644); err != nil {
		return nil, err
	}
	return readSigner(path)
}

func ensureKeyPair(path string) error {
	if _, err := os.Stat(path + ".pub"); err == nil {
		return nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	if err := writeKey(path+".key", key); err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return writePEM(path+".pub", "PUBLIC KEY", der, 0o644)
}

func writeKey(path string, key crypto.Signer) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(path, "PRIVATE KEY", der, 0o600)
}

// writePEM replaces the file in one step: a reader never sees half of it.
func writePEM(path, kind string, der []byte, mode os.FileMode) error {
	next := path + ".next"
	if err := os.WriteFile(next, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode); err != nil {
		return err
	}
	return os.Rename(next, path)
}

func readSigner(path string) (*signer, error) {
	der, err := readPEM(path + ".crt")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	if der, err = readPEM(path + ".key"); err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok || !private.PublicKey.Equal(parsed.PublicKey) {
		return nil, errors.New("the key is not the certificate's")
	}
	return &signer{certificate: parsed, key: private}, nil
}

func readPEM(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s is not in PEM", path)
	}
	return block.Bytes, nil
}
