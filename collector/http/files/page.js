"use strict";
/* The page: incidents as they happen, and what the collector knows. Whatever comes from routers or neighbours becomes
 * text nodes and nothing else: no innerHTML anywhere, and the server's Content-Security-Policy allows no other script. */

const SEVERITIES = ["info", "notice", "warning", "major", "critical"];
const VIEWS = ["adj-rib-in-pre", "adj-rib-in-post", "loc-rib", "adj-rib-out-pre", "adj-rib-out-post"];
const VIEW_WORDS = {"adj-rib-in-pre": "received", "adj-rib-in-post": "accepted", "loc-rib": "in use", "adj-rib-out-pre": "out, before policy",
  "adj-rib-out-post": "passed on"};
const ENDED_KEPT = 500, NEW_MS = 2000, POLL_MS = 5000, PLOT = 60;
const $ = (id) => document.getElementById(id);

/* An element with attributes, and children or text. */
function el(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes || {}))
    if (v === false || v === null || v === undefined) continue;
    else if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
    else e.setAttribute(k, v === true ? "" : v);
  e.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return e;
}
/* What is told anew stays where it was moved to. */
function fill(id, ...children) {
  const left = $(id).querySelector(".scroll")?.scrollLeft || 0;
  $(id).replaceChildren(...children);
  for (const box of $(id).querySelectorAll(".scroll")) { box.scrollLeft = left; hint(box); }
}
const time = (t) => t ? t.slice(0, 10) === new Date().toISOString().slice(0, 10) ? t.slice(11, 19) + "Z" : t.slice(0, 10) + " " + t.slice(11, 16) + "Z" : "";
function age(t) {
  const s = Math.max(0, (Date.now() - Date.parse(t)) / 1000);
  return s < 90 ? Math.round(s) + " s" : s < 5400 ? Math.round(s / 60) + " min" : s < 172800 ? Math.round(s / 3600) + " h" : Math.round(s / 86400) + " d";
}
const count = (n) => Number(n || 0).toLocaleString("en");
function asName(asn, name) { return "AS" + asn + (name ? " (" + name + ")" : ""); }

/* --- asking */

class Refused extends Error {}
async function ask(path, how) {
  const headers = Object.assign({}, (how || {}).headers), token = sessionStorage.getItem("token");
  if (token) headers.Authorization = "Bearer " + token;
  const r = await fetch("api/v1/" + path, Object.assign({}, how, {headers, cache: "no-store"}));
  if (r.status === 401) { wantToken(token); throw new Refused("a token is needed"); }
  if (!r.ok) {
    let detail = r.status + " " + r.statusText;
    try { detail = (await r.json()).detail; } catch (e) { /* it is not one of ours */ }
    throw new Refused(detail);
  }
  return r;
}
async function rows(path) {
  const text = await (await ask(path, {headers: {Accept: "application/x-ndjson"}})).text();
  return text.split("\n").filter((l) => l).map((l) => JSON.parse(l));
}
async function one(path) { return (await ask(path)).json(); }
function query(o) { return Object.entries(o).map(([k, v]) => k + "=" + encodeURIComponent(v)).join("&"); }

let waiting = [];
function wantToken(had) {
  $("login").hidden = false;
  $("main").hidden = true;
  $("login-wrong").textContent = had ? "That is not the token." : "";
  $("token").focus();
}
$("login").addEventListener("submit", (e) => {
  e.preventDefault();
  sessionStorage.setItem("token", $("token").value);
  $("login").hidden = true;
  $("main").hidden = false;
  for (const go of waiting.splice(0)) go();
  route();
});
function untilToken() { return new Promise((go) => waiting.push(go)); }

/* --- tables */

/* Whether there is more of a table than is seen, and where. */
function hint(box) {
  const more = box.scrollWidth - box.clientWidth;
  box.classList.toggle("wide", more > 1);
  box.classList.toggle("end", box.scrollLeft >= more - 1);
}
const widths = new ResizeObserver((all) => requestAnimationFrame(() => all.forEach((e) => hint(e.target))));

