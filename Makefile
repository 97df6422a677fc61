# Bellman: one non-recursive make. Everything it makes lies under $(BUILD).
# `make help` lists the targets; V=1 shows the commands.

BUILD     ?= build
CC        ?= cc
PREFIX    ?= /usr/local
DESTDIR   ?=
PKGCONFIG ?= pkg-config
WERROR    ?= $(if $(CI),-Werror)
VERSION   := 0.1.0

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
Q := $(if $(V),,@)
say = $(if $(V),@:,@printf '  %-7s %s\n' $(1) $(2))

# --- flags ------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wvla \
        -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wcast-align -Wformat=2 \
        -Wundef -Wwrite-strings -Wimplicit-fallthrough -Wnull-dereference $(WERROR)
# Sanitizer flavours set HARDEN= and SAN=...; glibc's FORTIFY hides what they look for.
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection -D_FORTIFY_SOURCE=3
OPT    := -O2
SAN    :=
CFLAGS ?= $(OPT) -g
ALL_CFLAGS  = -std=c17 -D_GNU_SOURCE -DBELLMAN_VERSION='"$(VERSION)"' -I. -isystem $(BUILD)/gen -fPIE -pthread \
              $(WARN) $(HARDEN) $(SAN) $(CFLAGS)
# --as-needed: a program depends on the libraries that it calls; so one list does for all.
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,--as-needed -pthread $(SAN) $(LDFLAGS)
pc = $(shell $(PKGCONFIG) --libs $(1) 2>/dev/null)
# libbz2 has no pkg-config module on Debian 12.
FOREIGN = $(call pc,libuv rdkafka sqlite3 libprotobuf-c yaml-0.1 jansson libpcap zlib libzstd openssl smartcols ncursesw libmicrohttpd) -lbz2
CHECK   = $(call pc,check)

# --- sources: a room is a folder with all below it, and an archive; a new file needs no edit here -------------
# From the ground up: a room knows those before it only, and so the linker needs no group to resolve them.
ROOMS := base/pure base parsers proto collector/rib collector/rpki collector/sav collector/bmp_stream collector/detect \
         collector/norms collector/incident collector/engine collector/recordings sinks collector/show collector/control \
         collector/http collector/daemon collector/config cli
MAINS := collector/main.c cli/main.c

below = $(shell find $(1) -name $(2) | LC_ALL=C sort)
src = $(filter-out $(MAINS) $(if $(filter base,$(1)),base/pure/%),$(call below,$(1),'*.c'))
obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
lib = $(foreach r,$(1),$(BUILD)/lib$(subst /,-,$(r)).a)
# As the linker wants them: who calls comes before who is called.
top_down = $(if $(1),$(call top_down,$(wordlist 2,$(words $(1)),$(1))) $(firstword $(1)))
LIBS := $(call lib,$(call top_down,$(ROOMS)))

