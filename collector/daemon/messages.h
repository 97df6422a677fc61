/*
 * What crosses the two rings between a worker and the coordinator: flat records that begin with
 * their type. The only pointers that cross are immutable or change owner: an RPKI snapshot (counted
 * references), its cover set, a trial of VRPs and a prepared configuration (handed over whole), and
 * the sending side never looks at them again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/ip.h"
#include "collector/detect/finding.h"
#include "collector/engine/engine.h"
#include "collector/rpki/vrp.h"
#include "collector/show/show.h"

enum message_type {
	/* coordinator to worker */
	CMD_SESSION = 1,
	CMD_CLOSE,
	CMD_CHALLENGE,
	CMD_RENAME,
	CMD_RPKI,
	CMD_ASPAS,    /* struct cmd_aspas */
	CMD_TRY_RPKI, /* struct message_trial */
	CMD_DETECT,
	CMD_NEIGHBORS,	/* struct cmd_neighbors */
	CMD_OWN_GONE,	/* struct cmd_own_gone */
	CMD_INFERRED,	/* struct cmd_inferred */
	CMD_DETOUR,	/* struct cmd_detour */
	CMD_FREEZE,	/* struct cmd_freeze */
	CMD_TELL_AGAIN, /* no more than its type */
	CMD_HEAR,	/* struct message_shared */
	CMD_QUERY,
	CMD_LOAD,
	CMD_STOP,
	/* worker to coordinator */
	MSG_FINDING,
	MSG_EVENT,
	MSG_SESSION_TELLS,
	MSG_SESSION_LIVES,
	MSG_SESSION_CLOSED,
	MSG_DETECT_DONE,
	MSG_RPKI_DONE,	/* struct msg_rpki_done */
	MSG_RPKI_TRIED, /* struct message_trial */
	MSG_SHARED,	/* struct message_shared: to every other worker */
	MSG_REPLY,
	MSG_REPLY_END,
	MSG_LOAD,
	MSG_STOPPED,
};

struct cmd_session {
	uint32_t type;
	uint32_t id; /* of the session, in what is said of it */
	int fd;	     /* the worker owns it now */
	char address[ENGINE_NAME_MAX];
	char name[ENGINE_NAME_MAX]; /* of the router */
};

struct cmd_close {
	uint32_t type;
	uint32_t id;
	char why[96];
};

/* Does it live? Answered by MSG_SESSION_LIVES within some seconds, unless it is closed. */
struct cmd_challenge {
	uint32_t type;
	uint32_t id;
};

/* A router is called otherwise from now on. */
struct cmd_rename {
	uint32_t type;
	char from[ENGINE_NAME_MAX], to[ENGINE_NAME_MAX];
};

struct cmd_rpki {
	uint32_t type;
	struct vrp_set *set;	 /* a reference for the worker */
	struct vrp_cover *cover; /* the worker's own */
	uint8_t cause;		 /* enum reason of what that changes */
};

/* Other ASPAs are in force. */
struct cmd_aspas {
	uint32_t type;
	struct aspa_set *set; /* a reference for the worker */
};

/* What other VRPs would turn invalid is to be counted; has been. It belongs to who gets it. */
struct message_trial {
	uint32_t type;
	struct vrp_trial *trial;
};

/* What the engine of one worker tells those of the others. */
struct message_shared {
	uint32_t type;
	struct engine_shared shared;
};

/* Are the VRPs too old to judge by? */
struct cmd_freeze {
	uint32_t type;
	bool frozen;
};

struct cmd_detect {
	uint32_t type;
	struct detect *detect; /* borrowed until MSG_DETECT_DONE for a later one */
};

enum { NEIGHBORS_PIECE = 1024 };

/* The AS numbers of our neighbours (struct engine_neighbors), only as many as there are. */
struct cmd_neighbors {
	uint32_t type;
	bool anew, more, judged;
	uint32_t n;
	uint32_t asns[NEIGHBORS_PIECE];
};

enum { OWN_GONE_PIECE = 128 };

/* Own prefixes that are gone (struct engine_own_gone), only as many as there are. */
struct cmd_own_gone {
	uint32_t type;
	bool anew, more;
	uint32_t n;
	struct ip_prefix prefixes[OWN_GONE_PIECE];
};

/* What was inferred of a neighbour (struct engine_inference). */
struct cmd_inferred {
	uint32_t type;
	uint32_t asn;
	struct engine_inferred inferred;
	char router[ENGINE_NAME_MAX], address[ENGINE_NAME_MAX], distinguisher[BGP_RD_TEXT_MAX];
};

/* A direct way was left, or that is over (struct engine_detour). */
struct cmd_detour {
	uint32_t type;
	bool there;
	struct ip_prefix prefix;
	struct engine_way way;
	char router[ENGINE_NAME_MAX];
};

struct cmd_query {
	uint32_t type;
	uint32_t id;
	struct show_query query;
};

/* Every route is evaluated by the VRPs of this generation. */
struct msg_rpki_done {
	uint32_t type;
	bool frozen; /* as of the last CMD_FREEZE */
	uint64_t generation;
};

struct msg_finding {
	uint32_t type;
	struct finding finding; /* only as much of its path as is used */
};

struct msg_event {
	uint32_t type;
	struct engine_event event;
};

/* MSG_SESSION_TELLS: it has told of a peer. MSG_SESSION_CLOSED. */
struct msg_session {
	uint32_t type;
	uint32_t id;
};

struct msg_session_lives {
	uint32_t type;
	uint32_t id;
	bool lives;
};

/* How late is the worker? Answered by MSG_LOAD. */
struct cmd_load {
	uint32_t type;
};

struct msg_load {
	uint32_t type;
	bool leaks_full;	      /* more routes are leaked than are followed */
	uint32_t sessions;	      /* have had something to be read for a while */
	int64_t behind_us;	      /* the longest while */
	char router[ENGINE_NAME_MAX]; /* whose it is */
};

enum { REPLY_CHUNK = 16384 };

/* A piece of an answer is any number of MSG_REPLY, and then this. */
struct msg_reply_end {
	uint32_t type; /* MSG_REPLY_END */
	uint32_t id;
	bool more;		/* ask again with this place: the worker remembers nothing */
	struct engine_place at; /* where the next piece begins */
};

struct msg_reply {
	uint32_t type;
	uint32_t id;
	uint32_t len;
	uint32_t reserved;
	_Alignas(8) char text[REPLY_CHUNK]; /* len octets of it */
};

/* SHOW_STATS is answered with this instead of text: sums are the coordinator's. */
struct msg_stats {
	uint32_t type; /* MSG_REPLY */
	uint32_t id;
	uint32_t len; /* sizeof(stats) */
	uint32_t reserved;
	_Alignas(8) struct engine_stats stats;
};
_Static_assert(offsetof(struct msg_stats, stats) == offsetof(struct msg_reply, text),
    "answers have one shape");
