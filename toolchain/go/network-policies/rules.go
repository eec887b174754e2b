package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/knftables"
)

// table holds everything that the policies come to; it is replaced in one piece.
const table = "network-policies"

// pod is one that has an address of its own.
type pod struct {
	namespace string
	labels    labels.Set
	address   netip.Addr
	ports     []corev1.ContainerPort
}

// world is what the rules are made from.
type world struct {
	pods       []pod
	namespaces map[string]labels.Set
	policies   []*networkingv1.NetworkPolicy
}

type direction struct {
	kind networkingv1.PolicyType
	// name stands in the names of chains and sets.
	name string
	// peer is what a packet says of the other side.
	peer string
}

var (
	ingress = direction{kind: networkingv1.PolicyTypeIngress, name: "ingress", peer: "ip saddr"}
	egress  = direction{kind: networkingv1.PolicyTypeEgress, name: "egress", peer: "ip daddr"}
)

// rules writes the table that enforces every policy. A packet passes two chains: what its sender may send, and what its receiver
// may get. What comes from the node itself is let through: it is how the kubelet checks pods and how load balancers reach them.
func (w world) rules(tx *knftables.Transaction) {
	tx.Add(&knftables.Table{})
	tx.Delete(&knftables.Table{})
	tx.Add(&knftables.Table{})
	tx.Add(&knftables.Set{Name: "itself", Type: "ipv4_addr . ipv4_addr"})
	for _, one := range w.pods {
		address := one.address.String()
		tx.Add(&knftables.Element{Set: "itself", Key: []string{address, address}})
	}
	for _, way := range []direction{egress, ingress} {
		tx.Add(&knftables.Map{Name: way.name, Type: "ipv4_addr : verdict"})
		w.policyChains(tx, way)
		w.podChains(tx, way)
	}
	base(tx, "sent", knftables.ForwardHook, knftables.FilterPriority, "ip saddr vmap @"+egress.name)
	base(tx, "sent-to-node", knftables.InputHook, knftables.FilterPriority, "ip saddr vmap @"+egress.name)
	base(tx, "received", knftables.ForwardHook, knftables.FilterPriority+"+1", "ip daddr vmap @"+ingress.name)
}

func base(tx *knftables.Transaction, name string, hook knftables.BaseChainHook, priority knftables.BaseChainPriority, rule string) {
	tx.Add(&knftables.Chain{
		Name:     name,
		Type:     knftables.PtrTo(knftables.FilterType),
		Hook:     knftables.PtrTo(hook),
		Priority: knftables.PtrTo(priority),
	})
	tx.Add(&knftables.Rule{Chain: name, Rule: "ct state established,related accept"})
	tx.Add(&knftables.Rule{Chain: name, Rule: "ip saddr . ip daddr @itself accept"})
	tx.Add(&knftables.Rule{Chain: name, Rule: rule})
}

// podChains makes a chain for each pod that a policy selects: what no policy allows is refused, so that its sender knows at once.
func (w world) podChains(tx *knftables.Transaction, way direction) {
	for _, one := range w.pods {
		var selecting []*networkingv1.NetworkPolicy
		for _, policy := range w.policies {
			if slices.Contains(policy.Spec.PolicyTypes, way.kind) && selects(policy, one) {
				selecting = append(selecting, policy)
			}
		}
		if len(selecting) == 0 {
			continue
		}
		chain := fmt.Sprintf("pod-%s-%s", one.address, way.name)
		tx.Add(&knftables.Chain{Name: chain})
		for _, policy := range selecting {
			tx.Add(&knftables.Rule{Chain: chain, Rule: "jump " + chainOf(policy, way)})
		}
		tx.Add(&knftables.Rule{Chain: chain, Rule: "reject with icmp type admin-prohibited"})
		tx.Add(&knftables.Element{Map: way.name, Key: []string{one.address.String()}, Value: []string{"goto " + chain}})
	}
}

func (w world) policyChains(tx *knftables.Transaction, way direction) {
	for _, policy := range w.policies {
		if !slices.Contains(policy.Spec.PolicyTypes, way.kind) {
			continue
		}
		chain := chainOf(policy, way)
		tx.Add(&knftables.Chain{Name: chain})
		for index, rule := range rulesOf(policy, way) {
			name := fmt.Sprintf("%s-%d", chain, index)
			for _, peer := range w.peerMatches(tx, policy, way, rule, name) {
				for _, port := range w.portMatches(tx, policy, way, rule, name) {
					match := strings.TrimSpace(peer + " " + port)
					tx.Add(&knftables.Rule{Chain: chain, Rule: strings.TrimSpace(match + " accept")})
				}
			}
		}
	}
}

// allowed is an ingress or an egress rule of a policy.
type allowed struct {
	peers []networkingv1.NetworkPolicyPeer
	ports []networkingv1.NetworkPolicyPort
}

func rulesOf(policy *networkingv1.NetworkPolicy, way direction) []allowed {
	var all []allowed
	if way.kind == networkingv1.PolicyTypeIngress {
		for _, rule := range policy.Spec.Ingress {
			all = append(all, allowed{rule.From, rule.Ports})
		}
		return all
	}
	for _, rule := range policy.Spec.Egress {
		all = append(all, allowed{rule.To, rule.Ports})
	}
	return all
}

