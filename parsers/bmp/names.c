/* Names of what BMP numbers: IANA's registry "BMP parameters", in words for people. */
#include "parsers/bmp/bmp.h"

#define NAME_OF(names, i, other) ((i) < sizeof(names) / sizeof((names)[0]) ? (names)[i] : (other))

const char *
bmp_type_name(unsigned type)
{
	static const char *const names[BMP_TYPES] = { "route_monitoring", "statistics_report",
		"peer_down", "peer_up", "initiation", "termination", "route_mirroring" };

	return NAME_OF(names, type, "unknown");
}

const char *
bmp_view_name(unsigned view)
{
	static const char *const names[BMP_VIEWS] = { "adj-rib-in-pre", "adj-rib-in-post",
		"loc-rib", "adj-rib-out-pre", "adj-rib-out-post" };

	return NAME_OF(names, view, "unknown");
}

const char *
bmp_peer_type_name(uint8_t type)
{
	static const char *const names[] = { "Global Instance Peer", "RD Instance Peer",
		"Local Instance Peer", "Loc-RIB Instance Peer" };

	return NAME_OF(names, type,
	    type >= 251 && type <= 254 ? "experimental"
	    : type == 255	       ? "reserved"
				       : "unknown");
}

const char *
bmp_tlv_name(enum bmp_registry registry, uint16_t type)
{
	static const char *const names[BMP_REGISTRIES][5] = {
		[BMP_TLVS_INITIATION] = { "string", "sys_descr", "sys_name" },
		[BMP_TLVS_TERMINATION] = { "string", "reason" },
		[BMP_TLVS_PEER] = { "string", NULL, NULL, "table_name", "admin_label" },
		[BMP_TLVS_MIRRORING] = { "bgp_message", "information" },
		[BMP_TLVS_STATISTICS] = { NULL, "statistics" },
	};

	if (registry >= BMP_REGISTRIES)
		return NULL;
	return NAME_OF(names[registry], type, NULL);
}

const char *
bmp_termination_reason_name(uint16_t reason)
{
	static const char *const names[] = { "session administratively closed",
		"unspecified reason", "out of resources", "redundant connection",
		"session permanently administratively closed" };

	return NAME_OF(names, reason, "unknown reason");
}

const char *
bmp_mirror_info_name(uint16_t code)
{
	static const char *const names[] = { "errored PDU", "messages lost" };

	return NAME_OF(names, code, code >= 65531 && code <= 65534 ? "experimental" : "unknown");
}

const char *
bmp_peer_down_reason_name(uint8_t reason)
{
	static const char *const names[] = { "reserved", "local system closed with NOTIFICATION",
		"local system closed", "remote system closed with NOTIFICATION",
		"remote system closed", "peer de-configured", "local system closed, TLVs follow" };

	return NAME_OF(
	    names, reason, reason >= 251 && reason <= 254 ? "experimental" : "unknown reason");
}

const char *
bmp_fsm_event_name(uint16_t event)
{
	static const char *const names[] = { "none applies", "ManualStart", "ManualStop",
		"AutomaticStart", "ManualStart_with_PassiveTcpEstablishment",
		"AutomaticStart_with_PassiveTcpEstablishment",
		"AutomaticStart_with_DampPeerOscillations",
		"AutomaticStart_with_DampPeerOscillations_and_PassiveTcpEstablishment",
		"AutomaticStop", "ConnectRetryTimer_Expires", "HoldTimer_Expires",
		"KeepaliveTimer_Expires", "DelayOpenTimer_Expires", "IdleHoldTimer_Expires",
		"TcpConnection_Valid", "Tcp_CR_Invalid", "Tcp_CR_Acked", "TcpConnectionConfirmed",
		"TcpConnectionFails", "BGPOpen", "BGPOpen with DelayOpenTimer running",
		"BGPHeaderErr", "BGPOpenMsgErr", "OpenCollisionDump", "NotifMsgVerErr", "NotifMsg",
		"KeepAliveMsg", "UpdateMsg", "UpdateMsgErr", "SendHoldTimer_Expires" };

	return NAME_OF(names, event, "unknown event");
}