/* columns: [heading, cell of a row, is a number] */
function table(caption, columns, list, each) {
  const body = el("tbody");
  for (const r of list) {
    const tr = el("tr", each ? {class: "pick", tabindex: 0} : {});
    for (const [, cell, number] of columns) {
      const c = cell(r);
      tr.append(el("td", number ? {class: "n"} : {}, ...(Array.isArray(c) ? c : [c instanceof Node ? c : String(c ?? "")])));
    }
    if (each) {
      tr.addEventListener("click", () => each(r));
      tr.addEventListener("keydown", (e) => { if (e.key === "Enter") each(r); });
    }
    body.append(tr);
  }
  const head = el("tr", {}, ...columns.map(([h, , number]) => el("th", number ? {scope: "col", class: "n"} : {scope: "col"}, h)));
  const box = el("div", {class: "scroll", onscroll: () => hint(box)}, el("table", {}, el("caption", {}, caption), el("thead", {}, head), body));
  widths.observe(box);
  return box;
}
function state(good, text) { return el("span", {class: good ? "good" : "bad"}, text); }
function plot(values) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), line = document.createElementNS(svg.namespaceURI, "polyline");
  const most = Math.max(1, ...values);
  svg.setAttribute("class", "plot");
  svg.setAttribute("viewBox", "0 0 " + (PLOT - 1) + " 20");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "now " + Math.round(values[values.length - 1] || 0) + ", at most " + Math.round(most));
  line.setAttribute("points", values.map((v, i) => (PLOT - values.length + i) + "," + (19 - 18 * v / most).toFixed(1)).join(" "));
  svg.append(line);
  return svg;
}
function pathPicture(text, wrong) {
  const list = el("ol", {class: "path"}), hops = (text || "").split(" ").filter((h) => h);
  let before = null, same = null, n = 0;
  for (const [i, hop] of hops.entries()) {
    if (hop === before) {
      same.textContent = hop + " ×" + ++n;
      same.classList.toggle("origin", i === hops.length - 1);
      continue;
    }
    same = el("li", {class: (i === hops.length - 1 ? "origin " : "") + (hop === String(wrong) ? "wrong" : "")}, hop);
    list.append(same);
    before = hop;
    n = 1;
  }
  return hops.length ? list : el("span", {class: "soft"}, "none: it is ours");
}

/* --- incidents: a list of which only what is seen is in the page */

const incidents = new Map();
const narrow = matchMedia("(max-width: 760px)");
let ROW = narrow.matches ? 80 : 56; /* as page.css has it */
narrow.addEventListener("change", () => { ROW = narrow.matches ? 80 : 56; paintSoon(true); });
let shown = [], at = null, frame = 0, changed = true;

