/*
 * bellman top: a live screen of routers, rates and incidents. It asks what `bellman show` asks,
 * every few seconds, and counts rates from one answer to the next. Without a terminal, or with
 * --batch, it prints what would be on the screen, once or -n times.
 */
#include <curses.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/fields.h"
#include "cli/show/reach.h"
#include "cli/show/table.h"
#include "cli/stats_said.h"
#include "proto/control_request.h"
#include "proto/record.h"

enum { ROWS_MAX = 100000, LINE_MAX_OCTETS = 1024, NAME_WIDTH = 28, KINDS_FROM = 110 };
enum sort { SORT_MESSAGES, SORT_ROUTES, SORT_NAME, SORTS };
static const char *const sort_names[SORTS] = { "messages/s", "routes", "name" };

static const struct cli_option options[] = {
	{ 'd', true, "delay", "DURATION", "between two looks (2s)", NULL },
	{ 'n', true, "iterations", "N", "leave after N looks", NULL },
	{ 'b', true, "batch", NULL,
	    "print, without a screen; the default where there is no terminal", NULL },
	{ 's', true, "socket", "PATH", "control socket of the daemon", CLI_FILES },
	{ 0 },
};

struct router {
	char name[RECORD_NAME_MAX];
	unsigned long long messages, routes;
	double rate; /* messages per second since the look before; negative: not known */
	const char *state;
	unsigned long long peers, peers_up;
};

struct top {
	struct control_options control;
	double delay;
	unsigned long long looks; /* left; 0: for ever */
	bool batch, frozen, gone;
	enum sort sort;
	/* as of the last look */
	json_t *incidents, *stats, *before;
	struct router *routers, *routers_before;
	size_t routers_n, routers_before_n;
	int64_t at_us, before_us;
	/* where lines go */
	int row, rows, columns;
};

/* --- looking */

static int
ask(const struct top *t, const char *what, json_t *rows)
{
	struct sbuf request = sbuf_of(4096);
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", what);
	control_request_word(&request, "format", "json");
	rc = control_rows(t->control.path, &request, rows, ROWS_MAX, &more);
	sbuf_free(&request);
	return rc;
}

static unsigned long long
messages_of(const json_t *row)
{
	const json_t *messages = json_object_get(row, "messages"), *n;
	unsigned long long sum = 0;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)messages, key, n)
		sum += (unsigned long long)json_integer_value(n);
	return sum;
}

static double
rate_of(const struct top *t, const char *name, unsigned long long messages)
{
	double seconds = (double)(t->at_us - t->before_us) / 1e6;

	for (size_t i = 0; i < t->routers_before_n && seconds > 0; i++)
		if (strcmp(t->routers_before[i].name, name) == 0 &&
		    messages >= t->routers_before[i].messages)
			return (double)(messages - t->routers_before[i].messages) / seconds;
	return -1;
}

static const char *
state_of(const json_t *row)
{
	const char *state = row_text(row, "state");

	if (strcmp(state, "up") == 0)
		return row_true(row, "synced") ? "up" : "loading";
	return strcmp(state, "down") == 0 ? "down" : "never-seen";
}

static void
take_routers(struct top *t, const json_t *rows)
{
	struct router *v = calloc(json_array_size(rows) + 1, sizeof(*v));
	const json_t *row;
	size_t i;

	free(t->routers_before);
	t->routers_before = t->routers;
	t->routers_before_n = t->routers_n;
	t->routers = v;
	t->routers_n = v != NULL ? json_array_size(rows) : 0;
	json_array_foreach(rows, i, row) {
		if (v == NULL)
			return;
		text_copy(v[i].name, sizeof(v[i].name), row_text(row, "router"));
		v[i].messages = messages_of(row);
		v[i].routes = row_number(row, "routes");
		v[i].peers = row_number(row, "peers");
		v[i].peers_up = row_number(row, "peers_up");
		v[i].state = state_of(row);
		v[i].rate = rate_of(t, v[i].name, v[i].messages);
	}
}

static int
cmp_incident(const json_t *a, const json_t *b)
{
	uint8_t x = 0, y = 0;

	severity_parse(row_text(a, "severity"), &x);
	severity_parse(row_text(b, "severity"), &y);
	return x != y ? (x > y ? -1 : 1)
		      : strcmp(row_text(b, "first_seen"), row_text(a, "first_seen"));
}

