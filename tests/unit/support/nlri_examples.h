/* An NLRI of every family and route type, by hand from the RFCs: octets, the line routers print,
 * and every field. For the suites and for the seeds of the fuzzer. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct nlri_example {
	const char *name;
	uint16_t afi;
	uint8_t safi;
	bool withdraw;
	const char *octets; /* hex, spaces do not count */
	const char *text;
	const char *fields;
};

#define RD1  "0000fbf400000064 " /* 64500:100 */
#define ESI0 "00000000000000000000 "
#define ESI1 "00112233445566778899 "

static const struct nlri_example examples[] = {
	/* RFC 4271, 4760 */
	{ "ipv4 unicast", 1, 1, false, "18 cb0071", "203.0.113.0/24", "prefix=203.0.113.0/24" },
	{ "ipv4 default", 1, 1, false, "00", "0.0.0.0/0", "prefix=0.0.0.0/0" },
	{ "ipv4 multicast", 1, 2, false, "19 cb007180", "203.0.113.128/25",
	    "prefix=203.0.113.128/25" },
	{ "ipv6 unicast", 2, 1, false, "30 20010db80001", "2001:db8:1::/48",
	    "prefix=2001:db8:1::/48" },
	{ "ipv6 multicast", 2, 2, false, "10 2001", "2001::/16", "prefix=2001::/16" },
	/* RFC 8277 */
	{ "ipv4 labelled", 1, 4, false, "30 000641 cb0071", "203.0.113.0/24",
	    "labels[{label=100 bottom_of_stack=1}] prefix=203.0.113.0/24" },
	{ "ipv4 two labels", 1, 4, false, "48 000640 000c81 cb0071", "203.0.113.0/24",
	    "labels[{label=100} {label=200 bottom_of_stack=1}] "
	    "prefix=203.0.113.0/24" },
	{ "ipv4 labelled, exp", 1, 4, false, "30 00064b cb0072", "203.0.114.0/24",
	    "labels[{label=100 exp=5 bottom_of_stack=1}] prefix=203.0.114.0/24" },
	{ "ipv4 labelled withdrawn with its label", 1, 4, true, "30 000641 cb0072",
	    "203.0.114.0/24", "labels[{label=100 bottom_of_stack=1}] prefix=203.0.114.0/24" },
	{ "ipv6 labelled", 2, 4, false, "48 000641 20010db80001", "2001:db8:1::/48",
	    "labels[{label=100 bottom_of_stack=1}] prefix=2001:db8:1::/48" },
	{ "ipv4 labelled withdrawn", 1, 4, true, "30 800000 cb0071", "203.0.113.0/24",
	    "labels[{label=withdrawn}] prefix=203.0.113.0/24" },
	{ "ipv4 labelled withdrawn, field 0", 1, 4, true, "30 000000 cb0071", "203.0.113.0/24",
	    "labels[{label=withdrawn}] prefix=203.0.113.0/24" },
	/* RFC 4364, 4659, 6514 */
	{ "vpnv4", 1, 128, false, "70 000641 " RD1 "cb0071", "64500:100 203.0.113.0/24",
	    "labels[{label=100 bottom_of_stack=1}] rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv4 withdrawn", 1, 128, true, "70 800000 " RD1 "cb0071", "64500:100 203.0.113.0/24",
	    "labels[{label=withdrawn}] rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv4 label without bottom", 1, 128, false, "70 000640 " RD1 "cb0071",
	    "64500:100 203.0.113.0/24", "labels[{label=100}] rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv4 two labels", 1, 128, false, "88 000640 000c81 " RD1 "cb0071",
	    "64500:100 203.0.113.0/24",
	    "labels[{label=100} {label=200 bottom_of_stack=1}] "
	    "rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv6", 2, 128, false, "88 000641 0001c00002010064 20010db80001",
	    "192.0.2.1:100 2001:db8:1::/48",
	    "labels[{label=100 bottom_of_stack=1}] rd=192.0.2.1:100 prefix=2001:db8:1::/48" },
	{ "vpnv4 multicast", 1, 129, false, "58 " RD1 "cb0071", "64500:100 203.0.113.0/24",
	    "rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv4 multicast with a label", 1, 129, false, "70 000641 " RD1 "cb0071",
	    "64500:100 203.0.113.0/24",
	    "labels[{label=100 bottom_of_stack=1}] rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv6 multicast", 2, 129, false, "70 " RD1 "20010db80001", "64500:100 2001:db8:1::/48",
	    "rd=64500:100 prefix=2001:db8:1::/48" },
	/* RFC 9832 */
	{ "ipv4 classful transport", 1, 76, false, "78 000641 " RD1 "c0000209",
	    "64500:100 192.0.2.9/32",
	    "labels[{label=100 bottom_of_stack=1}] rd=64500:100 prefix=192.0.2.9/32" },
	{ "ipv6 classful transport withdrawn", 2, 76, true, "88 800000 " RD1 "20010db80001",
	    "64500:100 2001:db8:1::/48",
	    "labels[{label=withdrawn}] rd=64500:100 prefix=2001:db8:1::/48" },
	/* RFC 7432, 9136, 9251, 9572 */
	{ "evpn 1", 25, 70, false, "01 19 " RD1 ESI1 "00000005 000641",
	    "64500:100 [1]:[00:11:22:33:44:55:66:77:88:99]:[5]",
	    "route_type=1 route_type_name=Ethernet Auto-discovery rd=64500:100 "
	    "esi=00:11:22:33:44:55:66:77:88:99 ethernet_tag=5 "
	    "mpls_label{label=100 vni=1601}" },
	{ "evpn 2", 25, 70, false, "02 25 " RD1 ESI0 "00000000 30 020000000001 20 c000024d 002710",
	    "64500:100 [2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[192.0.2.77]",
	    "route_type=2 route_type_name=MAC/IP Advertisement rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 mac=02:00:00:00:00:01 ip=192.0.2.77 "
	    "mpls_label1{label=625 vni=10000}" },
	{ "evpn 2 without ip", 25, 70, false,
	    "02 21 " RD1 ESI0 "00000000 30 020000000001 00 002710",
	    "64500:100 [2]:[0]:[48]:[02:00:00:00:00:01]",
	    "route_type=2 route_type_name=MAC/IP Advertisement rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 mac=02:00:00:00:00:01 ip=* "
	    "mpls_label1{label=625 vni=10000}" },
	{ "evpn 2 ipv6, two labels", 25, 70, false,
	    "02 34 " RD1 ESI0 "00000000 30 020000000001 80 20010db8000000000000000000000001 "
	    "002710 0186a0",
	    "64500:100 [2]:[0]:[48]:[02:00:00:00:00:01]:[128]:[2001:db8::1]",
	    "route_type=2 route_type_name=MAC/IP Advertisement rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 mac=02:00:00:00:00:01 ip=2001:db8::1 "
	    "mpls_label1{label=625 vni=10000} "
	    "mpls_label2{label=6250 vni=100000}" },
	{ "evpn 2 withdrawn", 25, 70, true,
	    "02 25 " RD1 ESI0 "00000000 30 020000000001 20 c000024d 800000",
	    "64500:100 [2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[192.0.2.77]",
	    "route_type=2 route_type_name=MAC/IP Advertisement rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 mac=02:00:00:00:00:01 ip=192.0.2.77 "
	    "mpls_label1{label=withdrawn}" },
	{ "evpn 3", 25, 70, false, "03 11 " RD1 "00000000 20 c0000209",
	    "64500:100 [3]:[0]:[32]:[192.0.2.9]",
	    "route_type=3 route_type_name=Inclusive Multicast Ethernet Tag rd=64500:100 "
	    "ethernet_tag=0 originator=192.0.2.9" },
	{ "evpn 4", 25, 70, false, "04 17 " RD1 ESI1 "20 c0000209",
	    "64500:100 [4]:[00:11:22:33:44:55:66:77:88:99]:[32]:[192.0.2.9]",
	    "route_type=4 route_type_name=Ethernet Segment rd=64500:100 "
	    "esi=00:11:22:33:44:55:66:77:88:99 originator=192.0.2.9" },
	{ "evpn 5", 25, 70, false, "05 22 " RD1 ESI0 "00000000 18 cb007100 c0000209 002710",
	    "64500:100 [5]:[0]:[24]:[203.0.113.0]",
	    "route_type=5 route_type_name=IP Prefix rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 prefix=203.0.113.0/24 "
	    "gateway=192.0.2.9 mpls_label{label=625 vni=10000}" },
	{ "evpn 5 ipv6", 25, 70, false,
	    "05 3a " RD1 ESI0 "00000000 30 20010db8000100000000000000000000 "
	    "00000000000000000000000000000000 002710",
	    "64500:100 [5]:[0]:[48]:[2001:db8:1::]",
	    "route_type=5 route_type_name=IP Prefix rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 prefix=2001:db8:1::/48 gateway=:: "
	    "mpls_label{label=625 vni=10000}" },
	{ "evpn 6", 25, 70, false, "06 1c " RD1 "00000000 20 c6336401 20 e9fc0001 20 c0000209 02",
	    "64500:100 [6]:[0]:[32]:[198.51.100.1]:[32]:[233.252.0.1]:[32]:[192.0.2.9]",
	    "route_type=6 route_type_name=Selective Multicast Ethernet Tag rd=64500:100 "
	    "ethernet_tag=0 source=198.51.100.1 group=233.252.0.1 originator=192.0.2.9 flags=2" },
	{ "evpn 6 any source", 25, 70, false, "06 18 " RD1 "00000000 00 20 e9fc0001 20 c0000209 02",
	    "64500:100 [6]:[0]:[0]:[*]:[32]:[233.252.0.1]:[32]:[192.0.2.9]",
	    "route_type=6 route_type_name=Selective Multicast Ethernet Tag rd=64500:100 "
	    "ethernet_tag=0 source=* group=233.252.0.1 originator=192.0.2.9 flags=2" },
	{ "evpn 7", 25, 70, false,
	    "07 26 " RD1 ESI1 "00000000 20 c6336401 20 e9fc0001 20 c0000209 02",
	    "64500:100 [7]:[00:11:22:33:44:55:66:77:88:99]:[0]:[32]:[198.51.100.1]:[32]:"
	    "[233.252.0.1]:[32]:[192.0.2.9]",
	    "route_type=7 route_type_name=Multicast Membership Report Synch rd=64500:100 "
	    "esi=00:11:22:33:44:55:66:77:88:99 ethernet_tag=0 source=198.51.100.1 "
	    "group=233.252.0.1 originator=192.0.2.9 flags=2" },
	{ "evpn 8", 25, 70, false,
	    "08 2b " RD1 ESI1 "00000000 20 c6336401 20 e9fc0001 20 c0000209 00000000 64 02",
	    "64500:100 [8]:[00:11:22:33:44:55:66:77:88:99]:[0]:[32]:[198.51.100.1]:[32]:"
	    "[233.252.0.1]:[32]:[192.0.2.9]",
	    "route_type=8 route_type_name=Multicast Leave Synch rd=64500:100 "
	    "esi=00:11:22:33:44:55:66:77:88:99 ethernet_tag=0 source=198.51.100.1 "
	    "group=233.252.0.1 originator=192.0.2.9 reserved=0x00000000 maximum_response_time=100 "
	    "flags=2" },
	{ "evpn 9", 25, 70, false, "09 14 " RD1 "00000000 0009fbf400000001",
	    "64500:100 [9]:[0]:[0009fbf400000001]",
	    "route_type=9 route_type_name=Per-Region I-PMSI A-D rd=64500:100 ethernet_tag=0 "
	    "region_id=0x0009fbf400000001" },
	{ "evpn 10", 25, 70, false, "0a 1b " RD1 "00000000 20 c6336401 20 e9fc0001 20 c0000209",
	    "64500:100 [10]:[0]:[32]:[198.51.100.1]:[32]:[233.252.0.1]:[32]:[192.0.2.9]",
	    "route_type=10 route_type_name=S-PMSI A-D rd=64500:100 ethernet_tag=0 "
	    "source=198.51.100.1 group=233.252.0.1 originator=192.0.2.9" },
	{ "evpn 11", 25, 70, false, "0b 18 03 11 " RD1 "00000000 20 c0000209 20 c000020a",
	    "[11]:[64500:100 [3]:[0]:[32]:[192.0.2.9]]:[32]:[192.0.2.10]",
	    "route_type=11 route_type_name=Leaf A-D route_key{route_type=3 "
	    "route_type_name=Inclusive Multicast Ethernet Tag rd=64500:100 ethernet_tag=0 "
	    "originator=192.0.2.9} originator=192.0.2.10" },
	/* RFC 6514 */
	{ "mcast-vpn 1", 1, 5, false, "01 0c " RD1 "c0000209", "64500:100 [1]:[192.0.2.9]",
	    "route_type=1 route_type_name=Intra-AS I-PMSI A-D rd=64500:100 originator=192.0.2.9" },
	{ "mcast-vpn 1 ipv6", 2, 5, false, "01 18 " RD1 "20010db8000000000000000000000009",
	    "64500:100 [1]:[2001:db8::9]",
	    "route_type=1 route_type_name=Intra-AS I-PMSI A-D rd=64500:100 "
	    "originator=2001:db8::9" },
	{ "mcast-vpn 2", 1, 5, false, "02 0c " RD1 "0000fbf5", "64500:100 [2]:[64501]",
	    "route_type=2 route_type_name=Inter-AS I-PMSI A-D rd=64500:100 source_as=64501" },
	{ "mcast-vpn 3", 1, 5, false, "03 16 " RD1 "20 c6336401 20 e9fc0001 c0000209",
	    "64500:100 [3]:[32]:[198.51.100.1]:[32]:[233.252.0.1]:[192.0.2.9]",
	    "route_type=3 route_type_name=S-PMSI A-D rd=64500:100 source=198.51.100.1 "
	    "group=233.252.0.1 originator=192.0.2.9" },
	{ "mcast-vpn 3 wildcards", 1, 5, false, "03 0e " RD1 "00 00 c0000209",
	    "64500:100 [3]:[0]:[*]:[0]:[*]:[192.0.2.9]",
	    "route_type=3 route_type_name=S-PMSI A-D rd=64500:100 source=* group=* "
	    "originator=192.0.2.9" },
	{ "mcast-vpn 4", 1, 5, false,
	    "04 1c 03 16 " RD1 "20 c6336401 20 e9fc0001 c0000209 c000020a",
	    "[4]:[64500:100 [3]:[32]:[198.51.100.1]:[32]:[233.252.0.1]:[192.0.2.9]]:[192.0.2.10]",
	    "route_type=4 route_type_name=Leaf A-D route_key{route_type=3 "
	    "route_type_name=S-PMSI A-D rd=64500:100 source=198.51.100.1 group=233.252.0.1 "
	    "originator=192.0.2.9} originator=192.0.2.10" },
	{ "mcast-vpn 5", 1, 5, false, "05 12 " RD1 "20 c6336401 20 e9fc0001",
	    "64500:100 [5]:[32]:[198.51.100.1]:[32]:[233.252.0.1]",
	    "route_type=5 route_type_name=Source Active A-D rd=64500:100 source=198.51.100.1 "
	    "group=233.252.0.1" },
	{ "mcast-vpn 6", 1, 5, false, "06 16 " RD1 "0000fbf5 20 c6336401 20 e9fc0001",
	    "64500:100 [6]:[64501]:[32]:[198.51.100.1]:[32]:[233.252.0.1]",
	    "route_type=6 route_type_name=Shared Tree Join rd=64500:100 source_as=64501 "
	    "source=198.51.100.1 group=233.252.0.1" },
	{ "mcast-vpn 7", 1, 5, false, "07 16 " RD1 "0000fbf5 20 c6336401 20 e9fc0001",
	    "64500:100 [7]:[64501]:[32]:[198.51.100.1]:[32]:[233.252.0.1]",
	    "route_type=7 route_type_name=Source Tree Join rd=64500:100 source_as=64501 "
	    "source=198.51.100.1 group=233.252.0.1" },
	/* draft-ietf-bess-mup-safi */
	{ "mup 1", 1, 85, false, "01 0001 0c " RD1 "18 cb0071", "64500:100 [1]:[24]:[203.0.113.0]",
	    "architecture_type=1 route_type=1 route_type_name=Interwork Segment Discovery "
	    "rd=64500:100 prefix=203.0.113.0/24" },
	{ "mup 2", 2, 85, false, "01 0002 18 " RD1 "20010db8000000000000000000000009",
	    "64500:100 [2]:[2001:db8::9]",
	    "architecture_type=1 route_type=2 route_type_name=Direct Segment Discovery "
	    "rd=64500:100 address=2001:db8::9" },
	{ "mup 3", 1, 85, false,
	    "01 0003 1c " RD1 "20 c0000201 00003039 09 20 c6336401 20 c6336402",
	    "64500:100 [3]:[32]:[192.0.2.1]",
	    "architecture_type=1 route_type=3 route_type_name=Type 1 Session Transformed "
	    "rd=64500:100 prefix=192.0.2.1/32 teid=12345 qfi=9 endpoint=198.51.100.1 "
	    "source=198.51.100.2" },
	{ "mup 3 without source", 1, 85, false,
	    "01 0003 17 " RD1 "20 c0000201 00003039 09 20 c6336401",
	    "64500:100 [3]:[32]:[192.0.2.1]",
	    "architecture_type=1 route_type=3 route_type_name=Type 1 Session Transformed "
	    "rd=64500:100 prefix=192.0.2.1/32 teid=12345 qfi=9 endpoint=198.51.100.1" },
	{ "mup 4", 1, 85, false, "01 0004 11 " RD1 "40 c6336401 00003039",
	    "64500:100 [4]:[64]:[198.51.100.1]:[0x00003039]",
	    "architecture_type=1 route_type=4 route_type_name=Type 2 Session Transformed "
	    "rd=64500:100 endpoint_length=64 endpoint=198.51.100.1 teid=0x00003039" },
	{ "mup 4, part of a teid", 1, 85, false, "01 0004 0e " RD1 "24 c6336401 1f",
	    "64500:100 [4]:[36]:[198.51.100.1]:[0x10]",
	    "architecture_type=1 route_type=4 route_type_name=Type 2 Session Transformed "
	    "rd=64500:100 endpoint_length=36 endpoint=198.51.100.1 teid=0x1f" },
	/* RFC 4684 */
	{ "rtc", 1, 132, false, "60 0000fbf4 0002fbf400000064", "64500:rt:64500:100/96",
	    "prefix_length=96 origin_as=64500 route_target=rt:64500:100" },
	{ "rtc as4", 1, 132, false, "60 0000fbf4 0202fa56ea000064", "64500:rt:4200000000:100/96",
	    "prefix_length=96 origin_as=64500 route_target=rt:4200000000:100" },
	{ "rtc ipv4", 1, 132, false, "60 0000fbf4 0102c00002010064", "64500:rt:192.0.2.1:100/96",
	    "prefix_length=96 origin_as=64500 route_target=rt:192.0.2.1:100" },
	{ "rtc of another type", 1, 132, false, "60 0000fbf4 8002fbf400000064",
	    "64500:8002fbf400000064/96",
	    "prefix_length=96 origin_as=64500 route_target=8002fbf400000064" },
	{ "rtc default", 1, 132, false, "00", "default", "prefix_length=0" },
	{ "rtc of an as", 1, 132, false, "20 0000fbf4", "64500/32",
	    "prefix_length=32 origin_as=64500" },
	{ "rtc in part", 1, 132, false, "40 0000fbf4 0002fbf4", "64500:0002fbf4/64",
	    "prefix_length=64 origin_as=64500 route_target=0x0002fbf4" },
	{ "rtc ipv6", 2, 132, false, "60 0000fbf4 0002fbf400000064", "64500:rt:64500:100/96",
	    "prefix_length=96 origin_as=64500 route_target=rt:64500:100" },
	/* RFC 9830 */
	{ "sr policy", 1, 73, false, "60 00000001 00000064 c0000209", "[1]:[100]:[192.0.2.9]",
	    "distinguisher=1 color=100 endpoint=192.0.2.9" },
	{ "sr policy ipv6", 2, 73, false, "c0 00000001 00000064 20010db8000000000000000000000009",
	    "[1]:[100]:[2001:db8::9]", "distinguisher=1 color=100 endpoint=2001:db8::9" },
	/* RFC 6037 */
	{ "mdt", 1, 66, false, "80 " RD1 "c0000209 efff0001", "64500:100 [192.0.2.9]:[239.255.0.1]",
	    "rd=64500:100 pe_address=192.0.2.9 group_address=239.255.0.1" },
	/* RFC 4761, 6074 */
	{ "vpls", 25, 65, false, "0011 " RD1 "0001 0001 0008 0c3501", "64500:100 [1]:[1]",
	    "rd=64500:100 ve_id=1 ve_block_offset=1 ve_block_size=8 "
	    "label_base{label=50000 bottom_of_stack=1}" },
	{ "vpls auto-discovery", 25, 65, false, "000c " RD1 "c0000209", "64500:100 [192.0.2.9]",
	    "rd=64500:100 pe_address=192.0.2.9" },
	{ "l2vpn circuits", 25, 65, false, "0013 " RD1 "0003 0001 0c3500 01 0008 a0",
	    "64500:100 [3]:[1]",
	    "rd=64500:100 ce_id=3 label_block_offset=1 "
	    "label_base{label=50000} "
	    "tlvs[{circuits=8 circuit_status_vector=0xa0}]" },
	{ "l2vpn circuits, without a status", 25, 65, false, "000f " RD1 "0003 0009 0c3500",
	    "64500:100 [3]:[9]",
	    "rd=64500:100 ce_id=3 label_block_offset=9 "
	    "label_base{label=50000}" },
	{ "l2vpn circuits, two tlvs", 25, 65, false,
	    "001b " RD1 "0004 0001 0c3500 01 0014 a0fff0 04 0003 0005dc", "64500:100 [4]:[1]",
	    "rd=64500:100 ce_id=4 label_block_offset=1 "
	    "label_base{label=50000} "
	    "tlvs[{circuits=20 circuit_status_vector=0xa0fff0} {type=4 octets=0x0005dc}]" },
	/* RFC 8955, 8956 */
	{ "flowspec", 1, 133, false, "0b 01 18 c00002 03 81 06 04 81 19",
	    "dst 192.0.2.0/24 proto =6 port =25",
	    "components[{type=1 destination_prefix=192.0.2.0/24} {type=3 name=ip_protocol "
	    "operations[{operator=129 value=6 match==6}]} {type=4 name=port "
	    "operations[{operator=129 value=25 match==25}]}]" },
	{ "flowspec ranges and bits", 1, 133, false,
	    "25 02 10 c633 05 13 0400 d5 ffff "
	    "06 01 50 81 bb 07 81 08 08 81 00 09 81 12 0a 94 05dc 0b 81 2e 0c 03 01 82 04",
	    "src 198.51.0.0/16 dport >=1024&<=65535 sport =80|=187 icmp-type =8 icmp-code =0 "
	    "tcp-flags =syn+ack len <1500 dscp =46 frag !=df|!ff",
	    "components[{type=2 source_prefix=198.51.0.0/16} {type=5 name=destination_port "
	    "operations[{operator=19 value=1024 match=>=1024} {operator=213 value=65535 "
	    "match=<=65535}]} {type=6 name=source_port operations[{operator=1 value=80 match==80} "
	    "{operator=129 value=187 match==187}]} {type=7 name=icmp_type operations[{operator=129 "
	    "value=8 match==8}]} {type=8 name=icmp_code operations[{operator=129 value=0 "
	    "match==0}]} {type=9 name=tcp_flags operations[{operator=129 value=18 "
	    "match==syn+ack}]} {type=10 name=packet_length operations[{operator=148 value=1500 "
	    "match=<1500}]} {type=11 name=dscp operations[{operator=129 value=46 match==46}]} "
	    "{type=12 name=fragment operations[{operator=3 value=1 match=!=df} {operator=130 "
	    "value=4 match=!ff}]}]" },
	{ "flowspec, bits without a name", 1, 133, false, "09 09 11 0102 82 00 0c 80 10",
	    "tcp-flags =syn+0x100|!0x0 frag 0x10",
	    "components[{type=9 name=tcp_flags operations[{operator=17 value=258 "
	    "match==syn+0x100} {operator=130 value=0 match=!0x0}]} {type=12 name=fragment "
	    "operations[{operator=128 value=16 match=0x10}]}]" },
	{ "flowspec, true and false", 1, 133, false, "05 03 07 06 80 11", "proto true|false",
	    "components[{type=3 name=ip_protocol operations[{operator=7 value=6 match=true} "
	    "{operator=128 value=17 match=false}]}]" },
	{ "flowspec, length in two octets", 1, 133, false, "f008 01 18 c00002 03 81 06",
	    "dst 192.0.2.0/24 proto =6",
	    "components[{type=1 destination_prefix=192.0.2.0/24} {type=3 name=ip_protocol "
	    "operations[{operator=129 value=6 match==6}]}]" },
	{ "flowspec ipv6", 2, 133, false, "0d 01 20 00 20010db8 0d a1 00012345",
	    "dst 2001:db8::/32 flow-label =74565",
	    "components[{type=1 destination_prefix=2001:db8::/32} {type=13 name=flow_label "
	    "operations[{operator=161 value=74565 match==74565}]}]" },
	{ "flowspec ipv6 with an offset", 2, 133, false, "08 01 68 40 123456789a",
	    "dst ::1234:5678:9a00:0/64-104",
	    "components[{type=1 destination_prefix=::1234:5678:9a00:0/64-104}]" },
	{ "flowspec vpn", 1, 134, false, "10 " RD1 "01 18 c00002 03 81 06",
	    "64500:100 dst 192.0.2.0/24 proto =6",
	    "rd=64500:100 components[{type=1 destination_prefix=192.0.2.0/24} {type=3 "
	    "name=ip_protocol operations[{operator=129 value=6 match==6}]}]" },
	{ "flowspec vpn ipv6", 2, 134, false, "13 " RD1 "01 28 00 20010db800 03 81 3a",
	    "64500:100 dst 2001:db8::/40 proto =58",
	    "rd=64500:100 components[{type=1 destination_prefix=2001:db8::/40} {type=3 "
	    "name=ip_protocol operations[{operator=129 value=58 match==58}]}]" },
	{ "flowspec layer 2", 25, 133, false, "10 0e 91 0800 0f 06 020000000001 15 91 0064",
	    "ethertype =0x800 src-mac 02:00:00:00:00:01 vlan =100",
	    "components[{type=14 name=ethernet_type operations[{operator=145 value=2048 "
	    "match==0x800}]} {type=15 source_mac=02:00:00:00:00:01} {type=21 name=vlan_id "
	    "operations[{operator=145 value=100 match==100}]}]" },
	{ "flowspec layer 2, part of a mac", 25, 133, false, "04 0f 0c 020f", "src-mac 02:00/12",
	    "components[{type=15 source_mac=02:00/12}]" },
	{ "flowspec vpn layer 2", 25, 134, false, "0c " RD1 "0e 91 0800",
	    "64500:100 ethertype =0x800",
	    "rd=64500:100 components[{type=14 name=ethernet_type operations[{operator=145 "
	    "value=2048 match==0x800}]}]" },
	/* RFC 9552, 9514, 9857 */
	{ "bgp-ls node", 16388, 71, false,
	    "0001 002f 02 0000000000000000 0100 0022 0200 0004 0000fbf4 0201 0004 00000000 "
	    "0203 0006 010005005005 0204 0004 c0000209",
	    "NODE { AS:64500 BGP-LS-ID:0.0.0.0 ISO:0100.0500.5005.00 BGP-Router:192.0.2.9 } "
	    "ISIS-L2:0",
	    "route_type=1 route_type_name=Node protocol_id=2 protocol=ISIS-L2 identifier=0 "
	    "local_node_descriptors{autonomous_system=64500 bgp_ls_identifier=0.0.0.0 "
	    "igp_router_id=ISO:0100.0500.5005.00 bgp_router_id=192.0.2.9}" },
	{ "bgp-ls link", 16388, 71, false,
	    "0002 0057 03 0000000000000001 0100 0018 0200 0004 0000fbf4 0202 0004 00000000 "
	    "0203 0004 c0000201 0101 0018 0200 0004 0000fbf4 0202 0004 00000000 "
	    "0203 0004 c0000202 0103 0004 c6336401 0104 0004 c6336402 0107 0002 0002",
	    "LINK { Local { AS:64500 Area:0.0.0.0 Router:192.0.2.1 }.{ IPv4:198.51.100.1 } "
	    "Remote { AS:64500 Area:0.0.0.0 Router:192.0.2.2 }.{ IPv4:198.51.100.2 } { MT:2 } "
	    "OSPFv2:1 }",
	    "route_type=2 route_type_name=Link protocol_id=3 protocol=OSPFv2 identifier=1 "
	    "local_node_descriptors{autonomous_system=64500 ospf_area_id=0.0.0.0 "
	    "igp_router_id=Router:192.0.2.1} remote_node_descriptors{autonomous_system=64500 "
	    "ospf_area_id=0.0.0.0 igp_router_id=Router:192.0.2.2} "
	    "ipv4_interface_address=198.51.100.1 ipv4_neighbor_address=198.51.100.2 "
	    "multi_topology_identifier[2]" },
	{ "bgp-ls link, unnumbered, ipv6", 16388, 71, false,
	    "0002 0094 01 0000000000000000 0100 0028 0200 0004 0000fbf4 0201 0004 c0000201 "
	    "0203 0007 01000500500502 0205 0004 0000fbf5 09c4 0001 ff "
	    "0101 001a 0200 0004 0000fbf4 0201 0004 c0000201 0203 0006 010005005006 "
	    "0102 0008 00000001 00000002 "
	    "0105 0010 20010db8000000000000000000000001 "
	    "0106 0010 20010db8000000000000000000000002 0107 0004 0000 0002 2710 0001 aa",
	    "LINK { Local { AS:64500 BGP-LS-ID:192.0.2.1 ISO:0100.0500.5005.02 Member-AS:64501 "
	    "TLV2500:ff }.{ IPv6:2001:db8::1 } Remote { AS:64500 BGP-LS-ID:192.0.2.1 "
	    "ISO:0100.0500.5006.00 }.{ IPv6:2001:db8::2 } { ID:1/2 MT:0,2 TLV10000:aa } "
	    "ISIS-L1:0 }",
	    "route_type=2 route_type_name=Link protocol_id=1 protocol=ISIS-L1 identifier=0 "
	    "local_node_descriptors{autonomous_system=64500 bgp_ls_identifier=192.0.2.1 "
	    "igp_router_id=ISO:0100.0500.5005.02 confederation_member_as=64501 tlvs[{type=2500 "
	    "octets=0xff}]} remote_node_descriptors{autonomous_system=64500 "
	    "bgp_ls_identifier=192.0.2.1 igp_router_id=ISO:0100.0500.5006.00} "
	    "link_local_remote_identifiers{local=1 remote=2} "
	    "ipv6_interface_address=2001:db8::1 ipv6_neighbor_address=2001:db8::2 "
	    "multi_topology_identifier[0 2] tlvs[{type=10000 octets=0xaa}]" },
	{ "bgp-ls prefix", 16388, 71, false,
	    "0003 002a 03 0000000000000000 0100 0010 0200 0004 0000fbf4 0203 0004 c0000201 "
	    "0108 0001 01 0109 0004 18 cb0071",
	    "PREFIX { Node { AS:64500 Router:192.0.2.1 } { Route:1 IPv4:203.0.113.0/24 } "
	    "OSPFv2:0 }",
	    "route_type=3 route_type_name=IPv4 Topology Prefix protocol_id=3 protocol=OSPFv2 "
	    "identifier=0 local_node_descriptors{autonomous_system=64500 "
	    "igp_router_id=Router:192.0.2.1} ospf_route_type=1 "
	    "ip_reachability_information=203.0.113.0/24" },
	{ "bgp-ls prefix ipv6", 16388, 71, false,
	    "0004 002c 06 0000000000000000 0100 0014 0200 0004 0000fbf4 "
	    "0203 0008 c0000201 c6336401 0109 0007 30 20010db80001",
	    "PREFIX { Node { AS:64500 Router:192.0.2.1/198.51.100.1 } { IPv6:2001:db8:1::/48 } "
	    "OSPFv3:0 }",
	    "route_type=4 route_type_name=IPv6 Topology Prefix protocol_id=6 protocol=OSPFv3 "
	    "identifier=0 local_node_descriptors{autonomous_system=64500 "
	    "igp_router_id=Router:192.0.2.1/198.51.100.1} "
	    "ip_reachability_information=2001:db8:1::/48" },
	{ "bgp-ls sr policy", 16388, 71, false,
	    "0005 0039 09 0000000000000000 0100 0010 0200 0004 0000fbf4 0204 0004 c0000201 "
	    "022a 0018 02 00 0000 c0000209 00000064 0000fbf4 c0000201 00000001",
	    "TE-POLICY { Node { AS:64500 BGP-Router:192.0.2.1 } { Origin:2 Endpoint:192.0.2.9 "
	    "Color:100 Originator:64500:192.0.2.1 Discriminator:1 } SR:0 }",
	    "route_type=5 route_type_name=SR Policy Candidate Path protocol_id=9 protocol=SR "
	    "identifier=0 local_node_descriptors{autonomous_system=64500 bgp_router_id=192.0.2.1} "
	    "te_policy_candidate_path{protocol_origin=2 flags=0 reserved=0x0000 "
	    "endpoint=192.0.2.9 color=100 originator_as=64500 originator_address=192.0.2.1 "
	    "discriminator=1}" },
	{ "bgp-ls sr policy ipv6", 16388, 71, false,
	    "0005 0041 09 0000000000000000 0100 0000 022a 0030 03 c0 0000 "
	    "20010db8000000000000000000000009 00000064 0000fbf4 "
	    "20010db8000000000000000000000001 00000001",
	    "TE-POLICY { Node { } { Origin:3 Endpoint:2001:db8::9 Color:100 "
	    "Originator:64500:2001:db8::1 Discriminator:1 } SR:0 }",
	    "route_type=5 route_type_name=SR Policy Candidate Path protocol_id=9 protocol=SR "
	    "identifier=0 local_node_descriptors{} te_policy_candidate_path{protocol_origin=3 "
	    "flags=192 reserved=0x0000 endpoint=2001:db8::9 color=100 originator_as=64500 "
	    "originator_address=2001:db8::1 discriminator=1}" },
	{ "bgp-ls sr policy, ipv6 endpoint", 16388, 71, false,
	    "0005 0035 09 0000000000000000 0100 0000 022a 0024 03 80 0000 "
	    "20010db8000000000000000000000009 00000064 0000fbf4 c0000201 00000001",
	    "TE-POLICY { Node { } { Origin:3 Endpoint:2001:db8::9 Color:100 "
	    "Originator:64500:192.0.2.1 Discriminator:1 } SR:0 }",
	    "route_type=5 route_type_name=SR Policy Candidate Path protocol_id=9 protocol=SR "
	    "identifier=0 local_node_descriptors{} te_policy_candidate_path{protocol_origin=3 "
	    "flags=128 reserved=0x0000 endpoint=2001:db8::9 color=100 originator_as=64500 "
	    "originator_address=192.0.2.1 discriminator=1}" },
	{ "bgp-ls sr policy, widths other than the flags say", 16388, 71, false,
	    "0005 0029 09 0000000000000000 0100 0000 022a 0018 02 40 0000 c0000209 00000064 "
	    "0000fbf4 c0000201 00000001",
	    "TE-POLICY { Node { } { 02400000c0000209000000640000fbf4c000020100000001 } SR:0 }",
	    "route_type=5 route_type_name=SR Policy Candidate Path protocol_id=9 protocol=SR "
	    "identifier=0 local_node_descriptors{} "
	    "te_policy_candidate_path=0x02400000c0000209000000640000fbf4c000020100000001" },
	{ "bgp-ls node, descriptors where they mean nothing", 16388, 71, false,
	    "0001 0023 ff 0000000000000007 0100 000a 0100 0000 0103 0002 c000 "
	    "0109 0002 0102 0200 0002 fbf4",
	    "NODE { TLV256: TLV259:c000 } { TLV265:0102 TLV512:fbf4 } Protocol-255:7",
	    "route_type=1 route_type_name=Node protocol_id=255 protocol=Protocol-255 identifier=7 "
	    "local_node_descriptors{tlvs[{type=256 octets=0x} {type=259 octets=0xc000}]} "
	    "tlvs[{type=265 octets=0x0102} {type=512 octets=0xfbf4}]" },
	{ "bgp-ls link, descriptors of a kind", 16388, 71, false,
	    "0002 0043 04 0000000000000000 0100 0010 0204 0004 c0000201 0204 0004 c0000203 "
	    "0101 0000 0101 0004 0fff 0000 0103 0004 c6336401 0103 0004 c6336402 1000 0001 aa 1001 "
	    "0001 bb",
	    "LINK { Local { BGP-Router:192.0.2.1 BGP-Router:192.0.2.3 }.{ IPv4:198.51.100.1 "
	    "IPv4:198.51.100.2 } Remote { } { TLV4096:aa TLV4097:bb } Direct:0 }",
	    "route_type=2 route_type_name=Link protocol_id=4 protocol=Direct identifier=0 "
	    "local_node_descriptors{bgp_router_id=192.0.2.1 tlvs[{bgp_router_id=192.0.2.3}]} "
	    "remote_node_descriptors{} ipv4_interface_address=198.51.100.1 "
	    "tlvs[{remote_node_descriptors{tlvs[{type=4095 octets=0x}]}} "
	    "{ipv4_interface_address=198.51.100.2} {type=4096 octets=0xaa} {type=4097 "
	    "octets=0xbb}]" },
	{ "bgp-ls link between ASes", 16388, 71, false,
	    "0002 003f 02 0000000000000000 0100 000a 0203 0006 010005005005 0101 0000 "
	    "010e 0004 0000fbf5 010f 0004 c0000209 0110 0010 20010db8000000000000000000000009",
	    "LINK { Local { ISO:0100.0500.5005.00 } Remote { } { Remote-AS:64501 "
	    "Remote-ASBR:192.0.2.9 Remote-ASBR:2001:db8::9 } ISIS-L2:0 }",
	    "route_type=2 route_type_name=Link protocol_id=2 protocol=ISIS-L2 identifier=0 "
	    "local_node_descriptors{igp_router_id=ISO:0100.0500.5005.00} remote_node_descriptors{} "
	    "remote_as_number=64501 ipv4_remote_asbr_id=192.0.2.9 "
	    "ipv6_remote_asbr_id=2001:db8::9" },
	{ "bgp-ls srv6 sid", 16388, 71, false,
	    "0006 0037 02 0000000000000000 0100 0012 0200 0004 0000fbf4 0203 0006 010005005005 "
	    "0206 0010 20010db8000000000000000000000100 0fff 0000",
	    "SRV6-SID { Node { AS:64500 ISO:0100.0500.5005.00 } { SID:2001:db8::100 TLV4095: } "
	    "ISIS-L2:0 }",
	    "route_type=6 route_type_name=SRv6 SID protocol_id=2 protocol=ISIS-L2 identifier=0 "
	    "local_node_descriptors{autonomous_system=64500 igp_router_id=ISO:0100.0500.5005.00} "
	    "srv6_sid=2001:db8::100 tlvs[{type=4095 octets=0x}]" },
	{ "bgp-ls spf node", 16388, 80, false,
	    "0001 001d 07 0000000000000000 0100 0010 0200 0004 0000fbf4 0204 0004 c0000209",
	    "NODE { AS:64500 BGP-Router:192.0.2.9 } BGP:0",
	    "route_type=1 route_type_name=Node protocol_id=7 protocol=BGP identifier=0 "
	    "local_node_descriptors{autonomous_system=64500 bgp_router_id=192.0.2.9}" },
	{ "bgp-ls node vpn", 16388, 72, false,
	    "0001 001d " RD1 "02 0000000000000000 0100 0008 0200 0004 0000fbf4",
	    "64500:100 NODE { AS:64500 } ISIS-L2:0",
	    "route_type=1 route_type_name=Node rd=64500:100 protocol_id=2 protocol=ISIS-L2 "
	    "identifier=0 local_node_descriptors{autonomous_system=64500}" },
};