function newer(a, b) { return !b || a.occurrence > b.occurrence || (a.occurrence === b.occurrence && a.revision >= b.revision); }
function words(i) {
  return [i.id, i.kind, i.severity, i.summary, i.router, i.peer, "AS" + i.peer_as, i.neighbor_name, i.scope, i.as_path, i.transition,
    ...(i.prefixes ? i.prefixes.examples : [])].join(" ").toLowerCase();
}
function take(i, live) {
  if (!newer(i, incidents.get(i.id)) || i.dry_run) return;
  i.words = words(i);
  i.grave = SEVERITIES.indexOf(i.severity) + 1;
  i.ended = i.transition === "closed";
  if (live) i.seen = performance.now();
  incidents.set(i.id, i);
  if (i.ended) forgetEnded();
  paintSoon(true);
  if (live && i.id === at && !$("story").hidden) openStory(i.id, true);
}
function forgetEnded() {
  const ended = [...incidents.values()].filter((i) => i.ended);
  if (ended.length > ENDED_KEPT * 1.2)
    for (const i of ended.sort((a, b) => a.at < b.at ? -1 : 1).slice(0, ended.length - ENDED_KEPT)) incidents.delete(i.id);
}
const orders = {
  grave: (a, b) => b.grave - a.grave || (a.first_seen < b.first_seen ? 1 : -1),
  new: (a, b) => a.at < b.at ? 1 : -1,
  old: (a, b) => a.first_seen < b.first_seen ? -1 : 1,
  large: (a, b) => (b.prefixes ? b.prefixes.count : 0) - (a.prefixes ? a.prefixes.count : 0) || (a.at < b.at ? 1 : -1)
};
function choose() {
  const wanted = $("filter").value.toLowerCase().split(/\s+/).filter((w) => w), least = Number($("least").value), ended = $("closed").checked;
  shown = [...incidents.values()].filter((i) => i.grave >= least && (ended || !i.ended) && wanted.every((w) => i.words.includes(w)));
  shown.sort(orders[$("order").value]);
  const open = [...incidents.values()].filter((i) => !i.ended).length;
  $("open-count").textContent = open ? count(open) : "";
  $("shown").textContent = count(shown.length) + (shown.length === 1 ? " incident" : " incidents") + (shown.length < open ? " of " + count(open) : "");
  $("spacer").style.height = shown.length * ROW + "px";
}
function rowOf(i, place) {
  const n = i.prefixes ? i.prefixes.count : 0;
  const more = [i.ended ? "ended " + age(i.at) + " ago" : (i.transition === "unknown" ? "unknown, " : "") + "for " + age(i.first_seen),
    i.router, i.peer_as ? asName(i.peer_as, i.neighbor_name) : "", n > 1 ? count(n) + " prefixes" : "", i.kind, i.id.slice(0, 8)];
  return el("div", {class: "row " + i.severity + (i.ended ? " ended" : "") + (i.id === at ? " at" : "") +
      (i.seen && performance.now() - i.seen < NEW_MS ? " new" : ""), role: "option", id: "i" + i.id, "aria-selected": String(i.id === at),
      "aria-posinset": place + 1, "aria-setsize": shown.length, "data-id": i.id},
    el("div", {class: "what"}, el("span", {class: "sev " + i.severity}, i.severity), " " + i.summary, i.muted ? el("span", {class: "soft"}, " (muted)") : ""),
    el("div", {class: "more"}, more.filter((m) => m).join(" · ")));
}
function paint() {
  frame = 0;
  if (changed) choose();
  changed = false;
  const list = $("list"), first = Math.max(0, Math.floor(list.scrollTop / ROW) - 4), n = Math.ceil(list.clientHeight / ROW) + 8;
  const seen = shown.slice(first, first + n).map((i, k) => rowOf(i, first + k));
  seen.forEach((r, k) => { r.style.top = (first + k) * ROW + "px"; });
  $("rows").replaceChildren(...seen);
  if (!shown.length) $("rows").append(el("p", {class: "note", style: null}, incidents.size ? "Nothing of that is open." : "Nothing is open."));
  if (at && $("i" + at)) list.setAttribute("aria-activedescendant", "i" + at);
  else list.removeAttribute("aria-activedescendant");
}
function paintSoon(news) {
  changed = changed || news;
  if (!frame) frame = requestAnimationFrame(paint);
}
function move(to) {
  if (!shown.length) return;
  const k = Math.max(0, Math.min(shown.length - 1, to)), list = $("list");
  at = shown[k].id;
  if (k * ROW < list.scrollTop) list.scrollTop = k * ROW;
  if ((k + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (k + 1) * ROW - list.clientHeight;
  paintSoon(false);
}
$("list").addEventListener("scroll", () => paintSoon(false), {passive: true});
$("list").addEventListener("click", (e) => {
  const row = e.target.closest(".row");
  if (row) location.hash = "#/incidents/" + row.dataset.id;
});
$("list").addEventListener("keydown", (e) => {
  const k = shown.findIndex((i) => i.id === at), page = Math.floor($("list").clientHeight / ROW);
  const to = {ArrowDown: k + 1, ArrowUp: k < 0 ? 0 : k - 1, PageDown: k + page, PageUp: k - page, Home: 0, End: shown.length - 1}[e.key];
  if (to !== undefined) { move(to); e.preventDefault(); }
  if (e.key === "Enter" && at) location.hash = "#/incidents/" + at;
});
for (const id of ["filter", "least", "order", "closed"])
  $(id).addEventListener("input", () => { $("list").scrollTop = 0; paintSoon(true); });
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && !$("story").hidden) { location.hash = "#/incidents"; $("list").focus(); }
  if (e.key === "/" && !/INPUT|SELECT/.test(e.target.tagName)) { location.hash = "#/incidents"; $("filter").focus(); e.preventDefault(); }
});
addEventListener("resize", () => paintSoon(false));
setInterval(() => paintSoon(false), 10000);