/* An exit code. What was there before stays on the screen when the daemon is gone. */
static int
look(struct top *t)
{
	json_t *routers = json_array(), *incidents = json_array(), *stats = json_array();
	int rc = ask(t, "routers", routers);

	if (rc == CLI_OK)
		rc = ask(t, "incidents", incidents);
	if (rc == CLI_OK)
		rc = ask(t, "stats", stats);
	t->gone = rc != CLI_OK;
	if (rc == CLI_OK) {
		t->before_us = t->at_us;
		t->at_us = clock_mono_us();
		take_routers(t, routers);
		table_sort_by(incidents, cmp_incident);
		json_decref(t->incidents);
		json_decref(t->before);
		t->before = t->stats;
		t->incidents = json_incref(incidents);
		t->stats = json_incref(json_array_get(stats, 0));
	}
	json_decref(routers);
	json_decref(incidents);
	json_decref(stats);
	return rc;
}

/* --- lines */

/* On the screen, cut where it ends, or on standard output. */
static void
line(struct top *t, attr_t attributes, const char *text)
{
	struct sbuf visible = sbuf_of(4 * LINE_MAX_OCTETS);

	fields_visible(&visible, text);
	if (t->batch) {
		puts(sbuf_text(&visible));
	} else if (t->row < t->rows) {
		char *cut = strdup(sbuf_text(&visible));

		table_cut_end(&cut, (unsigned)t->columns);
		attron(attributes);
		mvaddnstr(t->row, 0, cut, -1);
		clrtoeol();
		attroff(attributes);
		free(cut);
	}
	t->row++;
	sbuf_free(&visible);
}