static const struct bmp_stat_info stats[] = {
	[0] = { "prefixes rejected by inbound policy", "prefixes", 4 }, /* RFC 7854 4.8 */
	[1] = { "duplicate prefix advertisements", "prefixes", 4 },
	[2] = { "duplicate withdraws", "withdraws", 4 },
	[3] = { "updates invalidated by CLUSTER_LIST loop", "updates", 4 },
	[4] = { "updates invalidated by AS_PATH loop", "updates", 4 },
	[5] = { "updates invalidated by ORIGINATOR_ID", "updates", 4 },
	[6] = { "updates invalidated by AS_CONFED loop", "updates", 4 },
	[7] = { "routes in Adj-RIBs-In", "routes", 8 },
	[8] = { "routes in Loc-RIB", "routes", 8 },
	[9] = { "routes in Adj-RIB-In per family", "routes", 11 },
	[10] = { "routes in Loc-RIB per family", "routes", 11 },
	[11] = { "updates treated as withdraw", "updates", 4 },
	[12] = { "prefixes treated as withdraw", "prefixes", 4 },
	[13] = { "duplicate update messages", "updates", 4 },
	[14] = { "routes in pre-policy Adj-RIB-Out", "routes", 8 }, /* RFC 8671 6.2 */
	[15] = { "routes in post-policy Adj-RIB-Out", "routes", 8 },
	[16] = { "routes in pre-policy Adj-RIB-Out per family", "routes", 11 },
	[17] = { "routes in post-policy Adj-RIB-Out per family", "routes", 11 },
	[18] = { "routes in pre-policy Adj-RIB-In", "routes", 8 }, /* RFC 9972 */
	[19] = { "routes in pre-policy Adj-RIB-In per family", "routes", 11 },
	[20] = { "routes in post-policy Adj-RIB-In", "routes", 8 },
	[21] = { "routes in post-policy Adj-RIB-In per family", "routes", 11 },
	[22] = { "routes rejected by inbound policy per family", "routes", 11 },
	[23] = { "routes accepted by inbound policy per family", "routes", 11 },
	[26] = { "routes suppressed by damping per family", "routes", 11 },
	[27] = { "routes stale by graceful restart per family", "routes", 11 },
	[28] = { "routes stale by LLGR per family", "routes", 11 },
	[29] = { "routes left before the received-route threshold", "routes", 8 },
	[30] = { "routes left before the received-route threshold per family", "routes", 11 },
	[31] = { "routes left before a licence threshold", "routes", 8 },
	[32] = { "routes left before a licence threshold per family", "routes", 11 },
	[33] = { "routes rejected for AS_PATH length", "routes", 8 },
	[34] = { "routes rejected for AS_PATH length per family", "routes", 11 },
	[35] = { "routes ROV-invalid per family", "routes", 11 },
	[36] = { "routes ROV-valid per family", "routes", 11 },
	[37] = { "routes ROV-not-found per family", "routes", 11 },
	[38] = { "routes rejected by outbound policy per family", "routes", 11 },
	[39] = { "routes filtered on export for AS_PATH length", "routes", 8 },
	[40] = { "routes filtered on export for AS_PATH length per family", "routes", 11 },
	[41] = { "exported routes ROV-invalid per family", "routes", 11 },
	[42] = { "exported routes ROV-valid per family", "routes", 11 },
	[43] = { "exported routes ROV-not-found per family", "routes", 11 },
};

const struct bmp_stat_info *
bmp_stat_info(uint16_t type)
{
	if (type >= sizeof(stats) / sizeof(stats[0]) || stats[type].name == NULL)
		return NULL;
	return &stats[type];
}

const char *
bmp_stat_name(uint16_t type)
{
	const struct bmp_stat_info *info = bmp_stat_info(type);

	return info != NULL ? info->name : NULL;
}