PROTOS := $(sort $(wildcard proto/bellman/v1/*.proto))
PB_C   := $(PROTOS:proto/%.proto=$(BUILD)/gen/%.pb-c.c)
PB_O   := $(PB_C:.c=.o)

# The tests' programs: each from the one source of its name.
UNITS_IN ?= tests/unit
UNIT   := $(patsubst %.c,$(BUILD)/%,$(call below,$(UNITS_IN),'test_*.c'))
BENCH  := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/bench/*.c)))
TOOLS  := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/tools/*.c)))
FUZZ   := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZED := $(FUZZ:%=$(BUILD)/tests/fuzz/%)
IT     := $(sort $(wildcard tests/it/*.sh))

# --- what people build -------------------------------------------------------
.PHONY: all demo check unit fuzz-replay it scenarios check-scenarios check-kafka check-lab check-package asan tsan lint format fuzz fuzz-long fuzz-merge bench \
        deps install uninstall clean help
.SECONDARY: $(PB_C)

all: $(BUILD)/bellmand $(BUILD)/bellman ## build the daemon and the operator's command

help: ## this list
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: all ## the main job in under 30 seconds, no Kafka, no configuration
	@$(BUILD)/bellman demo

# A program: its own objects, the rooms, the libraries of others. $(1): what else it takes.
define program
$(call say,LINK,$@)
$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS) $(1) $(FOREIGN)
endef
$(BUILD)/bellmand: $(BUILD)/collector/main.o $(LIBS)
	$(call program)
$(BUILD)/bellman: $(BUILD)/cli/main.o $(LIBS)
	$(call program)
$(UNIT) $(BENCH) $(TOOLS): %: %.o $(LIBS)
	$(call program,$(CHECK) -lm)
$(FUZZED:=_replay): %_replay: %.o $(BUILD)/tests/fuzz/replay_main.o $(LIBS)
	$(call program)
$(FUZZED): %: %.o $(LIBS)
	$(call program,-fsanitize=fuzzer)

# q, not r: two folders of a room may each have a write.c.
define archive
$(call lib,$(1)): $(call obj,$(call src,$(1))) $(2)
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar qcs $$@ $$^
endef
$(foreach r,$(filter-out proto,$(ROOMS)),$(eval $(call archive,$(r))))
$(eval $(call archive,proto,$(PB_O)))

$(BUILD)/%.o: %.c | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# What the assembler takes in is no #include.
$(BUILD)/collector/http/files.o: $(wildcard collector/http/files/*)

# Generated code is not ours to warn about.
$(BUILD)/gen/%.pb-c.c $(BUILD)/gen/%.pb-c.h: proto/%.proto | $(BUILD)/.deps
	@mkdir -p $(BUILD)/gen
	$(call say,PROTOC,$<)
	$(Q)protoc-c --proto_path=proto --c_out=$(BUILD)/gen $<
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(call say,CC,$<)
	$(Q)$(CC) $(filter-out -W%,$(ALL_CFLAGS)) -MMD -MP -c -o $@ $<
$(call obj,$(call src,proto)): | $(PB_C:.c=.h)

# --- dependencies ------------------------------------------------------------
deps: ## install the Debian packages that are missing (root or sudo)
	@sh tests/tools/deps.sh

$(BUILD)/.deps: tests/tools/deps.sh
	@mkdir -p $(BUILD)
	@sh tests/tools/deps.sh
	@touch $@

# --- tests -------------------------------------------------------------------
check: lint-includes lint-circles lint-symbols unit fuzz-replay it scenarios ## build and pass every test that needs no router and no broker
	@echo "check: all passed"

unit: $(UNIT) all ## the Check suites
	@sh tests/tools/run_units.sh $(UNIT)

fuzz-replay: $(FUZZED:=_replay) ## the committed corpora of the fuzz targets, without a fuzzer
	@for f in $(FUZZ); do $(BUILD)/tests/fuzz/$${f}_replay tests/fuzz/corpus/$$f || exit 1; done
	@sh tests/tools/replay_others.sh $(BUILD) $(FUZZ)

it: all $(BENCH) $(TOOLS) ## daemon and command as processes: tests/it/*.sh
	@BUILD=$(BUILD) sh tests/tools/run_it.sh $(IT)

scenarios: all $(TOOLS) ## a few of check-scenarios, for make check
	@BUILD=$(BUILD) python3 tests/scenarios/run.py --quick

check-scenarios: all $(TOOLS) ## routers, caches and files that misbehave, played against a live daemon
	@BUILD=$(BUILD) python3 tests/scenarios/run.py

check-kafka: all $(TOOLS) $(UNIT) ## the Kafka suite against a real broker (needs Java, Maven)
	@BUILD=$(BUILD) sh tests/kafka/run.sh

check-lab: all $(TOOLS) ## live lab: FRR, GoBGP, StayRTR, exabgp in a network namespace (root)
	@BUILD=$(BUILD) sh tests/lab/run.sh

check-package: ## Debian packages: built, linted, installed, run, removed in a bare Debian 12 (root, four minutes)
	@sh tests/package/run.sh

asan: ## make check with AddressSanitizer and UBSan
	+$(MAKE) BUILD=$(BUILD)/asan HARDEN= OPT=-O1 \
	  SAN='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' check

THREADED := base collector/control collector/daemon collector/rpki sinks
TSAN := CK_TIMEOUT_MULTIPLIER=20 TSAN_OPTIONS='halt_on_error=1 suppressions=$(CURDIR)/tests/tools/tsan.supp'
TSAN_FLAVOUR = BUILD=$(BUILD)/tsan HARDEN= OPT=-O1 SAN='-fsanitize=thread -fno-omit-frame-pointer' \
  UNITS_IN='$(THREADED:%=tests/unit/%)'
tsan: ## what has threads of make check, with ThreadSanitizer; one kind of test after the other
	+$(TSAN) $(MAKE) $(TSAN_FLAVOUR) unit
	+$(TSAN) JOBS=2 FILES_MB=8 $(MAKE) $(TSAN_FLAVOUR) it
	+$(TSAN) $(MAKE) $(TSAN_FLAVOUR) scenarios

# --- fuzzing: clang only ---------------------------------------------------------
# Two flavours: `fuzz` finds (AddressSanitizer, comparisons traced), `fuzz-long` endures: the inputs end at an
# unreadable page instead, so that a hundred million runs of a target are minutes, not days.
FUZZ_SECONDS ?= 60
FUZZ_RUNS    ?= 100000000
FUZZ_FLAGS   := -dict=tests/fuzz/bellman.dict -print_final_stats=1
.PHONY: fuzz-build fuzz-deps
fuzz: fuzz-deps ## libFuzzer with sanitizers, FUZZ_SECONDS (60) per target
	+$(MAKE) BUILD=$(BUILD)/fuzz CC=clang HARDEN= OPT=-O1 WERROR= \
	  SAN='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all' fuzz-build
	@BUILD=$(BUILD)/fuzz sh tests/tools/run_fuzz.sh "-max_total_time=$(FUZZ_SECONDS) -max_len=65536 $(FUZZ_FLAGS)" $(FUZZ)
fuzz-long: fuzz-deps ## libFuzzer at full speed, FUZZ_RUNS (100000000) per target
	+$(MAKE) BUILD=$(BUILD)/fuzz-long CC=clang HARDEN= OPT=-O2 WERROR= SAN='-fsanitize=undefined \
	  -fsanitize-trap=undefined -fsanitize-coverage=inline-8bit-counters,pc-table' fuzz-build
	@BUILD=$(BUILD)/fuzz-long sh tests/tools/run_fuzz.sh "-runs=$(FUZZ_RUNS) -max_len=1024 -entropic=0 $(FUZZ_FLAGS)" $(FUZZ)
fuzz-merge: ## keep of what fuzzing found what reaches new code: into tests/fuzz/corpus
	@for f in $(FUZZ); do for b in fuzz fuzz-long; do found=$(BUILD)/$$b/corpus/$$f; [ -d $$found ] || continue; \
	  $(BUILD)/fuzz-long/tests/fuzz/$$f -merge=1 -use_counters=0 -max_len=1024 tests/fuzz/corpus/$$f $$found 2>&1 | \
	  sed -n "s/^MERGE-OUTER: \(.*new files.*\)/$$f: \1/p"; done; done
fuzz-deps: ## install what fuzzing needs
	@sh tests/tools/deps.sh clang libclang-rt-14-dev
fuzz-build: $(FUZZED) ## the targets alone; `fuzz` and `fuzz-long` set the flags

# --- lint ----------------------------------------------------------------------
OURS = $(shell git ls-files '*.c' '*.h' 2>/dev/null)
.PHONY: lint-includes lint-circles lint-symbols lint-sizes lint-format lint-proto
lint: lint-includes lint-circles lint-symbols lint-sizes lint-format lint-proto ## rooms, circles, symbols, sizes, formatting, schema
lint-includes: ## a room includes only what it may
	@sh tests/tools/lint_includes.sh $(ROOMS)
lint-circles: $(LIBS) ## no room calls up, no files call each other in a circle
	@python3 tests/tools/lint_circles.py $(BUILD) $(ROOMS)
lint-symbols: $(call lib,base/pure parsers) ## the pure floors call libc only: no malloc, no I/O, no clock
	@for l in $^; do sh tests/tools/lint_symbols.sh $$l $(call lib,base/pure) || exit 1; done
lint-sizes: ## functions of 70 lines, files of 800, Markdown of 120 columns
	@sh tests/tools/lint_sizes.sh
lint-format: ## the sources are as clang-format makes them
	@clang-format --dry-run -Werror $(OURS)
lint-proto: ## the schema keeps its rules
	@python3 tests/tools/lint_proto.py $(PROTOS)
format: ## apply .clang-format
	@clang-format -i $(OURS)

# --- bench ----------------------------------------------------------------------
bench: all $(BENCH) ## parse, RIB, all rules, sockets: messages per CPU second and bytes per route
	@BUILD=$(BUILD) sh tests/bench/run.sh

# --- manual pages and completion ---------------------------------------------------
# Each is made by the program whose tables it is about.
.PHONY: man
man: all ## manual pages and completion into $(BUILD)/man and $(BUILD)/completion
	$(call say,MAN,$(BUILD)/man)
	$(Q)rm -rf $(BUILD)/man $(BUILD)/completion && mkdir -p $(BUILD)/man $(BUILD)/completion
	$(Q)$(BUILD)/bellman man >$(BUILD)/man/bellman.1
	$(Q)for c in $$($(BUILD)/bellman man list); do $(BUILD)/bellman man $$c >$(BUILD)/man/bellman-$$c.1 || exit 1; done
	$(Q)$(BUILD)/bellmand --options >$(BUILD)/man/options
	$(Q)python3 docs/man/yaml_page.py $(BUILD)/man/options >$(BUILD)/man/bellman.yaml.5
	$(Q)rm $(BUILD)/man/options && cp docs/man/*.[78] $(BUILD)/man/
	$(Q)for s in bash zsh fish; do $(BUILD)/bellman completion $$s >$(BUILD)/completion/bellman.$$s || exit 1; done

# --- what is written of tables -------------------------------------------------------
.PHONY: docs/CONFIGURATION.md
docs/CONFIGURATION.md: $(BUILD)/bellmand
	$(Q)$(BUILD)/bellmand --options >$(BUILD)/options
	$(Q)python3 docs/man/configuration_page.py $(BUILD)/options >$@

# --- install ---------------------------------------------------------------------
# The configuration is of the system, whatever the prefix; one that is there is not replaced.
SYSCONFDIR ?= /etc
sbin    = $(PREFIX)/sbin
share   = $(PREFIX)/share
docdir  = $(share)/doc/bellman
confdir = $(SYSCONFDIR)/bellman
unitdir = $(PREFIX)/lib/systemd/system
zshdir  = zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
# What completes a command line in a shell, and where it looks for that: SHELL:PATH
COMPLETIONS = bash:bash-completion/completions/bellman zsh:$(zshdir)/_bellman \
               fish:fish/vendor_completions.d/bellman.fish
# Examples are for people to look at, the rest of share/ is for programs.
SHARED = $(shell find share -type f ! -path '*/__pycache__/*' | LC_ALL=C sort)
put = install -D -m $(1) $(2) $(DESTDIR)$(3)
.PHONY: install-files
install-files: man
install: install-files ## into $(DESTDIR)$(PREFIX), and the configuration into $(DESTDIR)$(SYSCONFDIR)
install-files:
	$(call put,755,$(BUILD)/bellman,$(PREFIX)/bin/bellman)
	$(call put,755,$(BUILD)/bellmand,$(sbin)/bellmand)
	[ -e $(DESTDIR)$(confdir)/bellman.yaml ] || $(call put,644,etc/bellman.yaml,$(confdir)/bellman.yaml)
	install -d $(DESTDIR)$(unitdir)
	sed 's,@SBINDIR@,$(sbin),; s,@CONFDIR@,$(confdir),; s,@DOCDIR@,$(docdir),' etc/bellmand.service.in \
	  >$(DESTDIR)$(unitdir)/bellmand.service
	chmod 644 $(DESTDIR)$(unitdir)/bellmand.service
	$(call put,644,etc/bellman.sysusers,$(PREFIX)/lib/sysusers.d/bellman.conf)
	$(call put,644,etc/bellman.tmpfiles,$(PREFIX)/lib/tmpfiles.d/bellman.conf)
	for f in $(PROTOS); do $(call put,644,$$f,$(share)/bellman/$$f) || exit 1; done
	for f in $(SHARED); do install -D -m $$([ -x $$f ] && echo 755 || echo 644) $$f \
	  $(DESTDIR)$$(case $$f in share/examples/*) echo $(docdir)/$${f#share/};; *) echo $(share)/bellman/$${f#share/};; esac) || exit 1; done
	for f in README.md CHANGELOG.md docs/*.md; do $(call put,644,$$f,$(docdir)/$$f) || exit 1; done
	$(call put,644,etc/bellman.yaml,$(docdir)/examples/bellman.yaml)
	for c in $(COMPLETIONS); do $(call put,644,$(BUILD)/completion/bellman.$${c%%:*},$(share)/$${c#*:}) || exit 1; done
	for f in $(BUILD)/man/*.[1-8]; do $(call put,644,$$f,$(share)/man/man$${f##*.}/$${f##*/}) || exit 1; done

uninstall: ## remove what install put there; configuration and state stay
	rm -f $(DESTDIR)$(PREFIX)/bin/bellman $(DESTDIR)$(sbin)/bellmand $(DESTDIR)$(unitdir)/bellmand.service \
	  $(DESTDIR)$(PREFIX)/lib/sysusers.d/bellman.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/bellman.conf \
	  $(foreach c,$(COMPLETIONS),$(DESTDIR)$(share)/$(lastword $(subst :, ,$(c)))) \
	  $(DESTDIR)$(share)/man/man[1-8]/bellman[.-]* $(DESTDIR)$(share)/man/man8/bellmand.8
	rm -rf $(DESTDIR)$(share)/bellman $(DESTDIR)$(docdir)

clean: ## remove $(BUILD)
	rm -rf $(BUILD)

# What each object was made from, as the compiler wrote it down: of this flavour, not of those in folders below.
OBJECTS := $(call obj,$(foreach r,$(ROOMS),$(call src,$(r))) $(MAINS)) $(PB_O) $(UNIT:=.o) $(BENCH:=.o) $(TOOLS:=.o) \
           $(FUZZED:=.o) $(BUILD)/tests/fuzz/replay_main.o
-include $(wildcard $(OBJECTS:.o=.d))