// peerMatches are the ways in which a packet may come from, or go to, one of a rule's peers: any of them will do.
func (w world) peerMatches(tx *knftables.Transaction, policy *networkingv1.NetworkPolicy, way direction, rule allowed, name string) []string {
	if len(rule.peers) == 0 {
		return []string{""}
	}
	var matches []string
	var selected []pod
	for _, peer := range rule.peers {
		if peer.IPBlock == nil {
			selected = append(selected, w.peersOf(policy, peer)...)
		} else if match, ok := blockMatch(way, peer.IPBlock); ok {
			matches = append(matches, match)
		}
	}
	if len(selected) == 0 {
		return matches
	}
	set := "peers-" + name
	tx.Add(&knftables.Set{Name: set, Type: "ipv4_addr"})
	for _, one := range selected {
		tx.Add(&knftables.Element{Set: set, Key: []string{one.address.String()}})
	}
	return append(matches, way.peer+" @"+set)
}

// blockMatch matches a block of addresses. Pods have addresses of the fourth version only, so blocks of the sixth match nothing.
func blockMatch(way direction, block *networkingv1.IPBlock) (string, bool) {
	prefix, err := netip.ParsePrefix(block.CIDR)
	if err != nil || !prefix.Addr().Is4() {
		return "", false
	}
	match := fmt.Sprintf("%s %s", way.peer, prefix.Masked())
	if len(block.Except) > 0 {
		match += fmt.Sprintf(" %s != { %s }", way.peer, strings.Join(block.Except, ", "))
	}
	return match, true
}

// portMatches are the ways in which a packet may go to one of a rule's ports.
func (w world) portMatches(tx *knftables.Transaction, policy *networkingv1.NetworkPolicy, way direction, rule allowed, name string) []string {
	if len(rule.ports) == 0 {
		return []string{""}
	}
	var matches []string
	for index, port := range rule.ports {
		protocol := corev1.ProtocolTCP
		if port.Protocol != nil {
			protocol = *port.Protocol
		}
		l4 := strings.ToLower(string(protocol))
		switch {
		case port.Port == nil:
			matches = append(matches, "meta l4proto "+l4)
		case port.Port.Type == intstr.Int && port.EndPort != nil:
			matches = append(matches, fmt.Sprintf("%s dport %d-%d", l4, port.Port.IntVal, *port.EndPort))
		case port.Port.Type == intstr.Int:
			matches = append(matches, fmt.Sprintf("%s dport %d", l4, port.Port.IntVal))
		default:
			set := fmt.Sprintf("port-%s-%d", name, index)
			if w.namedPorts(tx, set, w.receivers(policy, way, rule), port.Port.StrVal, protocol) {
				matches = append(matches, fmt.Sprintf("ip daddr . %s dport @%s", l4, set))
			}
		}
	}
	return matches
}

// namedPorts fills a set with the addresses and ports of pods that have a port of that name, and says whether there are any.
func (w world) namedPorts(tx *knftables.Transaction, set string, pods []pod, name string, protocol corev1.Protocol) bool {
	found := false
	for _, one := range pods {
		for _, port := range one.ports {
			if port.Name != name || port.Protocol != protocol {
				continue
			}
			if !found {
				tx.Add(&knftables.Set{Name: set, Type: "ipv4_addr . inet_service"})
			}
			found = true
			tx.Add(&knftables.Element{Set: set, Key: []string{one.address.String(), fmt.Sprint(port.ContainerPort)}})
		}
	}
	return found
}

// receivers are the pods whose ports a rule names.
func (w world) receivers(policy *networkingv1.NetworkPolicy, way direction, rule allowed) []pod {
	var found []pod
	for _, one := range w.pods {
		if way.kind == networkingv1.PolicyTypeIngress && selects(policy, one) || way.kind == networkingv1.PolicyTypeEgress && len(rule.peers) == 0 {
			found = append(found, one)
		}
	}
	if way.kind == networkingv1.PolicyTypeEgress {
		for _, peer := range rule.peers {
			if peer.IPBlock == nil {
				found = append(found, w.peersOf(policy, peer)...)
			}
		}
	}
	return found
}

func (w world) peersOf(policy *networkingv1.NetworkPolicy, peer networkingv1.NetworkPolicyPeer) []pod {
	var found []pod
	for _, one := range w.pods {
		inNamespace := one.namespace == policy.Namespace
		if peer.NamespaceSelector != nil {
			inNamespace = matches(peer.NamespaceSelector, w.namespaces[one.namespace])
		}
		if inNamespace && (peer.PodSelector == nil || matches(peer.PodSelector, one.labels)) {
			found = append(found, one)
		}
	}
	return found
}

func selects(policy *networkingv1.NetworkPolicy, one pod) bool {
	return policy.Namespace == one.namespace && matches(&policy.Spec.PodSelector, one.labels)
}

// matches trusts the API server to have refused selectors that can't be read; one that can't matches nothing.
func matches(selector *metav1.LabelSelector, set labels.Set) bool {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(set)
}

// chainOf names a policy's chain. Names of policies may be longer than those of chains.
func chainOf(policy *networkingv1.NetworkPolicy, way direction) string {
	hash := sha256.Sum256([]byte(policy.Namespace + "/" + policy.Name))
	return fmt.Sprintf("policy-%s-%s", hex.EncodeToString(hash[:8]), way.name)
}
