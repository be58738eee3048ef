// Between the pages and the network: files come from the phone, pages from the network, and what is sent
// without a connection is kept. No page with anybody's data is kept, but the last session that was opened,
// for the day and for its owner. Options (REHAB) and outbox.js come from /service-worker.js.
"use strict";

const FILES = `rehab-files-${REHAB.version}`;
const PAGES = "rehab-pages";
const [OFFLINE, FORM, KEPT, SIGNS] = ["/offline/", "/offline/check-in/", "/offline/kept/", "/offline/something-wrong/"];
const WRONG = "/something-wrong/";
const SENT_TO = /^\/(check-in\/((\d{4}-\d\d-\d\d)\/)?|something-wrong\/)$/;
const PLAYER = /^\/session\//;
const PATIENCE = 10_000;
const HOURS = 3_600_000;

self.addEventListener("install", (event) => {
  event.waitUntil(prepare().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidyUp().then(() => self.clients.claim()));
});

// The pages follow when a page says in which language: keepFresh.
async function prepare() {
  const files = await caches.open(FILES);
  await files.addAll(REHAB.files);
}

async function tidyUp() {
  const known = [FILES, PAGES, outbox.SESSION];
  for (const name of await caches.keys()) if (!known.includes(name)) await caches.delete(name);
}

// As a stranger, so that they cannot hold anything of anybody; in the language and with the numbers that fit.
async function fetchPages({ lang, country }) {
  const cache = await caches.open(PAGES);
  const headers = lang ? { "Accept-Language": lang } : {};
  for (const path of [OFFLINE, FORM, KEPT, SIGNS]) {
    const answer = await fetch(`${path}?country=${country || ""}`, { credentials: "omit", cache: "no-store", headers });
    if (!answer.ok || answer.redirected) throw new Error(path);
    const kept = new Headers({ "Content-Type": "text/html; charset=utf-8", "X-For": `${lang}|${country}`, "X-At": Date.now() });
    for (const name of ["Content-Security-Policy", "X-Content-Type-Options"]) if (answer.headers.has(name)) kept.set(name, answer.headers.get(name));
    await cache.put(path, new Response(await answer.blob(), { headers: kept }));
  }
}

async function keepFresh(wanted) {
  const page = await caches.match(KEPT, { cacheName: PAGES });
  const fits = page && page.headers.get("X-For") === `${wanted.lang}|${wanted.country}`;
  if (!fits || Date.now() - page.headers.get("X-At") > 6 * HOURS) await fetchPages(wanted);
}

// One after the other: the language that was chosen last is the one that stays.
let freshening = Promise.resolve();

self.addEventListener("message", (event) => {
  if (!event.data.fresh) return;
  freshening = freshening.then(() => keepFresh(event.data.fresh)).catch(() => {});
  event.waitUntil(freshening);
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(sendAndTell());
});

async function sendAndTell() {
  const result = await outbox.send();
  for (const client of await self.clients.matchAll()) client.postMessage(result);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(page(request, url));
    else if (SENT_TO.test(url.pathname)) event.respondWith(sending(event, url));
  } else if (request.method === "GET" && url.pathname.startsWith(REHAB.static)) event.respondWith(file(request));
});

