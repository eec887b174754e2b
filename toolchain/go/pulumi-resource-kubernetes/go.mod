module petrichor.dev/pulumi-resource-kubernetes

go 1.26

require (
	github.com/fluxcd/cli-utils v0.37.2-flux.1
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
	google.golang.org/grpc v1.76.0
	google.golang.org/protobuf v1.36.10
	k8s.io/api v0.37.2
	k8s.io/apimachinery v0.37.2
	k8s.io/client-go v0.37.2
)
