"""The page, in a browser: Debian's chromium, headless, where it is installed (packages chromium-driver, python3-selenium)."""
import ipaddress
import os
import shutil
import sys
import time

from daemon import OUR_PREFIX, PATIENCE, VICTIM_PREFIX, Skipped, Wrong
from suite import edge, right, scenario
from web import Web

STRANGER = "64510 65551"
HOSTILE = "<img src=x onerror=pwned=1>\"'&<b>"
SLOW = PATIENCE / 15
MANY = 5000


def browser():
    """What page scenarios are played in."""
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
    except ImportError:
        raise Skipped("python3-selenium is not here") from None
    if not shutil.which("chromedriver") or not shutil.which("chromium"):
        raise Skipped("chromium-driver is not here")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for a in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,900"):
        options.add_argument(a)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


class Page:
    def __init__(self, w, **options):
        self.web = Web()
        self.d = w.daemon(http=self.web.section(**options.pop("http", {})), **options)
        self.b = browser()
        self.url = "http://127.0.0.1:%d/" % self.web.port

    def go(self, view=""):
        self.b.get(self.url + view)

    def js(self, code, *arguments):
        return self.b.execute_script("return " + code, *arguments)

    def until(self, what, code, *arguments, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while not self.js(code, *arguments):
            if time.monotonic() > end:
                raise Wrong("%s: not so; the page says: %s" % (what, self.js("document.body.innerText")[-800:]))
            time.sleep(.02)

    def rows(self):
        return self.js("[...document.querySelectorAll('#rows .row')].map(r => r.innerText)")

    def keys(self, text):
        from selenium.webdriver.common.action_chains import ActionChains
        ActionChains(self.b).send_keys(text).perform()

    def shot(self, name):
        """For people who look: SCENARIO_SHOTS is a folder."""
        if os.environ.get("SCENARIO_SHOTS"):
            self.b.save_screenshot(os.environ["SCENARIO_SHOTS"] + "/" + name + ".png")

    def complaints(self):
        return [line["message"] for line in self.b.get_log("browser") if line["level"] in ("SEVERE", "WARNING") and "401" not in line["message"]]


def opened(w, then, **options):
    p = Page(w, **options)
    try:
        then(p)
    finally:
        p.b.quit()


@scenario
def page_shows_what_happens(w):
    """What happens is in the page within a second, is chosen by the filter, told with the keyboard alone, in a narrow window, too; names that are
    HTML are text."""
    def story(p):
        r = edge(p.d, "<script>pwned=2</script>" + HOSTILE)
        p.go()
        p.until("live", "document.getElementById('live').className === 'on'")
        right("nothing yet", p.rows() == [], p.rows())
        began = time.monotonic()
        r.carry(r.prov, VICTIM_PREFIX, STRANGER)
        p.until("it is there", "document.querySelectorAll('#rows .row').length === 1")
        took = time.monotonic() - began
        right("within a second", took < 1 * SLOW, took)
        r.carry(r.lateral, "203.0.113.0/25", "64509 65552", upto="pre")
        p.until("the hijack is first", "document.querySelector('#rows .row .sev')?.textContent === 'critical'")
        # the filter
        for words, n in (("hijack", 1), ("AS65551", 1), ("as655", 2), ("203.0.113", 1), ("nothing like it", 0), ("", 2)):
            p.js("(f => { f.value = arguments[0]; f.dispatchEvent(new Event('input')); })(document.getElementById('filter'))", words)
            p.until("filter %s" % words, "document.querySelectorAll('#rows .row').length === arguments[0]", n)
        # the keyboard
        p.js("document.getElementById('list').focus()")
        p.keys("\ue015")  # down
        p.keys("\ue007")  # enter
        p.until("its story", "document.querySelector('#story h2')?.textContent.includes('AS65552')")
        p.until("all of it", "['Why it is', 'Its path', 'Who has it', 'Prefixes', 'What happened', 'Evidence'].every("
                             "t => document.getElementById('story').textContent.includes(t))")
        p.shot("story")
        p.keys("\ue00c")  # escape
        p.until("closed", "document.getElementById('story').hidden")
        # it ends while somebody looks at it
        p.go("#/incidents/" + p.d.show("incidents")[0]["id"])
        r.drop(r.prov, VICTIM_PREFIX)
        r.drop(r.lateral, "203.0.113.0/25", upto="pre")
        p.until("what ended is gone", "document.querySelectorAll('#rows .row').length === 0")
        p.until("and told as ended", "document.getElementById('story').innerText.includes('ended')")
        # the other views
        r.carry(r.prov, OUR_PREFIX, STRANGER)
        p.d.opens("hijack")
        for view, what in (("routes/" + OUR_PREFIX.replace("/", "%2F"), "in use"), ("routers", "Peers of"), ("neighbors", "AS64510"), ("rpki", "VRPs for IPv4")):
            p.go("#/" + view)
            p.until(view, "document.querySelector('section:not([hidden])').innerText.includes(arguments[0])", what)
            p.shot(view.split("/")[0])
        p.go("#/routes/192.0.2.0%2F24")
        p.until("nobody has it", "document.getElementById('glass').innerText.includes('Nobody has exactly')")
        p.go("#/routes/nonsense")
        p.until("no prefix", "document.getElementById('glass').innerText.includes('right would be 192.0.2.0/24')")
        # a narrow window
        p.b.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True})
        p.b.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        for view in ("incidents", "incidents/" + p.d.show("incidents")[0]["id"], "routes/" + OUR_PREFIX.replace("/", "%2F"), "routers", "neighbors", "rpki"):
            p.go("#/" + view)
            time.sleep(.5)
            wide = p.js("[document.documentElement.scrollWidth, document.getElementById('main').scrollWidth, innerWidth]")
            right("%s fits 360 px" % view, max(wide[:2]) <= 360, wide)
            p.shot("narrow-" + view.split("/")[0])
        # nothing of what others say became a part of the page
        right("nothing was injected", p.js("document.querySelectorAll('img, b, script:not([src])').length") == 0 and p.js("typeof pwned") == "undefined")
        complaints = [c for c in p.complaints() if "400" not in c and "404" not in c]
        right("no complaint of the browser", complaints == [], complaints)
    opened(w, story, neighbors=[{"asn": 64510, "relation": "provider", "name": HOSTILE, "contact": HOSTILE}])


