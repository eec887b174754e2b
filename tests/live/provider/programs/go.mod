// Modules that carry public programs as their own test data. Nothing is compiled: they are fetched, checked against
// go.sum, and run as they are.
module petrichor.test/programs

go 1.26

require (
	github.com/pulumi/pulumi-kubernetes v1.6.0
	github.com/pulumi/pulumi/pkg/v3 v3.0.0
	sigs.k8s.io/gateway-api v1.6.1
)