static void linef(struct top *, attr_t, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void
linef(struct top *t, attr_t attributes, const char *fmt, ...)
{
	char text[LINE_MAX_OCTETS];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	line(t, attributes, text);
}

/* Of a counter of the collector, a second; 0 at the first look. */
static double
per_second(const struct top *t, const char *counter)
{
	double seconds = (double)(t->at_us - t->before_us) / 1e6;
	unsigned long long now = row_number(t->stats, counter);
	unsigned long long before = t->before != NULL ? row_number(t->before, counter) : now;

	return seconds > 0 && now >= before ? (double)(now - before) / seconds : 0;
}

static void
put_head(struct top *t)
{
	const json_t *s = t->stats;
	char now[64], open[STATS_SAID_MAX], rpki[STATS_SAID_MAX], kafka[STATS_SAID_MAX];
	time_t seconds = time(NULL);
	struct tm tm;
	double rate = 0;

	for (size_t i = 0; i < t->routers_n; i++)
		rate += t->routers[i].rate > 0 ? t->routers[i].rate : 0;
	strftime(now, sizeof(now), "%Y-%m-%d %H:%M:%SZ", gmtime_r(&seconds, &tm));
	linef(t, A_BOLD, "bellman top  %s  %s%s%s", row_text(s, "collector"), now,
	    t->frozen ? "  frozen" : "", t->gone ? "  THE DAEMON IS GONE" : "");
	linef(t, 0,
	    "routers %llu, %llu up   peers %llu up   routes %llu   messages %.0f/s   CPU %.0f%%",
	    row_number(s, "routers"), row_number(s, "routers_up"), row_number(s, "peers_up"),
	    row_number(s, "routes"), rate, per_second(t, "cpu_microseconds") / 1e4);
	linef(t, 0, "incidents open: %s   %s   journal %llu waiting   %s",
	    stats_incidents(s, open, sizeof(open)), stats_rpki(s, rpki, sizeof(rpki)),
	    row_number(s, "journal_pending"), stats_kafka(s, kafka, sizeof(kafka)));
}

static attr_t
attributes_of(const char *severity)
{
	uint8_t s = 0;

	if (!severity_parse(severity, &s) || !has_colors())
		return s >= SEVERITY_MAJOR ? A_BOLD : 0;
	return s == SEVERITY_CRITICAL  ? A_BOLD | COLOR_PAIR(1)
	       : s == SEVERITY_MAJOR   ? (attr_t)COLOR_PAIR(1)
	       : s == SEVERITY_WARNING ? (attr_t)COLOR_PAIR(2)
				       : 0;
}

static void
put_incidents(struct top *t, size_t room)
{
	size_t n = json_array_size(t->incidents);
	bool kinds = t->batch || t->columns >= KINDS_FROM;
	char age[32], reach[32];

	linef(t, t->batch ? 0 : A_REVERSE, "ID        SEVERITY     AGE  REACH      %sWHAT",
	    kinds ? "KIND                  " : "");
	for (size_t i = 0; i < n && i < room; i++) {
		const json_t *r = json_array_get(t->incidents, i);
		struct txt x = txt_of(age, sizeof(age)), y = txt_of(reach, sizeof(reach));

		incident_reach(r, &y);
		table_age(table_since(row_text(r, "first_seen")), &x);
		linef(t, t->batch ? 0 : attributes_of(row_text(r, "severity")),
		    "%.8s  %-8s  %6s  %-9s  %-*s%s%s", row_text(r, "id"), row_text(r, "severity"),
		    age, reach, kinds ? 20 : 0, kinds ? row_text(r, "kind") : "", kinds ? "  " : "",
		    row_text(r, "summary"));
	}
	if (n == 0)
		line(t, 0, "none is open");
	else if (n > room)
		linef(t, 0, "and %zu more", n - room);
}

static enum sort sorted_by;

static int
cmp_router(const void *x, const void *y)
{
	const struct router *a = x, *b = y;

	if (sorted_by == SORT_MESSAGES && a->rate != b->rate)
		return a->rate > b->rate ? -1 : 1;
	if (sorted_by == SORT_ROUTES && a->routes != b->routes)
		return a->routes > b->routes ? -1 : 1;
	return strverscmp(a->name, b->name);
}

/* Octets that a name has more than characters. */
static int
beyond(const char *name)
{
	int n = 0;

	for (; *name != '\0'; name++)
		n += ((unsigned char)*name & 0xc0) == 0x80;
	return n;
}

static void
put_routers(struct top *t, size_t room)
{
	int width = NAME_WIDTH;

	for (size_t i = 0; t->batch && i < t->routers_n; i++) {
		const char *name = t->routers[i].name;

		if ((int)strlen(name) - beyond(name) > width)
			width = (int)strlen(name) - beyond(name);
	}
	sorted_by = t->sort;
	if (t->routers_n > 0)
		qsort(t->routers, t->routers_n, sizeof(*t->routers), cmp_router);
	linef(t, t->batch ? 0 : A_REVERSE, "%-*s  STATE          PEERS      ROUTES  MESSAGES/S",
	    width, "ROUTER");
	for (size_t i = 0; i < t->routers_n && i < room; i++) {
		const struct router *r = &t->routers[i];
		char peers[48], rate[32], *name = strdup(r->name);

		if (!t->batch)
			table_cut_middle(&name, NAME_WIDTH);
		snprintf(peers, sizeof(peers), "%llu/%llu", r->peers_up, r->peers);
		snprintf(rate, sizeof(rate), r->rate < 0 ? "-" : "%.1f", r->rate);
		linef(t, strcmp(r->state, "up") == 0 ? 0 : A_BOLD, "%-*s  %-10s  %8s  %10llu  %10s",
		    width + beyond(name), name, r->state, peers, r->routes, rate);
		free(name);
	}
	if (t->routers_n == 0)
		line(t, 0, "none has come");
	else if (t->routers_n > room)
		linef(t, 0, "and %zu more", t->routers_n - room);
}

/* Half of the screen for each, but for what the other does not need. */
static void
draw(struct top *t)
{
	size_t frame = 10, room, incidents, routers;

	t->row = 0;
	if (!t->batch) {
		getmaxyx(stdscr, t->rows, t->columns);
		erase();
	}
	room = t->batch ? SIZE_MAX / 2 : (t->rows > (int)frame + 2 ? (size_t)t->rows - frame : 2);
	incidents = json_array_size(t->incidents);
	routers = t->routers_n;
	if (!t->batch && incidents + routers > room) {
		size_t half = room / 2;

		if (incidents <= half)
			routers = room - incidents;
		else if (routers <= half)
			incidents = room - routers;
		else
			incidents = half, routers = room - half;
	}
	put_head(t);
	line(t, 0, "");
	put_incidents(t, incidents > 0 ? incidents : 1);
	line(t, 0, "");
	put_routers(t, routers > 0 ? routers : 1);
	if (t->batch) {
		fflush(stdout);
		return;
	}
	t->row = t->rows - 1;
	linef(t, A_DIM, "q leave   s sort: %s   space freeze   r now", sort_names[t->sort]);
	refresh();
}

/* --- the screen */

/* Wait for a key or for the time of the next look. false: leave. */
static bool
wait_for_key(struct top *t)
{
	int64_t until = clock_mono_us() + (int64_t)(t->delay * 1e6);
	int key;

	for (int64_t left; (left = until - clock_mono_us()) > 0 || t->frozen;) {
		timeout(left > 0 && left < 200000 ? (int)(left / 1000) + 1 : 200);
		key = getch();
		if (key == 'q' || key == 'Q' || key == 3)
			return false;
		if (key == 's')
			t->sort = (enum sort)((t->sort + 1) % SORTS);
		if (key == ' ')
			t->frozen = !t->frozen;
		if (key == 'r')
			return true;
		if (key != ERR)
			draw(t);
	}
	return true;
}

static void
begin_screen(void)
{
	initscr();
	raw(); /* Ctrl-C is a key */
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	if (has_colors() && getenv("NO_COLOR") == NULL) {
		start_color();
		use_default_colors();
		init_pair(1, COLOR_RED, -1);
		init_pair(2, COLOR_YELLOW, -1);
	}
}

/* What is said on standard error would be drawn over the screen. Returns what it was. */
static int
silence(void)
{
	int was = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nowhere >= 0) {
		dup2(nowhere, STDERR_FILENO);
		close(nowhere);
	}
	return was;
}