@scenario
def page_counts_by_view(w):
    """Who has it where: how many in each view, not the sum in all of them; where the record does not say it, a mark and no number."""
    table = "[...document.querySelectorAll('#story table tr')].map(r => [...r.children].map(c => c.innerText.trim().replace(/^.*: /gm, '')))"

    def story(p):
        r = edge(p.d)
        forty = ["20.77.%d.0/24" % k for k in range(40)]
        for incident, prefixes, path in ((0, VICTIM_PREFIX, STRANGER), (1, forty, "64510 65552")):
            r.carry(r.prov, prefixes, path)
            p.d.until("open", lambda: len(p.d.open()) == incident + 1 and p.d.open()[-1]["view_counts"].get("loc-rib") == (40 if incident else 1))
            n, at = ("40", "1")[not incident], [i["id"] for i in p.d.open() if i["origin"] == int(path.split()[-1])][0]
            p.go("#/incidents/" + at)
            p.until("%s in each" % n, "JSON.stringify(%s) === JSON.stringify([['router', 'received', 'accepted', 'in use'], "
                    "['edge1', arguments[0], arguments[0], arguments[0]]])" % table, n)
        holder = {"peer": "192.0.2.1", "peer_as": 64510, "lost": False}
        two = {"holder_count": 2, "view_counts": {"adj-rib-in-pre": 47, "adj-rib-in-post": 40}, "holders": [
            dict(holder, router="edge1", routes=80, views=["adj-rib-in-pre", "adj-rib-in-post"]), dict(holder, router="edge2", routes=7, views=["adj-rib-in-pre"])]}
        cells = "[...matrix(arguments[0]).querySelectorAll('td')].map(c => c.textContent.replace(/^.*: /, ''))"
        right("a mark where nobody knows", p.js(cells, two) == ["edge1", "✓", "40", "edge2", "7", ""], p.js(cells, two))
        right("there may be others", p.js(cells, dict(two, holder_count=3))[:3] == ["edge1", "✓", "✓"], p.js(cells, dict(two, holder_count=3)))
        right("no claim of the first", "for example at" in p.js("document.getElementById('story').innerText"))
    opened(w, story, vrps=[("20.77.0.0/16", 24, 64496), (VICTIM_PREFIX, 24, 64496)])