/* --- the story of one */

/* How many of a holder's routes are in a view. Records count by holder and by view: of a holder in several views, when he
 * is not alone in this one, nobody knows. */
function inViewOf(i, h, v) {
  if (h.views.length === 1) return count(h.routes);
  const alone = i.holder_count === i.holders.length && i.holders.every((o) => o === h || !o.views.includes(v));
  return alone && !h.lost && (i.view_counts || {})[v] ? count(i.view_counts[v]) : "✓";
}
function matrix(i) {
  if (!i.holders || !i.holders.length) return null;
  const by = new Map();
  for (const h of i.holders) {
    const router = by.get(h.router) || {router: h.router, views: {}};
    for (const v of h.views) (router.views[v] = router.views[v] || []).push(h);
    by.set(h.router, router);
  }
  const used = VIEWS.filter((v) => i.holders.some((h) => h.views.includes(v)));
  const cell = (v) => (r) => (r.views[v] || []).map((h) => el("div", {class: h.lost ? "soft" : ""},
    (h.peer === "loc-rib" ? "" : h.peer + " AS" + h.peer_as + ": ") + inViewOf(i, h, v) + (h.lost ? " (away)" : "")));
  const t = table("Who has it where", [["router", (r) => r.router], ...used.map((v) => [VIEW_WORDS[v] || v, cell(v)])], [...by.values()]);
  if (i.holder_count > i.holders.length) t.append(el("p", {class: "soft"}, "and " + (i.holder_count - i.holders.length) + " more"));
  return t;
}
function callList(i) {
  return (i.call || []).filter((c) => c.asn).map((c) => el("div", {}, (c.roles || []).join(", ") + ": " + asName(c.asn, c.name) +
    (c.contact ? ", " + c.contact : c.registry ? ", ask " + c.registry : "")));
}
function list(...pairs) {
  return el("dl", {}, ...pairs.flatMap(([k, ...v]) => v.some((x) => x) ? [el("dt", {}, k), el("dd", {}, ...v)] : []));
}
function inShort(i) {
  return list(["severity", el("span", {class: "sev " + i.severity}, i.severity), i.muted ? " (muted)" : ""],
    ["state", i.transition === "closed" ? "ended " + time(i.at) : i.transition === "unknown" ? "unknown: who had it is away" :
      "open for " + age(i.first_seen) + ", since " + time(i.first_seen)],
    ["for example at", [i.router, i.peer, i.peer_as ? asName(i.peer_as, i.neighbor_name) : ""].filter((x) => x).join(", ")],
    ["prefixes", i.prefixes && i.prefixes.count ? count(i.prefixes.count) + (i.prefixes.peak > i.prefixes.count ? ", at most " + count(i.prefixes.peak) : "") : ""],
    ["whose", (i.victims || []).map((v) => "AS" + v).join(", ")],
    ["whom to call", ...callList(i)]);
}
function evidence(i) {
  return list(["kind", i.kind + (i.occurrence > 1 ? ", occurrence " + i.occurrence : "") + (i.flaps ? ", came back " + i.flaps + " times" : "")],
    ...Object.entries(i.evidence || {}).map(([k, v]) => [k.replace(/_/g, " "), String(v)]),
    ["MANRS", i.manrs_action], ["related", ...(i.related || []).map((r) => el("a", {href: "#/incidents/" + r}, r.slice(0, 8) + " "))], ["id", i.id]);
}
let asked = 0;
async function openStory(id, again) {
  const mine = ++asked, story = $("story");
  let i = incidents.get(id), more = {}, line = [], trouble = "";
  at = id;
  story.hidden = false;
  document.querySelector(".split").classList.add("opened");
  paintSoon(false);
  if (!again) tell(story, i, {}, [], i ? "" : "…");
  try {
    const c = await one("incidents/" + encodeURIComponent(id));
    i = c.incident;
    more = c.more || {};
  } catch (e) { trouble = i ? "" : e.message; }
  try {
    line = (await rows("records?" + query({filter: "id = " + id, since: 2592000}))).filter((r) => r.transition);
    if (!i && line.length) { i = line[line.length - 1]; trouble = ""; }
  } catch (e) { /* the story is told without it */ }
  if (mine !== asked) return;
  tell(story, i, more, line, trouble);
  if (!again) story.focus({preventScroll: true});
}
function tell(story, i, more, line, trouble) {
  const close = el("button", {class: "close", type: "button", "aria-label": "Close", onclick: () => { location.hash = "#/incidents"; }}, "×");
  if (!i) { story.replaceChildren(close, el("p", {class: trouble ? "wrong-answer" : ""}, trouble)); return; }
  const parts = [close, el("h2", {}, i.summary), inShort(i)], part = (title, ...what) => parts.push(el("h3", {}, title), ...what);
  if (i.as_path) part("Its path, from us to the origin", pathPicture(i.as_path, (i.facts || {}).offender_as));
  if (more.why) part("Why it is as grave as that", el("ul", {}, ...more.why.because.map((b) => el("li", {}, b))));
  const m = matrix(i);
  if (m) parts.push(m);
  const prefixes = more.prefixes && more.prefixes.length ? more.prefixes : i.prefixes ? i.prefixes.examples : [];
  if (prefixes.length) part("Prefixes", el("div", {class: "chips"}, ...prefixes.map((p) => el("a", {href: "#/routes/" + encodeURIComponent(p)}, el("span", {class: "mono"}, p)))));
  if (line.length) part("What happened", el("ul", {class: "line"}, ...line.map((r) => el("li", {}, el("span", {class: "soft"}, time(r.at) + " "),
    el("span", {class: "sev " + r.severity}, r.severity), " " + r.transition + (r.reason ? " (" + r.reason + ")" : "") +
    (r.prefixes && r.prefixes.count > 1 ? ", " + count(r.prefixes.count) + " prefixes" : "")))));
  part("Evidence", evidence(i));
  story.replaceChildren(...parts);
}
function closeStory() {
  asked++;
  $("story").hidden = true;
  document.querySelector(".split").classList.remove("opened");
}

