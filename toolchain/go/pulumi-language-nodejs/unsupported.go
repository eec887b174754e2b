package main

import (
	"context"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// This host runs programs and does not write them: the calls below generate code, which takes the official distribution.

func unsupported(command string) error {
	return status.Errorf(codes.Unimplemented,
		"`%s` is not supported by this Node.js language host, which only runs programs. "+
			"Use the one of the official Pulumi distribution: https://www.pulumi.com/docs/install/", command)
}

// GenerateProgram is not supported.
func (host *languageHost) GenerateProgram(
	context.Context, *pulumirpc.GenerateProgramRequest,
) (*pulumirpc.GenerateProgramResponse, error) {
	return nil, unsupported("pulumi convert")
}

// GenerateProject is not supported.
func (host *languageHost) GenerateProject(
	context.Context, *pulumirpc.GenerateProjectRequest,
) (*pulumirpc.GenerateProjectResponse, error) {
	return nil, unsupported("pulumi convert")
}

// GeneratePackage is not supported.
func (host *languageHost) GeneratePackage(
	context.Context, *pulumirpc.GeneratePackageRequest,
) (*pulumirpc.GeneratePackageResponse, error) {
	return nil, unsupported("pulumi package gen-sdk")
}

// Pack is not supported.
func (host *languageHost) Pack(context.Context, *pulumirpc.PackRequest) (*pulumirpc.PackResponse, error) {
	return nil, unsupported("pulumi package pack-sdk")
}

// Link is not supported.
func (host *languageHost) Link(context.Context, *pulumirpc.LinkRequest) (*pulumirpc.LinkResponse, error) {
	return nil, unsupported("pulumi package add")
}
