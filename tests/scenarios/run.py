#!/usr/bin/env python3
"""Plays scenarios against the built daemon: run.py [--jobs N] [--list] [--quick] [--verbose] [--disturb HOW] [NAME...]

BUILD is the folder of the programs (build). A name picks every scenario that has it in its name. Each one runs in a
process of its own and in a temporary folder, on loopback. Output: ok NAME, FAIL NAME: what, XFAIL NAME: why, SKIP NAME:
what is not here.
What failed among others is played once more by itself, when it is a few: AGAIN NAME says so, and it is counted. Two
failures are FAIL; one is a machine that was too busy for what the scenario waits for, or a fault seen now and then.
With --disturb something happens whenever a scenario has come to rest that may change nothing: the routers tell all again
(redump, reconnect), the configuration is loaded again (reload), the collector is stopped or killed and started (restart,
kill). What the scenario says is right has to be right all the same.
SCENARIO_PATIENCE is how many seconds a condition is waited for (15), for slow machines and sanitizers."""
import argparse
import concurrent.futures
import importlib
import os
import pathlib
import signal
import subprocess
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from expected import EXPECTED_FAIL  # noqa: E402
from suite import QUICK, SCENARIOS, World  # noqa: E402

LIMIT_S = 300
AGAIN_AT_MOST = 4  # more than a few is no busy machine
SKIPPED = 77  # the status of one that needs what is not here
SHORT_S = 5  # a known fault need not be waited for long


def load():
    for path in sorted((HERE / "cases").glob("*.py")):
        importlib.import_module("cases." + path.stem)


def play(name):
    """In this process."""
    from daemon import Skipped, Wrong
    world = World()
    try:
        SCENARIOS[name](world)
        world.done()
        return 0
    except Skipped as skipped:
        print(skipped)
        return SKIPPED
    except Wrong as wrong:
        where = [f for f in traceback.extract_tb(wrong.__traceback__) if "/cases/" in f.filename]
        print("%s%s" % ("line %d: " % where[-1].lineno if where else "", wrong))
    except Exception:
        traceback.print_exc(file=sys.stdout)
    finally:
        world.remove()
    return 1


def play_apart(name):
    """In a process of its own, with all that it starts: (name, wrong, seconds, skipped). wrong is the outcome in words, "" when
    all is right; skipped is what it lacks."""
    environment = dict(os.environ)
    if name in EXPECTED_FAIL:
        environment.setdefault("SCENARIO_PATIENCE", str(SHORT_S))
    start = time.monotonic()
    p = subprocess.Popen([sys.executable, __file__, "--here", name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         stdin=subprocess.DEVNULL, text=True, env=environment, start_new_session=True)
    try:
        out, _ = p.communicate(timeout=LIMIT_S)
        if p.returncode == 0:
            out = ""
        elif not out.strip():
            out = "ended with %d" % p.returncode
    except subprocess.TimeoutExpired:
        out = "not over after %d s" % LIMIT_S
    finally:
        try:
            os.killpg(p.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        p.wait()
    skipped = out.strip() if p.returncode == SKIPPED else ""
    return name, "" if skipped else out.strip(), time.monotonic() - start, skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=5 * os.cpu_count(), help="scenarios wait ten times as long as they work")
    parser.add_argument("--list", action="store_true", help="names, and what is right in each")
    parser.add_argument("--quick", action="store_true", help="the few that make check has")
    parser.add_argument("--verbose", action="store_true", help="what is wrong, whole, also of known faults")
    parser.add_argument("--disturb", choices=["redump", "reconnect", "reload", "restart", "kill"], default="")
    parser.add_argument("--here", metavar="NAME", help="this one in this process, for a debugger")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    load()
    unknown = sorted(set(EXPECTED_FAIL) - set(SCENARIOS))
    if unknown:
        sys.exit("expected.py names what is no scenario: " + ", ".join(unknown))
    if options.here:
        sys.exit(play(options.here))
    chosen = [n for n in SCENARIOS if not options.names or any(word in n for word in options.names)]
    if options.quick:
        chosen = [n for n in chosen if n in QUICK]
    if options.list:
        for n in chosen:
            print("%-44s %s" % (n, SCENARIOS[n].__doc__.strip().splitlines()[0]))
        return
    if not chosen:
        sys.exit("no scenario is called so")
    if options.disturb:
        os.environ["SCENARIO_DISTURB"] = options.disturb
    sys.exit(run(chosen, options.jobs, options.verbose, bool(options.disturb)))


def verdict_of(name, wrong, verbose, disturbed):
    """What is said of an outcome, and in which words."""
    if name in EXPECTED_FAIL and (wrong or not disturbed):
        if not wrong:
            return "FAIL", "passes, and expected.py says it does not"
        return "XFAIL", EXPECTED_FAIL[name] + (" [%s]" % wrong if verbose else "")
    if wrong:
        return "FAIL", wrong if verbose else wrong[:1500]
    return "ok", ""


def run(chosen, jobs, verbose, disturbed):
    start, failed, counts = time.monotonic(), [], dict.fromkeys(["ok", "FAIL", "XFAIL", "AGAIN", "SKIP"], 0)

    def say(verdict, name, seconds, text):
        counts[verdict] += 1
        print("%-5s %s (%.1f s)%s" % (verdict, name, seconds, ": " + text if text else ""), flush=True)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(play_apart, n) for n in chosen]):
            name, wrong, seconds, skipped = done.result()
            verdict, text = ("SKIP", skipped) if skipped else verdict_of(name, wrong, verbose, disturbed)
            if verdict == "FAIL" and wrong:
                failed.append((name, seconds, text))
            else:
                say(verdict, name, seconds, text)
    few = len(failed) <= AGAIN_AT_MOST and len(chosen) > 1
    for name, seconds, text in failed:
        say("AGAIN" if few else "FAIL", name, seconds, text)
        if few:
            _, wrong, seconds, _ = play_apart(name)
            verdict, text = verdict_of(name, wrong, verbose, disturbed)
            say(verdict, name, seconds, text)
            counts["AGAIN"] -= verdict == "FAIL"
    print("%d scenarios, %d failed, %d known to fail, %d right only by themselves, %d skipped, %.0f s"
          % (len(chosen), counts["FAIL"], counts["XFAIL"], counts["AGAIN"], counts["SKIP"], time.monotonic() - start))
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    main()