/* --- what happens, as it happens */

function live(on, text) {
  $("live").className = on ? "on" : "";
  $("live").textContent = text;
}
let last = null;
function event(block, early) {
  let data = null, kind = "";
  for (const l of block.split("\n"))
    if (l.startsWith("data: ")) data = l.slice(6);
    else if (l.startsWith("id: ")) last = l.slice(4);
    else if (l.startsWith("event: ")) kind = l.slice(7);
  if (kind === "dropped") load(); /* so much has passed that what is open is asked for anew */
  if (kind !== "incident" || !data) return;
  if (early) early.push(JSON.parse(data));
  else take(JSON.parse(data), true);
}
async function load() {
  const now = await rows("incidents"), open = new Set(now.map((i) => i.id));
  for (const i of [...incidents.values()]) if (!i.ended && !open.has(i.id)) incidents.delete(i.id);
  for (const i of now) take(i, false);
  paintSoon(true);
}
async function follow() {
  for (;;) {
    try {
      const r = await ask("events", {headers: last ? {"Last-Event-ID": last} : {}});
      const reader = r.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "", early = [];
      const loaded = load().then(() => { const e = early; early = null; for (const i of e) take(i, true); live(true, "live"); });
      loaded.catch(() => reader.cancel().catch(() => {}));
      for (;;) {
        const {value, done} = await reader.read();
        if (done) break;
        text += value;
        for (let n; (n = text.indexOf("\n\n")) >= 0; text = text.slice(n + 2)) event(text.slice(0, n), early);
      }
      live(false, "the collector is away; trying again");
    } catch (e) {
      live(false, e instanceof Refused ? e.message : "the collector is away; trying again");
      if (!$("login").hidden) await untilToken();
    }
    await new Promise((go) => setTimeout(go, 2000));
  }
}