// --- files -------------------------------------------------------------------------------------------
async function file(request) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(request);
  if (kept && REHAB.hashed) return kept;
  try {
    const answer = await fetch(request);
    if (answer.status === 200) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

// --- pages -------------------------------------------------------------------------------------------
const ours = (path) => caches.match(path, { cacheName: PAGES });

async function page(request, url) {
  if (url.pathname === FORM || url.pathname === KEPT) return (await ours(url.pathname)) || fetch(request);
  const isPlayer = PLAYER.test(url.pathname);
  try {
    // What the server does not know of yet must not let her train.
    if (isPlayer && (await signWaits())) return (await ours(SIGNS)) || Response.error();
    const answer = await fetch(request);
    if (isPlayer && answer.status === 200) await keepSession(url, answer.clone()).catch(dropSession);
    if (url.pathname === "/paused/" && answer.status === 200) await outbox.lock().catch(dropSession);
    return answer;
  } catch (error) {
    return (await without(url)) || Response.error();
  }
}

async function without(url) {
  const { zone } = (await outbox.owner().catch(() => null)) || {};
  if (PLAYER.test(url.pathname)) return (await session(url)) || ours(OFFLINE);
  if (["/check-in/", `/check-in/${outbox.today(zone)}/`].includes(url.pathname)) return ours(FORM);
  return ours([WRONG, SIGNS, "/safety/"].includes(url.pathname) ? SIGNS : OFFLINE);
}

const dropSession = () => caches.delete(outbox.SESSION);

async function signWaits() {
  if (!(await outbox.hasSign().catch(() => false))) return false;
  await outbox.send().catch(() => {});
  return outbox.hasSign();
}

// A page without a script to play says that there is no session now: then none is kept.
// The page itself says whose it is; the copy is good for her and for the day.
async function keepSession(url, answer) {
  const text = await answer.text();
  if (!text.includes('id="player-script"')) return dropSession();
  const [, person] = text.match(/<meta name="rehab-user" content="(\w+)"/) || [];
  const { id, zone } = (await outbox.owner()) || {};
  if (!person || person !== id) return;
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8", "X-Person": person, "X-Date": outbox.today(zone) });
  for (const name of ["Content-Security-Policy", "Permissions-Policy"]) if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
  await dropSession();
  await (await caches.open(outbox.SESSION)).put(url.pathname, new Response(text, { headers }));
}

async function session(url) {
  const kept = await caches.match(url.pathname, { cacheName: outbox.SESSION });
  if (!kept) return null;
  const { id, zone } = (await outbox.owner()) || {};
  if (kept.headers.get("X-Person") === id && kept.headers.get("X-Date") === outbox.today(zone)) return kept;
  await dropSession();
  return null;
}

// --- what is sent ------------------------------------------------------------------------------------
async function sending(event, url) {
  const form = await event.request.clone().formData().catch(() => null);
  if (!form) return fetch(event.request);
  const own = ["csrfmiddlewaretoken", "rehab-user"];
  const fields = [...form].filter(([name, value]) => !own.includes(name) && typeof value === "string");
  // The form of the phone has no token: it is always kept first, and then sent.
  if (form.has("csrfmiddlewaretoken")) {
    try {
      const answer = await Promise.race([fetch(event.request), tooLong()]);
      if (![502, 503, 504].includes(answer.status)) return answer;
    } catch (error) { /* kept below */ }
  }
  const level = levelOf(fields);
  if (level !== "none") await outbox.lock().catch(dropSession);
  try {
    await keepFields(url, fields, form.get("rehab-user"));
  } catch (error) {
    return Response.redirect(`${KEPT}?level=${level}&failed=1`, 303);
  }
  if (self.registration.sync) await self.registration.sync.register("outbox").catch(() => {});
  return Response.redirect(`${KEPT}?level=${level}`, 303);
}

function tooLong() {
  return new Promise((resolve, reject) => setTimeout(() => reject(new Error("no answer")), PATIENCE));
}

async function keepFields(url, fields, whose) {
  const { id, zone } = (await outbox.owner()) || {};
  // A page that somebody left open is not kept in the name of who uses the phone now.
  if (!id || whose !== id) throw new Error("not hers");
  const date = url.pathname.match(SENT_TO)[3] || outbox.today(zone);
  const path = url.pathname === WRONG ? WRONG : `/check-in/${date}/`;
  const made = fields.find(([name]) => name === "made_at");
  const dated = made && made[1] ? fields : [...fields.filter(([name]) => name !== "made_at"), ["made_at", new Date().toISOString()]];
  await outbox.keep({ path, date, fields: dated });
}

function levelOf(fields) {
  const levels = fields.filter(([name]) => name === "red_flags").map(([, code]) => REHAB.levels[code]);
  return levels.includes("emergency") ? "emergency" : levels.length ? "urgent" : "none";
}
