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
	const char *told;
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
	/* RFC 8277 */
	{ "ipv4 labelled", 1, 4, false, "30 000641 cb0071", "203.0.113.0/24",
	    "labels[{label=100 rsrv=0 s=1 field=1601}] prefix=203.0.113.0/24" },
	{ "ipv4 two labels", 1, 4, false, "48 000640 000c81 cb0071", "203.0.113.0/24",
	    "labels[{label=100 rsrv=0 s=0 field=1600} {label=200 rsrv=0 s=1 field=3201}] "
	    "prefix=203.0.113.0/24" },
	{ "ipv6 labelled", 2, 4, false, "48 000641 20010db80001", "2001:db8:1::/48",
	    "labels[{label=100 rsrv=0 s=1 field=1601}] prefix=2001:db8:1::/48" },
	{ "ipv4 labelled withdrawn", 1, 4, true, "30 800000 cb0071", "203.0.113.0/24",
	    "labels[{label=524288 rsrv=0 s=0 field=8388608}] prefix=203.0.113.0/24" },
	{ "ipv4 labelled withdrawn, field 0", 1, 4, true, "30 000000 cb0071", "203.0.113.0/24",
	    "labels[{label=0 rsrv=0 s=0 field=0}] prefix=203.0.113.0/24" },
	/* RFC 4364, 4659, 6514 */
	{ "vpnv4", 1, 128, false, "70 000641 " RD1 "cb0071", "64500:100 203.0.113.0/24",
	    "labels[{label=100 rsrv=0 s=1 field=1601}] rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv4 withdrawn", 1, 128, true, "70 800000 " RD1 "cb0071", "64500:100 203.0.113.0/24",
	    "labels[{label=524288 rsrv=0 s=0 field=8388608}] rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv4 label without bottom", 1, 128, false, "70 000640 " RD1 "cb0071",
	    "64500:100 203.0.113.0/24",
	    "labels[{label=100 rsrv=0 s=0 field=1600}] rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv4 two labels", 1, 128, false, "88 000640 000c81 " RD1 "cb0071",
	    "64500:100 203.0.113.0/24",
	    "labels[{label=100 rsrv=0 s=0 field=1600} {label=200 rsrv=0 s=1 field=3201}] "
	    "rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv6", 2, 128, false, "88 000641 0001c00002010064 20010db80001",
	    "192.0.2.1:100 2001:db8:1::/48",
	    "labels[{label=100 rsrv=0 s=1 field=1601}] rd=192.0.2.1:100 prefix=2001:db8:1::/48" },
	{ "vpnv4 multicast", 1, 129, false, "58 " RD1 "cb0071", "64500:100 203.0.113.0/24",
	    "rd=64500:100 prefix=203.0.113.0/24" },
	{ "vpnv4 multicast with a label", 1, 129, false, "70 000641 " RD1 "cb0071",
	    "64500:100 203.0.113.0/24",
	    "labels[{label=100 rsrv=0 s=1 field=1601}] rd=64500:100 prefix=203.0.113.0/24" },
	/* RFC 7432, 9136, 9251, 9572 */
	{ "evpn 1", 25, 70, false, "01 19 " RD1 ESI1 "00000005 000641",
	    "64500:100 [1]:[00:11:22:33:44:55:66:77:88:99]:[5]",
	    "route_type=1 route_type_name=Ethernet Auto-discovery rd=64500:100 "
	    "esi=00:11:22:33:44:55:66:77:88:99 ethernet_tag=5 "
	    "mpls_label{label=100 rsrv=0 s=1 field=1601}" },
	{ "evpn 2", 25, 70, false, "02 25 " RD1 ESI0 "00000000 30 020000000001 20 c000024d 002710",
	    "64500:100 [2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[192.0.2.77]",
	    "route_type=2 route_type_name=MAC/IP Advertisement rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 mac=02:00:00:00:00:01 ip=192.0.2.77 "
	    "mpls_label1{label=625 rsrv=0 s=0 field=10000}" },
	{ "evpn 2 without ip", 25, 70, false,
	    "02 21 " RD1 ESI0 "00000000 30 020000000001 00 002710",
	    "64500:100 [2]:[0]:[48]:[02:00:00:00:00:01]",
	    "route_type=2 route_type_name=MAC/IP Advertisement rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 mac=02:00:00:00:00:01 ip=* "
	    "mpls_label1{label=625 rsrv=0 s=0 field=10000}" },
	{ "evpn 2 ipv6, two labels", 25, 70, false,
	    "02 34 " RD1 ESI0 "00000000 30 020000000001 80 20010db8000000000000000000000001 "
	    "002710 0186a0",
	    "64500:100 [2]:[0]:[48]:[02:00:00:00:00:01]:[128]:[2001:db8::1]",
	    "route_type=2 route_type_name=MAC/IP Advertisement rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 mac=02:00:00:00:00:01 ip=2001:db8::1 "
	    "mpls_label1{label=625 rsrv=0 s=0 field=10000} "
	    "mpls_label2{label=6250 rsrv=0 s=0 field=100000}" },
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
	    "gateway=192.0.2.9 mpls_label{label=625 rsrv=0 s=0 field=10000}" },
	{ "evpn 5 ipv6", 25, 70, false,
	    "05 3a " RD1 ESI0 "00000000 30 20010db8000100000000000000000000 "
	    "00000000000000000000000000000000 002710",
	    "64500:100 [5]:[0]:[48]:[2001:db8:1::]",
	    "route_type=5 route_type_name=IP Prefix rd=64500:100 "
	    "esi=00:00:00:00:00:00:00:00:00:00 ethernet_tag=0 prefix=2001:db8:1::/48 gateway=:: "
	    "mpls_label{label=625 rsrv=0 s=0 field=10000}" },
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
	/* RFC 4684 */
	{ "rtc", 1, 132, false, "60 0000fbf4 0002fbf400000064", "64500:rt:64500:100/96",
	    "prefix_length=96 origin_as=64500 route_target=rt:64500:100" },
	{ "rtc as4", 1, 132, false, "60 0000fbf4 0202fa56ea000064", "64500:rt:4200000000:100/96",
	    "prefix_length=96 origin_as=64500 route_target=rt:4200000000:100" },
	{ "rtc default", 1, 132, false, "00", "default", "prefix_length=0" },
	{ "rtc of an as", 1, 132, false, "20 0000fbf4", "64500/32",
	    "prefix_length=32 origin_as=64500" },
	{ "rtc in part", 1, 132, false, "40 0000fbf4 0002fbf4", "64500:0002fbf4/64",
	    "prefix_length=64 origin_as=64500 route_target=0x0002fbf4" },
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
	    "label_base{label=50000 rsrv=0 s=1 field=800001}" },
	{ "vpls auto-discovery", 25, 65, false, "000c " RD1 "c0000209", "64500:100 [192.0.2.9]",
	    "rd=64500:100 pe_address=192.0.2.9" },
};