/* --- the looking glass */

async function look(prefix) {
  $("prefix").value = prefix;
  try {
    const list = await rows("routes?" + query({prefix}));
    if (!list.length) { await near(prefix); return; }
    const by = new Map();
    for (const r of list) {
      const key = r.router + " " + r.peer + " " + r.distinguisher, p = by.get(key) || {router: r.router, peer: r.peer, as: r.peer_as, table: r.table, views: {}};
      (p.views[r.view] = p.views[r.view] || []).push(r);
      by.set(key, p);
    }
    const used = VIEWS.filter((v) => list.some((r) => r.view === v));
    const cell = (v) => (p) => (p.views[v] || []).map((r) => el("div", {class: r.stale ? "soft" : ""}, pathPicture(r.as_path),
      el("div", {class: "soft"}, "via " + (r.next_hop || "?") + (r.stale ? ", stale" : "") + ", " + time(r.since)),
      r.rov ? state(r.rov !== "invalid", r.rov) : "", (r.rules || []).length ? el("div", {class: "bad"}, r.rules.join(", ")) : ""));
    const routers = new Set(list.map((r) => r.router));
    fill("glass", table(prefix + ": " + count(list.length) + (list.length === 1 ? " route of " : " routes of ") + count(routers.size) + (routers.size === 1 ? " router" : " routers"),
      [["router", (p) => p.router], ["neighbour", (p) => p.peer === "loc-rib" ? "our own table" : p.peer + " AS" + p.as],
        ...used.map((v) => [VIEW_WORDS[v], cell(v)])], [...by.values()]));
  } catch (e) { fill("glass", el("p", {class: "wrong-answer"}, e.message)); }
}
async function near(prefix) {
  const list = await rows("near?" + query({prefix}));
  const chips = list.filter((r) => r.prefix).slice(0, 200).map((r) => el("a", {href: "#/routes/" + encodeURIComponent(r.prefix)}, el("span", {class: "mono"}, r.prefix)));
  fill("glass", el("p", {}, "Nobody has exactly " + prefix + (chips.length ? ". What is near:" : ", and nothing near it.")), el("div", {class: "chips"}, ...chips));
}
$("look").addEventListener("submit", (e) => { e.preventDefault(); location.hash = "#/routes/" + encodeURIComponent($("prefix").value.trim()); });

/* --- routers, their peers, and how much they say */

