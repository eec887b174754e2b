package cluster

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
)

// patience is how long an operation goes on trying while the API server is away or refuses for the moment. It covers
// the restart of a control plane.
const patience = time.Minute

// UnreachableError says that there was no answer at all, which is another thing than "not found".
type UnreachableError struct {
	Host string
	Err  error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("no answer from the API server at %s: %v", e.Host, e.Err)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// isConnectionError tells failures of the connection: the request may or may not have arrived. A certificate that
// isn't trusted and credentials that can't be had are no such failures; they stay.
func isConnectionError(err error) bool {
	var netError net.Error
	var untrusted *tls.CertificateVerificationError
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.As(err, &untrusted),
		strings.Contains(err.Error(), "getting credentials"):
		return false
	}
	return errors.As(err, &netError) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) ||
		strings.Contains(err.Error(), "http2: ")
}

// isTemporary tells refusals that another try may get past, besides connection errors: too many requests, time-outs,
// a server that is starting or stopping, a write that met another one.
func isTemporary(err error) bool {
	return apierrors.IsTooManyRequests(err) || apierrors.IsServerTimeout(err) || apierrors.IsTimeout(err) ||
		apierrors.IsServiceUnavailable(err) || apierrors.IsInternalError(err) || isWriteConflict(err)
}

// isWriteConflict tells "the object has been modified" from a conflict over fields, which stays until someone decides.
func isWriteConflict(err error) bool {
	return apierrors.IsConflict(err) && !IsFieldConflict(err)
}

// IsFieldConflict tells that fields belong to another field manager.
func IsFieldConflict(err error) bool {
	return apierrors.IsConflict(err) && apierrors.HasStatusCause(err, metav1.CauseTypeFieldManagerConflict)
}

// isMissingNamespace tells "the namespace does not exist" from "the object does not exist".
func isMissingNamespace(err error) bool {
	var status apierrors.APIStatus
	if !apierrors.IsNotFound(err) || !errors.As(err, &status) {
		return false
	}
	details := status.Status().Details
	return details != nil && details.Kind == "namespaces"
}

// retryTemporary runs a request that may be repeated until it succeeds, fails for good, or patience ends.
func retryTemporary(ctx context.Context, request func() error) error {
	return retryFor(ctx, patience, request)
}

func retryFor(ctx context.Context, limit time.Duration, request func() error) error {
	return retry(ctx, limit, func(err error) bool { return isConnectionError(err) || isTemporary(err) }, request)
}

// retry repeats a request while its failure is worth another try, at growing intervals. It returns the request's own
// last error, never a bare "timed out".
func retry(ctx context.Context, limit time.Duration, worthAnother func(error) bool, request func() error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	backoff := wait.Backoff{Duration: 100 * time.Millisecond, Factor: 2, Jitter: 0.2, Steps: 100, Cap: 5 * time.Second}
	for {
		err := request()
		if err == nil || !worthAnother(err) {
			return err
		}
		pause := backoff.Step()
		if retryAfter, ok := apierrors.SuggestsClientDelay(err); ok {
			pause = max(pause, time.Duration(retryAfter)*time.Second)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}
