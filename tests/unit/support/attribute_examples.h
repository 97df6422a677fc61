/* An example, at least, of every attribute that has a row in the table: octets, and what is
 * dissected.
 * The octets are made by hand from the RFCs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct attribute_example {
	const char *name;
	uint8_t code, flags;
	bool as2;
	const char *hex;
	const char *fields;
};

enum { WELL = 0x40, OPT = 0x80, OPT_TR = 0xc0 };

static const struct attribute_example examples[] = {
	{ "origin", 1, WELL, false, "00", "origin=\"igp\"" },
	{ "origin incomplete", 1, WELL, false, "02", "origin=\"incomplete\"" },
	{ "as_path", 2, WELL, false,
	    "0202 0000fbf5 0000fbfe 0102 0000fc08 0000fc09 0301 0000fde9 0402 0000fdeb 0000fdec",
	    "as_path=\"64501 64510 {64520,64521} (65001) [65003,65004]\"" },
	{ "as_path of two octets", 2, WELL, true, "0203 fbf5 5ba0 5ba0",
	    "as_path=\"64501 23456 23456\"" },
	{ "as_path empty", 2, WELL, false, "", "as_path=\"\"" },
	{ "next_hop", 3, WELL, false, "c0000201", "next_hop=\"192.0.2.1\"" },
	{ "med", 4, OPT, false, "00000064", "multi_exit_disc=100" },
	{ "local_pref", 5, WELL, false, "000000c8", "local_pref=200" },
	{ "atomic_aggregate", 6, WELL, false, "", "atomic_aggregate=\"set\"" },
	{ "aggregator", 7, OPT_TR, false, "fa56ea00 c0000201",
	    "aggregator=\"4200000000 192.0.2.1\"" },
	{ "aggregator of two octets", 7, OPT_TR, true, "fbf5 c0000201",
	    "aggregator=\"64501 192.0.2.1\"" },
	{ "communities", 8, OPT_TR, false, "fbf40064 ffffff01 ffff029a ffff0000 ffff0006 ffff0007",
	    "communities=\"64500:100 no-export blackhole graceful-shutdown llgr-stale "
	    "no-llgr\"" },
	{ "communities partial", 8, 0xe0, false, "fbf40064",
	    "communities=\"64500:100\" communities_flags=\"optional transitive partial\"" },
	{ "originator_id", 9, OPT, false, "c0000201", "originator_id=\"192.0.2.1\"" },
	{ "cluster_list", 10, OPT, false, "c0000201 c0000202",
	    "cluster_list=\"192.0.2.1 192.0.2.2\"" },
	{ "dpa", 11, OPT_TR, false, "0001 00000007",
	    "dpa=0x000100000007 dpa_flags=\"optional transitive\"" },
	{ "advertiser", 12, OPT, false, "c0000201",
	    "advertiser=0xc0000201 advertiser_flags=\"optional non-transitive\"" },
	{ "rcid_path", 13, OPT, false, "c0000201",
	    "rcid_path=0xc0000201 rcid_path_flags=\"optional non-transitive\"" },
	{ "mp_reach ipv6 link-local", 14, OPT, false,
	    "0002 01 20 20010db8000000000000000000000001 fe800000000000000000000000000001 00 30 "
	    "20010db80001",
	    "mp_reach_nlri{family=\"ipv6-unicast\" next_hop=\"2001:db8::1\" "
	    "next_hop_link_local=\"fe80::1\" nlri[{prefix=\"2001:db8:1::/48\"}]}" },
	{ "mp_reach vpnv4", 14, OPT, false,
	    "0001 80 0c 0000000000000000 c0000209 00 70 000641 0000fbf400000064 cb0071",
	    "mp_reach_nlri{family=\"ipv4-vpn\" next_hop=\"192.0.2.9\" "
	    "nlri[{labels[{label=100 bottom_of_stack=1}] rd=\"64500:100\" "
	    "prefix=\"203.0.113.0/24\"}]}" },
	{ "mp_reach vpnv4 by ipv6, distinguisher, link-local", 14, OPT, false,
	    "0001 80 30 0000fbf400000064 20010db8000000000000000000000001 0000000000000000 "
	    "fe800000000000000000000000000001 00 70 000641 0000fbf400000064 cb0071",
	    "mp_reach_nlri{family=\"ipv4-vpn\" next_hop_rd=\"64500:100\" "
	    "next_hop=\"2001:db8::1\" next_hop_link_local=\"fe80::1\" "
	    "nlri[{labels[{label=100 bottom_of_stack=1}] rd=\"64500:100\" "
	    "prefix=\"203.0.113.0/24\"}]}" },
	{ "mp_reach evpn", 14, OPT, false,
	    "0019 46 04 c0000209 00 02 25 0000fbf400000064 00000000000000000000 00000000 30 "
	    "020000000001 20 c000024d 002710",
	    "mp_reach_nlri{family=\"l2vpn-evpn\" next_hop=\"192.0.2.9\" nlri[{route_type=2 "
	    "route_type_name=\"MAC/IP Advertisement\" rd=\"64500:100\" "
	    "esi=\"00:00:00:00:00:00:00:00:00:00\" ethernet_tag=0 "
	    "mac=\"02:00:00:00:00:01\" ip=\"192.0.2.77\" mpls_label1{label=625 vni=10000}}]}" },
	{ "mp_reach flowspec", 14, OPT, false, "0001 85 00 00 0b 01 18 c00002 03 81 06 04 81 19",
	    "mp_reach_nlri{family=\"ipv4-flowspec\" next_hop=\"none\" "
	    "nlri[{components[{type=1 destination_prefix=\"192.0.2.0/24\"} {type=3 "
	    "name=\"ip_protocol\" operations[{operator=129 value=6 match=\"=6\"}]} {type=4 "
	    "name=\"port\" operations[{operator=129 value=25 match=\"=25\"}]}]}]}" },
	{ "mp_reach unknown family", 14, OPT, false, "4004 f1 03 010203 01 0102",
	    "mp_reach_nlri{family=\"16388/241\" next_hop=0x010203 reserved=1 "
	    "nlri[{octets=0x0102}]}" },
	{ "mp_unreach vpnv4", 15, OPT, false, "0001 80 70 800000 0000fbf400000064 cb0071",
	    "mp_unreach_nlri{family=\"ipv4-vpn\" withdrawn[{labels[{label=\"withdrawn\"}] "
	    "rd=\"64500:100\" prefix=\"203.0.113.0/24\"}]}" },
	{ "mp_unreach end of rib", 15, OPT, false, "0002 01",
	    "mp_unreach_nlri{family=\"ipv6-unicast\"}" },
	{ "ext communities of AS and address", 16, OPT_TR, false,
	    "0002fbf400000064 0003fbf400000065 0102c00002010064 0202fa56ea000064 4002fbf400000064 "
	    "0009fbf400000000 010bc00002010064 0005fbf400000002 0107c00002010000 800a130205dc0064",
	    "extended_communities=\"rt:64500:100 soo:64500:101 rt:192.0.2.1:100 "
	    "rt:4200000000:100 non-transitive-rt:64500:100 source-as:64500:0 "
	    "vrf-route-import:192.0.2.1:100 ospf-domain-id:64500:2 "
	    "ospf-router-id:192.0.2.1:0 l2-info:19:0x02:1500:100\"" },
	{ "ext communities opaque", 16, OPT_TR, false,
	    "030b000000000064 030b400000000064 030c000000000008 0306000000000500 "
	    "030d000000000000 4300000000000000 4300000000000002 43010180000000c8",
	    "extended_communities=\"color:100 color:100/0x4000 encapsulation:vxlan "
	    "ospf-route-type:0.0.0.0:5:0 default-gateway origin-validation:valid "
	    "origin-validation:invalid non-transitive-cost:1:128:200\"" },
	{ "ext communities link bandwidth", 16, OPT_TR, false,
	    "4004fbf44cee6b28 0004fbf44cee6b28 0080fbf400002710",
	    "extended_communities=\"link-bandwidth:64500:125000000 "
	    "link-bandwidth-transitive:64500:125000000 vni:64500:10000\"" },
	{ "ext communities evpn", 16, OPT_TR, false,
	    "0600010000000007 0600000000000001 060101000003e80f 0602020000000001 "
	    "0603020000000002 0604000305dc0000 06050100000003e0 0606020100000000 "
	    "0609000300000000 060afbf400000064 060f010203040506",
	    "extended_communities=\"mac-mobility:7:sticky mac-mobility:1 "
	    "esi-label:16000:single-active es-import:02:00:00:00:00:01 "
	    "router-mac:02:00:00:00:00:02 l2-attributes:0x0003:1500 e-tree:62:leaf "
	    "df-election:2:0x0100 multicast-flags:0x0003 evi-rt:64500:100 "
	    "evpn:15:0x010203040506\"" },
	{ "ext communities flowspec", 16, OPT_TR, false,
	    "8006fbf447c35000 8006000000000000 8007000000000003 8007000000000000 "
	    "8008fbf400000064 8108c00002010064 8208fa56ea000064 800900000000002e "
	    "800cfbf44479c000 0800000000000001",
	    "extended_communities=\"traffic-rate:64500:100000 traffic-rate:0:0 "
	    "traffic-action:sample,continue traffic-action:none redirect:64500:100 "
	    "redirect:192.0.2.1:100 redirect:4200000000:100 traffic-marking:46 "
	    "traffic-rate-packets:64500:999 redirect-to-next-hop:copy\"" },
	{ "ext communities that differ in the size of the AS", 16, OPT_TR, false,
	    "0002fbf500000064 02020000fbf50064 02020000ffff0064 0202000100000064 "
	    "82080000fbf50064",
	    "extended_communities=\"rt:64501:100 rt:64501L:100 rt:65535L:100 rt:65536:100 "
	    "redirect:64501L:100\"" },
	{ "ext communities of neighbours", 16, OPT_TR, false,
	    "0608000000000000 0608010000000000 06080b0000000000 06080c0000000001",
	    "extended_communities=\"nd-arp nd-arp:router nd-arp:immutable:override:router "
	    "nd-arp:immutable/0x040000000001\"" },
	{ "ext communities others", 16, OPT_TR, false,
	    "0a02000000000064 0c00000a0000000a 0c01010203040506 8800800000000001 "
	    "9912345678901234 0712000000000001",
	    "extended_communities=\"transport-class:100 mup:10:10 mup:1:0x010203040506 "
	    "eigrp:0:0x800000000001 0x9912345678901234 flowspec:18:0x000000000001\"" },
	{ "as4_path", 17, OPT_TR, true, "0202 fa56ea00 0000fbf5", "as4_path=\"4200000000 64501\"" },
	{ "as4_aggregator", 18, OPT_TR, true, "fa56ea00 c0000201",
	    "as4_aggregator=\"4200000000 192.0.2.1\"" },
	{ "ssa", 19, OPT_TR, false, "0102", "ssa=0x0102 ssa_flags=\"optional transitive\"" },
	{ "connector", 20, OPT_TR, false, "0001 0000fbf400000064 c0000201",
	    "connector=0x00010000fbf400000064c0000201 connector_flags=\"optional "
	    "transitive\"" },
	{ "as_pathlimit", 21, OPT_TR, false, "05 0000fbf4",
	    "as_pathlimit=0x050000fbf4 as_pathlimit_flags=\"optional transitive\"" },
	{ "pmsi ingress replication", 22, OPT_TR, false, "00 06 002710 c0000209",
	    "pmsi_tunnel{flags=\"0x00\" tunnel_type=\"ingress_replication\" mpls_label=625 "
	    "vni=10000 endpoint=\"192.0.2.9\"}" },
	{ "pmsi rsvp-te", 22, OPT_TR, false, "01 01 000000 c0000209 0000 0007 00000001",
	    "pmsi_tunnel{flags=\"0x01 leaf_information_required\" "
	    "tunnel_type=\"rsvp_te_p2mp_lsp\" mpls_label=0 vni=0 "
	    "extended_tunnel_id=\"192.0.2.9\" reserved=0 tunnel_id=7 p2mp_id=1}" },
	{ "pmsi pim-ssm", 22, OPT_TR, false, "00 03 000000 c0000209 e8000001",
	    "pmsi_tunnel{flags=\"0x00\" tunnel_type=\"pim_ssm_tree\" mpls_label=0 vni=0 "
	    "root=\"192.0.2.9\" p_multicast_group=\"232.0.0.1\"}" },
	{ "pmsi mldp", 22, OPT_TR, false, "00 02 000000 06 0001 04 c0000209 0003 010000",
	    "pmsi_tunnel{flags=\"0x00\" tunnel_type=\"mldp_p2mp_lsp\" mpls_label=0 vni=0 "
	    "fec_type=6 root=\"192.0.2.9\" opaque_values[{generic_lsp_id=0x}]}" },
	{ "pmsi mldp with a LSP id", 22, OPT_TR, false,
	    "00 07 000000 07 0001 04 c0000209 000b 01 0004 0000000a 02 0001 ff",
	    "pmsi_tunnel{flags=\"0x00\" tunnel_type=\"mldp_mp2mp_lsp\" mpls_label=0 vni=0 "
	    "fec_type=7 root=\"192.0.2.9\" opaque_values[{generic_lsp_id=10} "
	    "{type=2 octets=0xff}]}" },
	{ "pmsi bier with an id", 22, OPT_TR, false, "00 0b 000640 05 0102 c0000209",
	    "pmsi_tunnel{flags=\"0x00\" tunnel_type=\"bier\" mpls_label=100 vni=1600 "
	    "sub_domain_id=5 bfr_id=258 bfr_prefix=\"192.0.2.9\"}" },
	{ "pmsi none", 22, OPT_TR, false, "01 00 000000",
	    "pmsi_tunnel{flags=\"0x01 leaf_information_required\" tunnel_type=\"none\" "
	    "mpls_label=0 vni=0}" },
	{ "tunnel vxlan", 23, OPT_TR, false,
	    "0008 0032 01 0c 80 002710 020000000001 0000 04 08 030b000000000064 "
	    "06 0a 00000000 0001 c0000209 08 02 12b5 0a 04 00064140 63 02 0102",
	    "tunnel_encapsulation[{tunnel_type=\"vxlan\" "
	    "sub_tlvs[{encapsulation{flags=\"0x80\" vn_id=10000 mac=\"02:00:00:00:00:01\" "
	    "reserved=0}} {color=\"color:100\"} {egress_endpoint=\"192.0.2.9\"} "
	    "{udp_destination_port=4789} {mpls_label_stack[\"label 100 tc 0 s 1 ttl 64\"]} "
	    "{type=99 octets=0x0102}]}]" },
	{ "tunnel gre and l2tpv3", 23, OPT_TR, false,
	    "0002 0006 01 04 00000007 0001 0009 01 07 00000009 aabbcc",
	    "tunnel_encapsulation[{tunnel_type=\"gre\" sub_tlvs[{encapsulation{key=7}}]} "
	    "{tunnel_type=\"l2tpv3\" sub_tlvs[{encapsulation{session_id=9 "
	    "cookie=0xaabbcc}}]}]" },
	{ "tunnel with the next hop as its end", 23, OPT_TR, false,
	    "0004 0000 0008 0008 06 06 "
	    "00000000 0000",
	    "tunnel_encapsulation[{tunnel_type=\"ipsec\" sub_tlvs[]} "
	    "{tunnel_type=\"vxlan\" sub_tlvs[{egress_endpoint=\"next_hop\"}]}]" },
	{ "sr policy", 23, OPT_TR, false,
	    "000f 006f 0c 06 00 00 00000064 0d 06 00 00 03e80000 0f 02 01 00 0e 03 00 00 01 "
	    "80 0030 00 09 06 00 00 00000001 01 06 00 00 03e81000 0d 1a 00 00 "
	    "20010db8000000000000000000000001 0013 0000 28 18 10 00 63 01 07 81 0005 00 "
	    "70617468 82 0004 00 706f6c 14 12 00 00 20010db8000000000000000000000002",
	    "tunnel_encapsulation[{tunnel_type=\"sr-policy\" "
	    "sub_tlvs[{preference{flags=\"0x00\" reserved=0 preference=100}} "
	    "{binding_sid{flags=\"0x00\" reserved=0 sid=\"label 16000 tc 0 s 0 ttl 0\"}} "
	    "{priority{priority=1 reserved=0}} {enlp{flags=\"0x00\" reserved=0 enlp=1}} "
	    "{segment_list{reserved=0 segments[{weight{flags=\"0x00\" reserved=0 "
	    "weight=1}} {type_a{flags=\"0x00\" reserved=0 sid=\"label 16001 tc 0 s 0 ttl "
	    "0\"}} {type_b{flags=\"0x00\" reserved=0 sid=\"2001:db8::1\" "
	    "structure{endpoint_behavior=\"End.DT4\" reserved=0 locator_block_length=40 "
	    "locator_node_length=24 function_length=16 argument_length=0}}} {type=99 "
	    "octets=0x07}]}} {candidate_path_name{reserved=0 name=\"path\"}} "
	    "{policy_name{reserved=0 name=\"pol\"}} {srv6_binding_sid{flags=\"0x00\" "
	    "reserved=0 sid=\"2001:db8::2\"}}]}]" },
	{ "sr policy, more segments", 23, OPT_TR, false,
	    "000f 0133 80 0130 00 03 06 00 00 c0000201 04 12 00 80 "
	    "20010db8000000000000000000000001 05 0a 00 00 00000007 c0000201 06 0e 00 00 "
	    "c0000201 c0000202 03e81000 07 2a 00 00 00000007 20010db8000000000000000000000001 "
	    "00000008 20010db8000000000000000000000002 08 26 00 00 "
	    "20010db8000000000000000000000001 20010db8000000000000000000000002 03e81000 02 12 "
	    "00 00 20010db8000000000000000000000003 0e 12 00 80 "
	    "20010db8000000000000000000000004 0f 3a 00 00 00000007 "
	    "20010db8000000000000000000000001 00000008 20010db8000000000000000000000002 "
	    "20010db8000000000000000000000005 10 3a 00 00 20010db8000000000000000000000001 "
	    "20010db8000000000000000000000002 20010db8000000000000000000000006 0001 0000 20 "
	    "10 10 00 63 02 01",
	    "tunnel_encapsulation[{tunnel_type=\"sr-policy\" "
	    "sub_tlvs[{segment_list{reserved=0 segments[{type_c{flags=\"0x00\" algorithm=0 "
	    "node_address=\"192.0.2.1\"}} {type_d{flags=\"0x00\" algorithm=128 "
	    "node_address=\"2001:db8::1\"}} {type_e{flags=\"0x00\" reserved=0 "
	    "local_interface_id=7 node_address=\"192.0.2.1\"}} {type_f{flags=\"0x00\" "
	    "reserved=0 local_address=\"192.0.2.1\" remote_address=\"192.0.2.2\" "
	    "sid=\"label 16001 tc 0 s 0 ttl 0\"}} {type_g{flags=\"0x00\" reserved=0 "
	    "local_interface_id=7 local_node_address=\"2001:db8::1\" remote_interface_id=8 "
	    "remote_node_address=\"2001:db8::2\"}} {type_h{flags=\"0x00\" reserved=0 "
	    "local_address=\"2001:db8::1\" remote_address=\"2001:db8::2\" sid=\"label "
	    "16001 tc 0 s 0 ttl 0\"}} {type_b{flags=\"0x00\" reserved=0 "
	    "sid=\"2001:db8::3\"}} {type_i{flags=\"0x00\" algorithm=128 "
	    "node_address=\"2001:db8::4\"}} {type_j{flags=\"0x00\" algorithm=0 "
	    "local_interface_id=7 local_node_address=\"2001:db8::1\" remote_interface_id=8 "
	    "remote_node_address=\"2001:db8::2\" sid=\"2001:db8::5\"}} "
	    "{type_k{flags=\"0x00\" algorithm=0 local_address=\"2001:db8::1\" "
	    "remote_address=\"2001:db8::2\" sid=\"2001:db8::6\" "
	    "structure{endpoint_behavior=\"End\" reserved=0 locator_block_length=32 "
	    "locator_node_length=16 function_length=16 argument_length=0}}}] "
	    "cut=0x630201}}]}]" },
	{ "traffic engineering", 24, OPT, false,
	    "64 08 0000 4cee6b28 4cee6b28 4cee6b28 4cee6b28 4cee6b28 4cee6b28 4cee6b28 00000000 "
	    "0102",
	    "traffic_engineering{switching_capability=100 encoding=8 reserved=0 "
	    "max_lsp_bandwidth[\"125000000\" \"125000000\" \"125000000\" \"125000000\" "
	    "\"125000000\" \"125000000\" \"125000000\" \"0\"] specific=0x0102}" },
	{ "ipv6 ext communities", 25, OPT_TR, false,
	    "0002 20010db8000000000000000000000001 0064 4003 20010db8000000000000000000000001 0064 "
	    "000d 20010db8000000000000000000000001 0000 0099 20010db8000000000000000000000001 0001",
	    "ipv6_extended_communities=\"rt:[2001:db8::1]:100 "
	    "non-transitive-soo:[2001:db8::1]:100 redirect:[2001:db8::1]:0 "
	    "0x009920010db80000000000000000000000010001\"" },
	{ "aigp", 26, OPT, false, "01 000b 0000000000000064", "aigp[{metric=100}]" },
	{ "aigp with two metrics", 26, OPT, false,
	    "01 000b 0000000000000064 01 000b 0000000000000065",
	    "aigp[{metric=100} {metric=101}]" },
	{ "aigp with others", 26, OPT, false, "01 000b 0000000000000064 02 0005 0102",
	    "aigp[{metric=100} {type=2 octets=0x0102}]" },
	{ "pe labels", 27, OPT_TR, false, "c0000209 000641 c000020a 000651",
	    "pe_distinguisher_labels[\"192.0.2.9 label 100 exp 0 s 1\" \"192.0.2.10 label "
	    "101 exp 0 s 1\"]" },
	{ "pe labels ipv6", 27, OPT_TR, false, "20010db8000000000000000000000001 000641",
	    "pe_distinguisher_labels[\"2001:db8::1 label 100 exp 0 s 1\"]" },
	{ "entropy label", 28, OPT_TR, false, "",
	    "entropy_label_capability=0x entropy_label_capability_flags=\"optional "
	    "transitive\"" },
	{ "bgp_ls node", 29, OPT, false,
	    "0400 0001 80 0402 0002 7231 0403 0003 490001 0404 0004 c0000201 "
	    "0405 0010 20010db8000000000000000000000001 "
	    "040a 000c 8000 001f40 0489 0003 003e80 040b 0002 0080 040c 000c 0000 0003e8 0489 "
	    "0003 003a98 "
	    "040d 0001 80 040e 0004 4000 0000 040f 0004 80 00 00 64 010a 0004 010a 020b "
	    "0107 0004 0000 0002 9999 0001 07",
	    "bgp_ls[{node_flags=\"0x80\"} {node_name=\"r1\"} {isis_area=0x490001} "
	    "{local_ipv4_router_id=\"192.0.2.1\"} {local_ipv6_router_id=\"2001:db8::1\"} "
	    "{sr_capabilities{flags=\"0x80\" reserved=0 ranges[{range=8000 first=\"label "
	    "16000\"}]}} {sr_algorithms[0 128]} {sr_local_block{flags=\"0x00\" reserved=0 "
	    "ranges[{range=1000 first=\"label 15000\"}]}} {srms_preference=128} "
	    "{srv6_capabilities{flags=\"0x4000\" reserved=0}} "
	    "{flex_algorithm_definition{flex_algorithm=128 metric_type=0 "
	    "calculation_type=0 priority=100}} {node_msd[\"type 1 value 10\" \"type 2 "
	    "value 11\"]} {multi_topology_id[0 2]} {type=39321 octets=0x07}]" },
	{ "bgp_ls link", 29, OPT, false,
	    "0406 0004 c0000202 0440 0004 00000001 0441 0004 4cee6b28 0443 0020 "
	    "4cee6b284cee6b284cee6b284cee6b284cee6b284cee6b284cee6b284cee6b28 "
	    "0444 0004 0000000a 0445 0002 0100 0446 0001 80 0447 0003 00000a 0448 0008 00000001 "
	    "00000002 044a 0003 6c696e "
	    "044b 0007 60 00 0000 003e81 044c 000d 30 00 0000 000000000001 003e82 "
	    "044d 0008 c0 00 0000 00000005 045a 0004 00 0003e8 045b 0008 00 000064 00 0000c8 "
	    "045c 0004 00000010 045d 0004 00 000007 045e 0004 4cee6b28 0102 0008 00000001 00000002",
	    "bgp_ls[{remote_ipv4_router_id=\"192.0.2.2\"} {admin_group=\"0x00000001\"} "
	    "{max_link_bandwidth=\"125000000\"} {unreserved_bandwidth[\"125000000\" "
	    "\"125000000\" \"125000000\" \"125000000\" \"125000000\" \"125000000\" "
	    "\"125000000\" \"125000000\"]} {te_default_metric=10} "
	    "{link_protection_type=\"0x0100\"} {mpls_protocol_mask=\"0x80\"} "
	    "{igp_metric=10} {srlg[1 2]} {link_name=\"lin\"} {adjacency_sid{flags=\"0x60\" "
	    "weight=0 reserved=0 sid=\"label 16001\"}} {lan_adjacency_sid{flags=\"0x30\" "
	    "weight=0 reserved=0 neighbor=\"00:00:00:00:00:01\" sid=\"label 16002\"}} "
	    "{peer_node_sid{flags=\"0xc0\" weight=0 reserved=0 sid=\"index 5\"}} "
	    "{unidirectional_link_delay{flags=\"0x00\" microseconds=1000}} "
	    "{min_max_unidirectional_link_delay{flags=\"0x00\" min_microseconds=100 "
	    "reserved=0 max_microseconds=200}} {unidirectional_delay_variation{reserved=0 "
	    "microseconds=16}} {unidirectional_link_loss{flags=\"0x00\" "
	    "loss_3_millionths_percent=7}} {unidirectional_residual_bandwidth=\"125000000\""
	    "} {link_local_remote_identifiers{local=1 remote=2}}]" },
	{ "bgp_ls link srv6", 29, OPT, false,
	    "0452 001e 0005 00 00 00 00 20010db8000000000000000000000001 04e4 0004 28 18 10 00 "
	    "0453 001c 0005 00 00 00 00 000000000001 20010db8000000000000000000000001 "
	    "0462 000f 01 00 0000 80 0447 0003 00000a 9999 00 0494 000c 00000001 0440 0004 "
	    "00000001",
	    "bgp_ls[{srv6_end_x_sid{endpoint_behavior=\"End.X\" flags=\"0x00\" algorithm=0 "
	    "weight=0 reserved=0 sid=\"2001:db8::1\" "
	    "sub_tlvs[{srv6_sid_structure{locator_block_length=40 locator_node_length=24 "
	    "function_length=16 argument_length=0}}]}} "
	    "{srv6_lan_end_x_sid_isis{endpoint_behavior=\"End.X\" flags=\"0x00\" algorithm=0 "
	    "weight=0 reserved=0 neighbor=\"00:00:00:00:00:01\" sid=\"2001:db8::1\"}} "
	    "{application_specific_link_attributes{reserved=0 standard_applications=0x80 "
	    "user_defined_applications=0x sub_tlvs[{igp_metric=10} {cut=0x999900}]}} "
	    "{l2_bundle_member{descriptor=1 sub_tlvs[{admin_group=\"0x00000001\"}]}}]" },
	{ "bgp_ls prefix", 29, OPT, false,
	    "0480 0001 80 0481 0008 00000001 00000002 0482 0008 0000000000000003 0483 0004 "
	    "0000000a 0484 0004 c0000201 0486 0007 00 00 0000 003e80 0487 0010 00 00 0064 0486 "
	    "0008 00 00 0000 00000005 048a 0008 00 80 0000 0000000a 0492 0001 20 0493 0004 "
	    "c0000201",
	    "bgp_ls[{igp_flags=\"0x80\"} {igp_route_tag[1 2]} {igp_extended_route_tag[3]} "
	    "{prefix_metric=10} {ospf_forwarding_address=\"192.0.2.1\"} "
	    "{prefix_sid{flags=\"0x00\" algorithm=0 reserved=0 sid=\"label 16000\"}} "
	    "{range{flags=\"0x00\" reserved=0 range_size=100 "
	    "sub_tlvs[{prefix_sid{flags=\"0x00\" algorithm=0 reserved=0 sid=\"index "
	    "5\"}}]}} {srv6_locator{flags=\"0x00\" algorithm=128 reserved=0 metric=10}} "
	    "{prefix_attribute_flags=\"0x20\"} {source_router_id=\"192.0.2.1\"}]" },
	{ "bgp_ls sid", 29, OPT, false,
	    "04e2 0004 0001 00 80 04e3 000c 00 00 0000 0000fbf5 c0000201 04e4 0004 28 18 10 00",
	    "bgp_ls[{srv6_endpoint_behavior{endpoint_behavior=\"End\" flags=\"0x00\" "
	    "algorithm=128}} {srv6_bgp_peer_node_sid{flags=\"0x00\" weight=0 reserved=0 "
	    "peer_as=64501 peer_bgp_id=\"192.0.2.1\"}} "
	    "{srv6_sid_structure{locator_block_length=40 locator_node_length=24 "
	    "function_length=16 argument_length=0}}]" },
	{ "bgp_ls flexible algorithms", 29, OPT, false,
	    "0408 0008 0000000700000008 040f 002d "
	    "8000006404100004000000010411000800000002000000030412000400000004"
	    "04130001800415000400000005 0414 0008 800000000000000a 0416 0003 020105 "
	    "0416 0005 0300010005 0416 0000  0461 0000  0495 0008 0000000100000000",
	    "bgp_ls[{sbfd_discriminators[7 8]} "
	    "{flex_algorithm_definition{flex_algorithm=128 metric_type=0 "
	    "calculation_type=0 priority=100 "
	    "sub_tlvs[{flex_algorithm_exclude_any=0x00000001} "
	    "{flex_algorithm_include_any=0x0000000200000003} "
	    "{flex_algorithm_include_all=0x00000004} {flex_algorithm_flags=0x80} "
	    "{flex_algorithm_exclude_srlg[5]}]}} "
	    "{flex_algorithm_prefix_metric{flex_algorithm=128 flags=\"0x00\" reserved=0 "
	    "metric=10}} {flex_algorithm_unsupported{protocol_id=2 sub_tlv_types[1 5]}} "
	    "{flex_algorithm_unsupported{protocol_id=3 sub_tlv_types[1 5]}} "
	    "{flex_algorithm_unsupported=0x} {graceful_link_shutdown=0x} "
	    "{extended_admin_group=0x0000000100000000}]" },
	{ "bgp_ls sr policy", 29, OPT, false,
	    "04b1 000c 4000000003e8100000000000 04b1 0024 "
	    "c000000020010db800000000000000000000000120010db80000000000000000"
	    "00000000 04b1 0002 0000 04b2 0008 8000480000000064 04b3 0003 637031 04bc "
	    "002c 8000000020010db800000000000000000000000120010db80000000000000000"
	    "0000000204e4000428181000 04bd 0005 746f2d7239",
	    "bgp_ls[{sr_binding_sid{flags=\"0x4000\" reserved=0 sid=\"label 16001 tc 0 s "
	    "0 ttl 0\" specified_sid=\"label 0 tc 0 s 0 ttl 0\"}} "
	    "{sr_binding_sid{flags=\"0xc000\" reserved=0 sid=\"2001:db8::1\" "
	    "specified_sid=\"2001:db8::\"}} {sr_binding_sid=0x0000} "
	    "{sr_candidate_path_state{priority=128 reserved=0 flags=\"0x4800\" "
	    "preference=100}} {sr_candidate_path_name=\"cp1\"} "
	    "{srv6_binding_sid{flags=\"0x8000\" reserved=0 sid=\"2001:db8::1\" "
	    "specified_sid=\"2001:db8::2\" "
	    "sub_tlvs[{srv6_sid_structure{locator_block_length=40 locator_node_length=24 "
	    "function_length=16 argument_length=0}}]}} {sr_policy_name=\"to-r9\"}]" },
	{ "bgp_ls sr policy constraints", 29, OPT, false,
	    "04b4 0061 800000000002800004b800100100020000000001000000020000000304b80004"
	    "ff00000004b900040000000704ba00044cee6b2804bb0008800000000000000b"
	    "04be0008400000000000000c04bf000c002000000000000000000064270f0001"
	    "07",
	    "bgp_ls[{sr_candidate_path_constraints{flags=\"0x8000\" reserved=0 "
	    "multi_topology_id=2 algorithm=128 reserved_2=0 sub_tlvs[{affinity{reserved=0 "
	    "exclude_any=0x00000001 include_any=0x include_all=0x0000000200000003}} "
	    "{affinity=0xff000000} {srlg[7]} {bandwidth=\"125000000\"} "
	    "{disjoint_group{request_flags=\"0x80\" status_flags=\"0x00\" reserved=0 "
	    "group=0x0000000b}} {bidirectional_group{flags=\"0x4000\" reserved=0 "
	    "group=0x0000000c}} {metric{metric_type=0 flags=\"0x20\" reserved=0 margin=0 "
	    "bound=100}} {type=9999 octets=0x07}]}}]" },
	{ "bgp_ls sr policy segments", 29, OPT, false,
	    "04b5 00f6 40000000000000000000000104b600090100800003e810000004b6001d020080"
	    "0020010db80000000000000000000000018004e200040001000004b6000d0300"
	    "00000000000000c000020204b600100500000000000000c00002020000000904"
	    "b600100600000000000000c6336401c633640204b6003c0a00000020010db800"
	    "000000000000000000000020010db80000000000000000000000010000000120"
	    "010db80000000000000000000000020000000204b600050c0000000004b60005"
	    "010080000304b6000903000000000000000004b7001000100000000000000000"
	    "00000000000a04c000044cee6b2804c1000400000005",
	    "bgp_ls[{sr_segment_list{flags=\"0x4000\" reserved=0 multi_topology_id=0 "
	    "algorithm=0 reserved_2=0 weight=1 sub_tlvs[{segment{reserved=0 "
	    "flags=\"0x8000\" sid=\"label 16001 tc 0 s 0 ttl 0\" type_a{algorithm=0}}} "
	    "{segment{reserved=0 flags=\"0x8000\" sid=\"2001:db8::1\" "
	    "type_b{algorithm=128 sub_tlvs[{srv6_endpoint_behavior{endpoint_behavior=\"End\" "
	    "flags=\"0x00\" algorithm=0}}]}}} {segment{reserved=0 flags=\"0x0000\" "
	    "sid=\"label 0 tc 0 s 0 ttl 0\" type_c{algorithm=0 "
	    "node_address=\"192.0.2.2\"}}} {segment{reserved=0 flags=\"0x0000\" "
	    "sid=\"label 0 tc 0 s 0 ttl 0\" type_e{node_address=\"192.0.2.2\" "
	    "local_interface_id=9}}} {segment{reserved=0 flags=\"0x0000\" sid=\"label 0 "
	    "tc 0 s 0 ttl 0\" type_f{local_address=\"198.51.100.1\" "
	    "remote_address=\"198.51.100.2\"}}} {segment{reserved=0 flags=\"0x0000\" "
	    "sid=\"2001:db8::\" type_j{local_node_address=\"2001:db8::1\" "
	    "local_interface_id=1 remote_node_address=\"2001:db8::2\" "
	    "remote_interface_id=2}}} {segment=0x0c00000000} {segment=0x0100800003} "
	    "{segment{reserved=0 flags=\"0x0000\" sid=\"label 0 tc 0 s 0 ttl 0\" "
	    "type_c=0x00}} {metric{metric_type=0 flags=\"0x10\" reserved=0 margin=0 "
	    "bound=0 value=10}} {bandwidth=\"125000000\"} {identifier=5}]}}]" },
	{ "deprecated 30", 30, OPT_TR, false, "01",
	    "deprecated_30=0x01 deprecated_30_flags=\"optional transitive\"" },
	{ "deprecated 31", 31, OPT_TR, false, "01",
	    "deprecated_31=0x01 deprecated_31_flags=\"optional transitive\"" },
	{ "large communities", 32, OPT_TR, false,
	    "0000fbf4 00000001 00000002 fa56ea00 ffffffff 00000000",
	    "large_communities=\"64500:1:2 4200000000:4294967295:0\"" },
	{ "bgpsec", 33, OPT, false,
	    "000e 01 00 0000fbf5 01 80 0000fbf6 0035 01 "
	    "000102030405060708090a0b0c0d0e0f10111213 0002 aabb "
	    "000102030405060708090a0b0c0d0e0f10111214 0004 ccddeeff",
	    "bgpsec_path{secure_path[\"as 64501 pcount 1 flags 0x00\" \"as 64502 pcount 1 "
	    "flags 0x80 confed\"] signature_blocks[{algorithm=1 "
	    "signatures[{ski=0x000102030405060708090a0b0c0d0e0f10111213 signature=0xaabb} "
	    "{ski=0x000102030405060708090a0b0c0d0e0f10111214 signature=0xccddeeff}]}]}" },
	{ "community container", 34, OPT_TR, false, "0001 00 0002 0102",
	    "community_container=0x00010000020102 community_container_flags=\"optional "
	    "transitive\"" },
	{ "otc", 35, OPT_TR, false, "0000fbf4", "only_to_customer=64500" },
	{ "d_path", 36, OPT_TR, false, "02 0000fbf4 0001 46 0000fbf5 0002 80 01 0000fbf6 0003 00",
	    "domain_path=\"64500:1:evpn 64501:2:ipvpn | 64502:3:local\"" },
	{ "sfp", 37, OPT_TR, false,
	    "01 000c 01 0000fbf400000064 000007 02 000e ff 03 000a 0001 0000fbf400000065 "
	    "05 0001 07",
	    "sfp[{association{association_type=1 associated_sfpr_rd=\"64500:100\" "
	    "associated_spi=7}} {hop{service_index=255 "
	    "hop_details[{sft{service_function_type=1 sfir_rd[\"64500:101\"]}}]}} "
	    "{sfp_traversal_with_mpls_label_stack=0x07}]" },
	{ "bfd", 38, OPT_TR, false, "01 00000007 01 04 c0000201 02 01 ff",
	    "bfd_discriminator{mode=\"p2mp\" discriminator=7 "
	    "tlvs[{source_address=\"192.0.2.1\"} {type=2 octets=0xff}]}" },
	{ "bfd, another mode", 38, OPT_TR, false, "02 00000007",
	    "bfd_discriminator{mode=\"2\" discriminator=7}" },
	{ "nhc", 39, OPT_TR, false, "0001 01 04 c0000201 0001 0000",
	    "next_hop_characteristics=0x00010104c000020100010000 "
	    "next_hop_characteristics_flags=\"optional transitive\"" },
	{ "prefix_sid", 40, OPT_TR, false,
	    "01 0007 00 0000 0000000a 03 000e 0000 003e80 001f40 004e20 0003e8 09 0001 07",
	    "prefix_sid[{label_index{reserved=0 flags=\"0x0000\" label_index=10}} "
	    "{originator_srgb{flags=\"0x0000\" ranges[\"base 16000 range 8000\" \"base "
	    "20000 range 1000\"]}} {type=9 octets=0x07}]" },
	{ "prefix_sid srv6", 40, OPT_TR, false,
	    "05 0022 00 01 001e 00 20010db8000000000000000000000001 00 0013 00 01 0006 28 18 10 00 "
	    "10 40",
	    "prefix_sid[{srv6_l3_service{reserved=0 "
	    "sub_tlvs[{srv6_sid_information{reserved=0 sid=\"2001:db8::1\" flags=\"0x00\" "
	    "endpoint_behavior=\"End.DT4\" reserved_2=0 "
	    "sub_sub_tlvs[{sid_structure{locator_block_length=40 locator_node_length=24 "
	    "function_length=16 argument_length=0 transposition_length=16 "
	    "transposition_offset=64}}]}}]}}]" },
	{ "bier", 41, OPT_TR, false, "0001 000c 00 0001 00 0001 0004 00186a00",
	    "bier[{type=1 octets=0x000001000001000400186a00}]" },
	{ "attr_set", 128, OPT_TR, false,
	    "0000fbf4 40 01 01 00 40 02 06 0201 0000fbf6 40 05 04 00000064 e0 08 04 fbf40064 "
	    "c0 80 04 0000fbf4 c0 63 01 07",
	    "attr_set{origin_as=64500 attributes{origin=\"igp\" as_path=\"64502\" "
	    "local_pref=100 communities=\"64500:100\" communities_flags=\"optional "
	    "transitive partial\" attr_set=0x0000fbf4 unknown_attributes[{code=99 "
	    "flags=\"optional transitive\" octets=0x07}]}}" },
	{ "attr_set of two octets", 128, OPT_TR, false, "0000fde9 40 02 04 0201 15b3",
	    "attr_set{origin_as=65001 attributes{as_path=\"5555\"}}" },
	{ "bgp_ls of odd sizes", 29, OPT, false,
	    "010a 0003 010203 040a 000c 80 00 001f40 0001 0003 003e80 040a 0004 80 00 001f "
	    "044c 0005 30 00 0000 01 044c 000b 30 00 0000 c0000202 003e82 0454 0022 0005 00 "
	    "00 00 00 c0000202 20010db8000000000000000000000001 04e4 0004 28 18 10 00 0453 "
	    "0002 0005 0462 0005 04 00 0000 80 0482 0001 01 0441 0003 4cee6b 0443 0005 "
	    "4cee6b28 00 0404 0003 c00002 044b 0006 60 00 0000 0102 0107 0003 000102 0447 "
	    "0009 000000000000000001 0400 0000 044b 0001 60 04e4 0005 28 18 10 00 99 0452 "
	    "0022 0005 00 00 00 00 20010db8000000000000000000000001 0494 0008 00000001 0440 "
	    "0000",
	    "bgp_ls[{node_msd=0x010203} {sr_capabilities{flags=\"0x80\" reserved=0 "
	    "ranges[0x001f4000010003003e80]}} {sr_capabilities{flags=\"0x80\" reserved=0 "
	    "ranges[0x001f]}} {lan_adjacency_sid=0x3000000001} "
	    "{lan_adjacency_sid{flags=\"0x30\" weight=0 reserved=0 neighbor=\"192.0.2.2\" "
	    "sid=\"label 16002\"}} {srv6_lan_end_x_sid_ospf{endpoint_behavior=\"End.X\" "
	    "flags=\"0x00\" algorithm=0 weight=0 reserved=0 neighbor=\"192.0.2.2\" "
	    "sid=\"2001:db8::1\" sub_tlvs[{srv6_sid_structure{locator_block_length=40 "
	    "locator_node_length=24 function_length=16 argument_length=0}}]}} "
	    "{srv6_lan_end_x_sid_isis=0x0005} "
	    "{application_specific_link_attributes=0x0400000080} "
	    "{igp_extended_route_tag=0x01} {max_link_bandwidth=0x4cee6b} "
	    "{unreserved_bandwidth=0x4cee6b2800} {local_ipv4_router_id=0xc00002} "
	    "{adjacency_sid{flags=\"0x60\" weight=0 reserved=0 sid=0x0102}} "
	    "{multi_topology_id=0x000102} {igp_metric=0x000000000000000001} "
	    "{node_flags=\"0x\"} {adjacency_sid=0x60} "
	    "{srv6_sid_structure{locator_block_length=40 locator_node_length=24 "
	    "function_length=16 argument_length=0 rest=0x99}} "
	    "{srv6_end_x_sid{endpoint_behavior=\"End.X\" flags=\"0x00\" algorithm=0 weight=0 "
	    "reserved=0 sid=\"2001:db8::1\" sub_tlvs[{type=1172 "
	    "octets=0x0000000104400000}]}}]" },
	{ "tunnel with sub-TLVs of a wrong length", 23, OPT_TR, false,
	    "0008 0021 02 01 01 05 03 000001 07 02 002e 08 01 01 09 02 0001 04 08 0002fbf400000064 "
	    "02 02 0800",
	    "tunnel_encapsulation[{tunnel_type=\"vxlan\" sub_tlvs[{protocol_type=0x01} "
	    "{load_balancing_block=0x000001} {ds_field=0x002e} {udp_destination_port=0x01} "
	    "{embedded_label_handling=0x0001} {color=0x0002fbf400000064} "
	    "{protocol_type=2048}]}]" },
	{ "tunnel with odd sub-TLVs", 23, OPT_TR, false,
	    "0008 0068 04 03 010203 0a 03 010203 06 08 00000000 0001 c000 01 01 80 02 00 0d "
	    "02 00 00 0d 12 00 00 20010db8000000000000000000000001 0d 03 00 00 01 0c 01 00 "
	    "80 0000 80 001a 00 0106 0000 03e81000 0105 00 00 010203 0101 00 0905 00 00 "
	    "000001 81 0000 0b 0a 01 0007 00 0000 0000000a 000f 0000",
	    "tunnel_encapsulation[{tunnel_type=\"vxlan\" sub_tlvs[{color=0x010203} "
	    "{mpls_label_stack=0x010203} {egress_endpoint=0x000000000001c000} "
	    "{encapsulation=0x80} {protocol_type=0x} {binding_sid{flags=\"0x00\" "
	    "reserved=0}} {binding_sid{flags=\"0x00\" reserved=0 sid=\"2001:db8::1\"}} "
	    "{binding_sid=0x000001} {preference=0x00} {segment_list=0x} "
	    "{segment_list{reserved=0 segments[{type_a{flags=\"0x00\" reserved=0 "
	    "sid=\"label 16001 tc 0 s 0 ttl 0\"}} {type_a{flags=\"0x00\" reserved=0 "
	    "rest=0x010203}} {type_a=0x00} {weight=0x0000000001}]}} "
	    "{candidate_path_name=0x} {prefix_sid[{label_index{reserved=0 flags=\"0x0000\" "
	    "label_index=10}}]}]} {tunnel_type=\"sr-policy\" sub_tlvs[]}]" },
	{ "ext communities with more flags", 16, OPT_TR, false,
	    "030d000000000001 0600030000000001 060103000003e80f 06050200000003e0 "
	    "030c000000010008 4300000000000007 8007000000000002 8007000000000001 44010203 "
	    "04050607 8900000000000001",
	    "extended_communities=\"default-gateway:0x000000000001 "
	    "mac-mobility:1:sticky/0x020000000000 "
	    "esi-label:16000:single-active/0x020000000000 e-tree:62/0x020000000000 "
	    "encapsulation:vxlan/0x00000001 origin-validation:7 traffic-action:sample "
	    "traffic-action:continue non-transitive-qos-marking:1:0x020304050607 "
	    "0x8900000000000001\"" },
	{ "pmsi bier", 22, OPT_TR, false, "00 0b 000000 010203",
	    "pmsi_tunnel{flags=\"0x00\" tunnel_type=\"bier\" mpls_label=0 vni=0 "
	    "tunnel_identifier=0x010203}" },
	{ "deprecated 129", 129, OPT_TR, false, "01",
	    "deprecated_129=0x01 deprecated_129_flags=\"optional transitive\"" },
	{ "deprecated 241", 241, OPT_TR, false, "01",
	    "deprecated_241=0x01 deprecated_241_flags=\"optional transitive\"" },
	{ "deprecated 242", 242, OPT_TR, false, "01",
	    "deprecated_242=0x01 deprecated_242_flags=\"optional transitive\"" },
	{ "deprecated 243", 243, OPT_TR, false, "01",
	    "deprecated_243=0x01 deprecated_243_flags=\"optional transitive\"" },
	{ "development", 255, OPT_TR, false, "01",
	    "development=0x01 development_flags=\"optional transitive\"" },
	{ "unknown", 99, OPT_TR, false, "010203",
	    "unknown_attribute{code=99 flags=\"optional transitive\" octets=0x010203}" },
};