static int
run_screen(struct top *t)
{
	int rc = look(t), was;

	if (rc != CLI_OK)
		return rc;
	begin_screen();
	was = silence();
	draw(t);
	while ((t->looks == 0 || --t->looks > 0) && wait_for_key(t)) {
		rc = look(t);
		if (rc == CLI_INTERRUPTED)
			break;
		draw(t);
	}
	endwin();
	if (was >= 0) {
		dup2(was, STDERR_FILENO);
		close(was);
	}
	if (t->gone && rc != CLI_INTERRUPTED)
		fputs("bellman: the daemon is gone\n", stderr);
	return rc;
}

static int
run_batch(struct top *t)
{
	struct pollfd reader = { .fd = STDOUT_FILENO };
	int rc;

	for (bool first = true;; first = false) {
		if (!first)
			putchar('\n');
		rc = look(t);
		if (rc == CLI_OK)
			draw(t);
		if (rc != CLI_OK || ferror(stdout) || --t->looks == 0)
			return rc;
		if (poll(&reader, 1, (int)(t->delay * 1e3)) > 0)
			return CLI_OK; /* whoever reads us is gone */
	}
}

static int
cli_top(int argc, char **argv)
{
	struct top t = { .control = control_options(), .delay = 2 };
	int opt, rc;

	while ((opt = cli_next_option(&cli_top_command, argc, argv)) > 0) {
		if (opt == 'b')
			t.batch = true;
		else if (opt == 'd' && ((t.delay = cli_duration(optarg)) < 0.1 || t.delay > 3600))
			return cli_wrong("top", "--delay is 0.1 s to 1 h, not \"%s\"", optarg);
		else if (opt == 'n' && !cli_number(optarg, 1, UINT32_MAX, &t.looks))
			return cli_wrong("top", "-n is a number from 1 on, not \"%s\"", optarg);
		else if (opt != 'd' && opt != 'n')
			control_option(&t.control, opt, optarg);
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind < argc)
		return cli_wrong("top", "it takes no \"%s\"", argv[optind]);
	t.batch |= !isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO) || getenv("TERM") == NULL;
	if (t.batch && t.looks == 0)
		t.looks = 1;
	setlocale(LC_CTYPE, "C.UTF-8");
	rc = t.batch ? run_batch(&t) : run_screen(&t);
	json_decref(t.incidents);
	json_decref(t.stats);
	json_decref(t.before);
	free(t.routers);
	free(t.routers_before);
	return rc;
}

const struct cli_command cli_top_command = {
	.name = "top",
	.summary = "a live screen of routers, rates and incidents",
	.arguments = "",
	.about =
	    "Incidents gravest first, routers by messages a second. Keys: q leaves, s sorts the "
	    "routers otherwise (messages, routes, name), space freezes, r looks at once. Without a "
	    "terminal, or with --batch, it prints once, or -n times.\n"
	    "  bellman top --delay 5s\n"
	    "  bellman top --batch -n 10 > load.txt",
	.options = options,
	.run = cli_top,
};
