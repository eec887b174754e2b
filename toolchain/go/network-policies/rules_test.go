package main

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/knftables"
)

func onePod(namespace, app, address string, ports ...corev1.ContainerPort) pod {
	return pod{namespace, labels.Set{"app": app}, netip.MustParseAddr(address), ports}
}

func selector(app string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{"app": app}}
}

func port(value intstr.IntOrString, protocol corev1.Protocol) networkingv1.NetworkPolicyPort {
	return networkingv1.NetworkPolicyPort{Port: &value, Protocol: &protocol}
}

// dump lets a stand-in for nft take the rules, which refuses what the real one would, and returns what it then holds.
func dump(t *testing.T, w world) string {
	t.Helper()
	fake := knftables.NewFake(knftables.IPv4Family, table)
	tx := fake.NewTransaction()
	w.rules(tx)
	if err := fake.Run(context.Background(), tx); err != nil {
		t.Fatal(err)
	}
	return fake.Dump()
}

func expectLines(t *testing.T, have string, want ...string) {
	t.Helper()
	for _, line := range want {
		if !strings.Contains(have, "add "+line+"\n") {
			t.Errorf("there is no %q in\n%s", line, have)
		}
	}
}

func TestPodsThatNoPolicySelectsAreLeftAlone(t *testing.T) {
	have := dump(t, world{pods: []pod{onePod("shop", "api", "10.244.0.2")}})
	if strings.Contains(have, "reject") {
		t.Errorf("something is refused:\n%s", have)
	}
	expectLines(t, have, "rule ip network-policies received ct state established,related accept")
}

func TestAnIngressRuleOpensItsPortsToItsPeersAlone(t *testing.T) {
	policy := &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "api"},
		Spec: networkingv1.NetworkPolicySpec{
			PodSelector: *selector("api"),
			PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress},
			Ingress: []networkingv1.NetworkPolicyIngressRule{{
				From: []networkingv1.NetworkPolicyPeer{
					{PodSelector: selector("web")},
					{NamespaceSelector: selector("edge"), PodSelector: selector("proxy")},
					{IPBlock: &networkingv1.IPBlock{CIDR: "192.0.2.0/24", Except: []string{"192.0.2.7/32"}}},
					{IPBlock: &networkingv1.IPBlock{CIDR: "2001:db8::/32"}},
				},
				Ports: []networkingv1.NetworkPolicyPort{
					port(intstr.FromInt32(9000), corev1.ProtocolTCP),
					port(intstr.FromString("metrics"), corev1.ProtocolTCP),
				},
			}},
		},
	}
	metrics := corev1.ContainerPort{Name: "metrics", ContainerPort: 9090, Protocol: corev1.ProtocolTCP}
	have := dump(t, world{
		pods: []pod{
			onePod("shop", "api", "10.244.0.2", metrics),
			onePod("shop", "web", "10.244.0.3"),
			onePod("other", "web", "10.244.0.4"),
			onePod("edge", "proxy", "10.244.0.5"),
		},
		namespaces: map[string]labels.Set{"edge": {"app": "edge"}, "other": {}, "shop": {}},
		policies:   []*networkingv1.NetworkPolicy{policy},
	})
	chain := chainOf(policy, ingress)
	expectLines(t, have,
		"element ip network-policies peers-"+chain+"-0 { 10.244.0.3 }",
		"element ip network-policies peers-"+chain+"-0 { 10.244.0.5 }",
		"element ip network-policies port-"+chain+"-0-1 { 10.244.0.2 . 9090 }",
		"rule ip network-policies "+chain+" ip saddr @peers-"+chain+"-0 tcp dport 9000 accept",
		"rule ip network-policies "+chain+" ip saddr 192.0.2.0/24 ip saddr != { 192.0.2.7/32 } tcp dport 9000 accept",
		"rule ip network-policies "+chain+" ip saddr @peers-"+chain+"-0 ip daddr . tcp dport @port-"+chain+"-0-1 accept",
		"element ip network-policies ingress { 10.244.0.2 : goto pod-10.244.0.2-ingress }",
		"rule ip network-policies pod-10.244.0.2-ingress reject with icmp type admin-prohibited",
	)
	if strings.Contains(have, "peers-"+chain+"-0 { 10.244.0.4 }") {
		t.Errorf("a pod of another namespace is a peer:\n%s", have)
	}
	if strings.Contains(have, "goto pod-10.244.0.3") {
		t.Errorf("a pod is closed that no policy selects:\n%s", have)
	}
}

func TestAnEgressPolicyWithoutRulesLetsNothingOut(t *testing.T) {
	policy := &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "default"},
		Spec:       networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}},
	}
	have := dump(t, world{pods: []pod{onePod("shop", "api", "10.244.0.2")}, policies: []*networkingv1.NetworkPolicy{policy}})
	expectLines(t, have,
		"rule ip network-policies sent ip saddr vmap @egress",
		"rule ip network-policies sent-to-node ip saddr vmap @egress",
		"element ip network-policies egress { 10.244.0.2 : goto pod-10.244.0.2-egress }",
		"rule ip network-policies pod-10.244.0.2-egress jump "+chainOf(policy, egress),
	)
	if strings.Contains(have, chainOf(policy, egress)+" accept") {
		t.Errorf("something may leave:\n%s", have)
	}
}

func TestARuleWithoutPeersOrPortsAllowsAll(t *testing.T) {
	policy := &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "open"},
		Spec: networkingv1.NetworkPolicySpec{
			PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress},
			Ingress:     []networkingv1.NetworkPolicyIngressRule{{}},
		},
	}
	have := dump(t, world{pods: []pod{onePod("shop", "api", "10.244.0.2")}, policies: []*networkingv1.NetworkPolicy{policy}})
	expectLines(t, have, "rule ip network-policies "+chainOf(policy, ingress)+" accept")
}