@scenario
def tables_in_a_narrow_window(w):
    """At 360 px a table that is wider says that there is more, and on which side; it is where it was after it is told anew."""
    hint = "getComputedStyle(document.querySelector('section:not([hidden]) .scroll'), '::before').content"
    box = "document.querySelector('section:not([hidden]) .scroll')"

    def story(p):
        r = edge(p.d, "edge1.amsterdam.example.net")
        r.carry(r.prov, OUR_PREFIX, STRANGER + " 65551 65552 65553", to=[r.lateral, r.cust])
        p.d.opens("hijack")
        for width in (360, 1200):
            p.b.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": width == 360})
            for view in ("routes/" + OUR_PREFIX.replace("/", "%2F"), "routers", "neighbors", "rpki"):
                p.go("#/" + view)
                p.until("the table", box + " !== null")
                time.sleep(.3)
                wide, hinted = p.js("%s.scrollWidth > %s.clientWidth + 1" % (box, box)), p.js(hint)
                right("%s at %d: a hint if there is more" % (view, width), ("right" in hinted) == wide, (wide, hinted))
                p.shot("%d-%s" % (width, view.split("/")[0]))
                if wide:
                    p.js("%s.scrollLeft = 9999" % box)
                    p.until("the end", "%s.includes('left')" % hint)
                    p.shot("%d-%s-end" % (width, view.split("/")[0]))
            right("some are wider than 360", width != 360 or wide)
        p.b.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True})
        p.go("#/routers")
        p.until("it is there", "%s?.scrollWidth > 361" % box)
        p.js("(b => { b.scrollLeft = 50; b.id = 'before'; })(%s)" % box)
        p.until("it is told anew", "document.getElementById('before') === null")
        right("it is where it was", p.js("%s.scrollLeft" % box) == 50, p.js("%s.scrollLeft" % box))
        right("no complaint of the browser", p.complaints() == [], p.complaints())
    opened(w, story)


@scenario
def page_with_many_incidents(w):
    """Five thousand open incidents: the page has them within seconds, filters and scrolls without a frame that is felt, and goes on telling."""
    def story(p):
        r = edge(p.d)
        first = int(ipaddress.ip_address("10.0.0.0"))
        for n in range(MANY):
            r.send_routes(r.prov, "pre", ["%s/24" % ipaddress.ip_address(first + n * 256)], "64510 %d" % (70000 + n), None, {})
        p.d.until("all are open", lambda: p.d.stats()["incidents_open"] >= MANY, 60 * SLOW)
        p.go()
        began = time.monotonic()
        p.until("they are there", "document.getElementById('shown').textContent.startsWith('5,0')", seconds=30 * SLOW)
        took = time.monotonic() - began
        right("within some seconds", took < 8 * SLOW, took)
        right("few elements", p.js("document.querySelectorAll('#rows .row').length") < 80)
        frames = p.b.execute_async_script("""
            const done = arguments[0], list = document.getElementById('list'), times = [];
            let last = performance.now(), n = 0;
            (function step(now) {
              times.push(now - last); last = now;
              list.scrollTop = n * 1500;
              if (n === 30) { document.getElementById('filter').value = 'as70'; document.getElementById('filter').dispatchEvent(new Event('input')); }
              if (n === 45) { document.getElementById('order').value = 'old'; document.getElementById('order').dispatchEvent(new Event('input')); }
              if (++n < 60) requestAnimationFrame(step); else done(times.slice(2).sort((a, b) => a - b));
            })(last);""")
        print("frames: middle %.0f ms, worst %.0f ms; loaded in %.1f s" % (frames[len(frames) // 2], frames[-1], took))
        right("fluid", frames[len(frames) // 2] < 60 * SLOW and frames[-1] < 400 * SLOW, frames[-5:])
        p.js("(f => { f.value = 'as64999'; f.dispatchEvent(new Event('input')); })(document.getElementById('filter'))")
        p.until("none of that", "document.querySelectorAll('#rows .row').length === 0")
        began = time.monotonic()
        r.carry(r.prov, VICTIM_PREFIX, "64510 64999")
        p.until("the next one", "document.querySelectorAll('#rows .row').length === 1")
        right("soon", time.monotonic() - began < 2 * SLOW, time.monotonic() - began)
        p.shot("many")
        p.d.steady = p.d.restartable = False
    opened(w, story, vrps=[("10.0.0.0/8", 24, 64496), (VICTIM_PREFIX, 24, 64496)],
           incidents={"group_at": 1000000, "baseline": "off"}, rules={"burst_at": 0})


@scenario
def page_wants_the_token(w):
    """With http.token the page asks for it, says when it is another one, and goes on with the right one."""
    def story(p):
        p.go()
        p.until("it asks", "!document.getElementById('login').hidden")
        for token, good in (("wrong", False), ("s3cret", True)):
            p.js("document.getElementById('token').value = arguments[0]", token)
            p.js("document.getElementById('login').requestSubmit()")
            if good:
                p.until("it goes on", "document.getElementById('login').hidden && document.getElementById('live').className === 'on'")
            else:
                p.until("it says so", "document.getElementById('login-wrong').textContent !== ''")
    opened(w, story, http={"token": "s3cret"})