const rates = new Map();
let picked = null;
function rate(key, total, now) {
  const r = rates.get(key) || {values: []};
  if (r.at) r.values.push(Math.max(0, (total - r.total) / ((now - r.at) / 1000)));
  if (r.values.length > PLOT) r.values.shift();
  Object.assign(r, {total, at: now});
  rates.set(key, r);
  return r.values;
}
const sum = (o) => Object.values(o || {}).reduce((a, b) => a + b, 0);
function showRate(values) { return values.length ? [plot(values), " " + values[values.length - 1].toFixed(1) + "/s"] : el("span", {class: "soft"}, "…"); }
async function showRouters() {
  const now = performance.now(), list = (await rows("routers")).sort((a, b) => a.state === b.state ? a.router < b.router ? -1 : 1 : a.state === "up" ? 1 : -1);
  fill("router-table", table(count(list.length) + (list.length === 1 ? " router" : " routers"), [
    ["router", (r) => r.router], ["state", (r) => state(r.state === "up", r.state + (r.state === "up" && !r.synced ? ", still telling" : ""))],
    ["since", (r) => r.since ? age(r.since) : ""], ["address", (r) => r.address], ["peers", (r) => r.peers_up + "/" + r.peers, true],
    ["routes", (r) => count(r.routes), true], ["stale", (r) => count(r.stale), true], ["messages", (r) => showRate(rate(r.router, sum(r.messages), now))],
    ["", (r) => r.state === "up" ? "" : r.down_reason]], list, (r) => { picked = r.router; showPeers(); }));
  if (!picked && list.length) picked = list[0].router;
  await showPeers();
}
function inView(p, view) { return (p.tables || []).filter((t) => t.view === view).reduce((n, t) => n + t.routes, 0); }
async function showPeers() {
  if (!picked) { fill("peer-table"); return; }
  const now = performance.now(), list = (await rows("peers?" + query({router: picked}))).sort((a, b) => a.state === b.state ? a.peer_as - b.peer_as : a.state === "up" ? 1 : -1);
  fill("peer-table", table("Peers of " + picked, [
    ["peer", (p) => p.peer], ["AS", (p) => p.peer_as, true], ["state", (p) => state(p.state === "up", p.state)], ["relation", (p) => p.relation],
    ...VIEWS.map((v) => [VIEW_WORDS[v], (p) => inView(p, v) ? count(inView(p, v)) : "", true]),
    ["updates", (p) => showRate(rate(picked + " " + p.peer + " " + p.distinguisher, p.updates, now))],
    ["deviations", (p) => (p.quirks || []).join(", ")]], list));
}

/* --- neighbours: what they send, and what becomes of it */

async function showNeighbors() {
  const by = new Map(), uses = new Map();
  for (const p of await rows("peers")) {
    if (p.peer === "loc-rib" || p.peer_as === p.local_as) continue;
    const n = by.get(p.peer_as) || {as: p.peer_as, sessions: 0, up: 0, relations: new Set(), routers: new Set(), pre: 0, post: 0, out: 0};
    n.sessions++;
    n.up += p.state === "up";
    n.relations.add(p.relation);
    n.routers.add(p.router);
    n.pre += inView(p, "adj-rib-in-pre");
    n.post += inView(p, "adj-rib-in-post");
    n.out += inView(p, "adj-rib-out-post") || inView(p, "adj-rib-out-pre");
    by.set(p.peer_as, n);
  }
  try {
    for (const r of await rows("norms?row=neighbor")) uses.set(r.asn, r);
  } catch (e) { /* told without */ }
  const used = (n, what) => {
    const list = ((uses.get(n.as) || {}).routers || []).filter((r) => r[what + "_x100"] !== undefined);
    return list.length ? count(Math.max(...list.map((r) => r[what + "_x100"])) / 100) : "";
  };
  fill("neighbor-table", table(count(by.size) + (by.size === 1 ? " neighbour" : " neighbours"), [
    ["neighbour", (n) => asName(n.as, (uses.get(n.as) || {}).name)], ["relation", (n) => [...n.relations].join(", ")],
    ["sessions", (n) => state(n.up === n.sessions, n.up + "/" + n.sessions), true], ["sends", (n) => count(n.pre), true],
    ["we accept", (n) => n.post || n.pre === 0 ? count(n.post) : "?", true], ["we use", (n) => used(n, "used"), true],
    ["we pass on", (n) => used(n, "spread"), true], ["we tell it", (n) => count(n.out), true], ["routers", (n) => [...n.routers].join(", ")]],
  [...by.values()].sort((a, b) => b.pre - a.pre || a.as - b.as)));
}

