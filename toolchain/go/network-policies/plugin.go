package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"

	"github.com/containernetworking/cni/pkg/skel"
	cni "github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
	"github.com/containernetworking/cni/pkg/version"
	"k8s.io/apimachinery/pkg/types"
)

// settings is the plugin's part of the network's configuration.
type settings struct {
	cni.NetConf
	Socket string `json:"socket"`
}

// podArguments is what the container runtime says of the pod.
type podArguments struct {
	cni.CommonArgs
	K8S_POD_NAMESPACE, K8S_POD_NAME, K8S_POD_INFRA_CONTAINER_ID, K8S_POD_UID cni.UnmarshallableString
}

func pluginMain() {
	nothing := func(*skel.CmdArgs) error { return nil }
	skel.PluginMainFuncs(skel.CNIFuncs{Add: add, Del: nothing, Check: nothing}, version.All, "network-policies")
}

// add comes after the plugin that gave the pod its address, whose result it passes on.
func add(arguments *skel.CmdArgs) error {
	var said settings
	if err := json.Unmarshal(arguments.StdinData, &said); err != nil {
		return err
	}
	if err := version.ParsePrevResult(&said.NetConf); err != nil {
		return err
	}
	result, err := current.NewResultFromResult(said.PrevResult)
	if err != nil {
		return err
	}
	var named podArguments
	if err := cni.LoadArgs(arguments.Args, &named); err != nil {
		return err
	}
	if len(result.IPs) == 0 {
		return errors.New("the pod has no address")
	}
	address, ok := netip.AddrFromSlice(result.IPs[0].Address.IP)
	if !ok {
		return fmt.Errorf("%v is no address", result.IPs[0].Address.IP)
	}
	if err := tell(said.Socket, announcement{types.UID(named.K8S_POD_UID), address.Unmap()}); err != nil {
		return fmt.Errorf("network policies of %s/%s: %w", named.K8S_POD_NAMESPACE, named.K8S_POD_NAME, err)
	}
	return cni.PrintResult(said.PrevResult, said.CNIVersion)
}