/* --- RPKI */

async function showRpki() {
  const s = await one("stats"), list = await rows("rpki/sources");
  fill("rpki-state", el("p", {}, "The RPKI data is ", state(s.rpki_state === "whole", s.rpki_state), ": " + count(s.vrps_ipv4) + " VRPs for IPv4 and " +
    count(s.vrps_ipv6) + " for IPv6 are in force."));
  fill("source-table", table("Sources", [
    ["source", (r) => r.source], ["name", (r) => r.name], ["status", (r) => state(r.status === "in-step" || r.status === "up", r.status)],
    ["VRPs", (r) => count(r.vrps), true], ["in force", (r) => count(r.vrps_in_use), true], ["ASPAs", (r) => count(r.aspas), true],
    ["rejected", (r) => count(r.rejected), true], ["held back", (r) => r.held_back ? state(false, "yes") : ""],
    ["told", (r) => r.loaded ? time(r.loaded) : r.age_seconds >= 0 ? age(new Date(Date.now() - r.age_seconds * 1000).toISOString()) + " ago" : "never"],
    ["last error", (r) => r.last_error]], list));
}
$("validate").addEventListener("submit", async (e) => {
  e.preventDefault();
  try {
    const v = await one("rpki/validity?" + query({prefix: $("valid-prefix").value.trim(), asn: $("valid-asn").value.trim()}));
    fill("validity", el("p", {}, v.prefix + " AS" + v.origin + " is ", state(v.state !== "invalid", v.state + (v.reason ? " (" + v.reason + ")" : ""))),
      v.vrps.length ? table("VRPs that cover it", [["prefix", (r) => r.prefix], ["longest", (r) => "/" + r.max_length], ["AS", (r) => "AS" + r.asn]], v.vrps)
        : el("p", {class: "soft"}, "No VRP covers it."));
  } catch (x) { fill("validity", el("p", {class: "wrong-answer"}, x.message)); }
});

/* --- which view */

const shows = {routers: showRouters, neighbors: showNeighbors, rpki: showRpki};
let view = "", poll = 0;
async function refresh() {
  clearTimeout(poll);
  const mine = view;
  if (!shows[mine]) return;
  try { await shows[mine](); } catch (e) { if (!(e instanceof Refused)) live(false, "the collector is away; trying again"); }
  if (view === mine) poll = setTimeout(refresh, POLL_MS);
}
function route() {
  const parts = location.hash.replace(/^#\//, "").split("/"), name = parts[0] && document.querySelector('section[data-view="' + CSS.escape(parts[0]) + '"]') ? parts[0] : "incidents";
  let argument = "";
  try { argument = decodeURIComponent(parts.slice(1).join("/")); } catch (e) { /* nobody made that link */ }
  view = name;
  for (const s of document.querySelectorAll("section")) s.hidden = s.dataset.view !== name;
  for (const a of document.querySelectorAll("nav a"))
    if (a.dataset.view === name) a.setAttribute("aria-current", "page");
    else a.removeAttribute("aria-current");
  document.title = $(name).getAttribute("aria-label") + " – Bellman";
  if (name === "incidents" && argument) openStory(argument, false);
  else closeStory();
  if (name === "routes" && argument) look(argument);
  paintSoon(false);
  refresh();
}
addEventListener("hashchange", route);
async function begin() {
  route();
  follow();
  try { const s = await one("stats"); $("collector").textContent = s.collector; } catch (e) { /* the name is a detail */ }
}
begin();
