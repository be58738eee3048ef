// What waits on this phone to be sent: one definition for the page and for the worker.
// Each answer is sealed with the key of whoever gave it, which the phone forgets when somebody else is
// signed in, or nobody: docs/adr/0018-what-a-phone-keeps.md.
"use strict";

const outbox = (() => {
  const DAY = 24 * 3600 * 1000;
  const SESSION = "rehab-session";
  const PHONE = "/offline/phone/";

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("rehab", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("owner");
        asked.result.createObjectStore("kept", { keyPath: "id" });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function within(store, mode, act) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode, { durability: "strict" });
      const asked = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    }).finally(() => database.close());
  }

  const owner = () => within("owner", "readonly", (store) => store.get("now"));
  const setOwner = (value) => within("owner", "readwrite", (store) => store.put(value, "now"));
  const items = () => within("kept", "readonly", (store) => store.getAll());
  const put = (item) => within("kept", "readwrite", (store) => store.put(item));
  const remove = (id) => within("kept", "readwrite", (store) => store.delete(id));

  // Everything of somebody goes, but what was not sent: that stays sealed, without its key.
  async function forget(left) {
    await caches.delete(SESSION);
    await within("owner", "readwrite", (store) => store.delete("locked"));
    await setOwner(left || {});
  }

  // She is paused, or told of a warning sign: no session is kept, and one that is open in a tab stops.
  // The time stays, for a tab that slept meanwhile: a page that was asked for before it is stopped as well.
  async function lock() {
    await caches.delete(SESSION);
    await within("owner", "readwrite", (store) => store.put(Date.now(), "locked"));
    const channel = new BroadcastChannel("rehab");
    channel.postMessage("locked");
    channel.close();
  }

  const lockedSince = async (time) => (await within("owner", "readonly", (store) => store.get("locked"))) >= time;

  // A warning sign that the server does not know of yet.
  const hasSign = async () => (await mine()).some((item) => item.state === "waiting" && has(item, "red_flags"));

  // A week after it was made, what nobody came back for is gone; she is told when she does.
  async function tidy(id) {
    for (const item of await items()) {
      const age = Date.now() - item.at;
      if (age > 60 * DAY) await remove(item.id);
      else if (age > 7 * DAY && item.person !== id && item.state !== "gone") {
        await put({ id: item.id, person: item.person, at: item.at, state: "gone" });
      }
    }
  }

  // Null where nobody is signed in; an error where there is no connection.
  async function ask() {
    const answer = await fetch(PHONE, { redirect: "manual", cache: "no-store" });
    if (answer.status >= 500) throw new Error("not now");
    return answer.ok ? answer.json() : null;
  }

  async function keyOf(phone) {
    const bytes = Uint8Array.from(atob(phone.key), (letter) => letter.charCodeAt(0));
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  // The runner's own date, wherever the phone is.
  function today(zone) {
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone || undefined, year: "numeric", month: "2-digit", day: "2-digit" });
    return parts.format(new Date());
  }

  async function keep({ path, date, fields }, known = {}) {
    const { id: person, key } = (await owner()) || {};
    if (!person || !key) throw new Error("nobody is signed in");
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify({ path, date, fields }));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text);
    await put({ id: crypto.randomUUID(), at: Date.now(), state: "waiting", ...known, person, iv, sealed });
  }

  // Hers, opened, in the order in which they are sent: days with a warning sign first, else as they were made.
  async function mine() {
    const { id, key } = (await owner()) || {};
    const found = [];
    for (const item of await items()) {
      if (!id || item.person !== id) continue;
      if (!item.sealed) found.push(item);
      else if (key) {
        const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: item.iv }, key, item.sealed).catch(() => null);
        if (bytes) found.push({ ...item, ...JSON.parse(new TextDecoder().decode(bytes)) });
      }
    }
    const pressing = new Set(found.filter((item) => has(item, "red_flags")).map((item) => item.date));
    return found.sort((a, b) => pressing.has(b.date) - pressing.has(a.date) || a.at - b.at);
  }

  const has = (item, name) => (item.fields || []).some(([field, value]) => field === name && value);

  async function deliver(item, token) {
    const body = new URLSearchParams([...item.fields, ["csrfmiddlewaretoken", token]]);
    const answer = await fetch(item.path, { method: "POST", body });
    const { pathname: where, search } = new URL(answer.url);
    // The warning sign acted, and the other answers were not taken: LOOK in programs/views/check_in.py.
    if (answer.redirected && where === "/paused/") return search === "?look=1" ? "paused, look" : "paused";
    if (answer.redirected && where.endsWith("/saved/")) return "sent";
    if (answer.redirected && where.startsWith("/accounts/")) return "signed out";
    // Too many, a token that aged, a server that restarts: later. All else wants her eyes.
    return [403, 408, 429].includes(answer.status) || answer.status >= 500 ? "later" : "look";
  }

  // Of several answers to one form the last is sent, with every warning sign that was ticked in any of them.
  function together(waiting) {
    const forms = new Map();
    for (const item of waiting) {
      const before = forms.get(item.path);
      const signs = (before ? before.fields : []).filter(([name, sign]) => name === "red_flags" && !item.fields.some(([, value]) => value === sign));
      forms.set(item.path, { ...item, fields: [...item.fields, ...signs], all: [...(before ? before.all : []), item] });
    }
    return [...forms.values()];
  }

  // What she is asked to look at holds no warning sign any more: that acted.
  async function settle(item, outcome) {
    const acted = outcome === "paused, look";
    const fields = acted ? item.fields.filter(([name]) => name !== "red_flags") : item.fields;
    const isLook = outcome === "look" || (acted && fields.some(([name, value]) => value && !["made_at", "seen"].includes(name)));
    if (isLook) await keep({ ...item, fields }, { id: item.id, at: item.at, state: "look" });
    for (const { id } of item.all) if (!isLook || id !== item.id) await remove(id);
  }

  async function sendAll() {
    const result = { sent: [], paused: false, signedOut: false };
    const waiting = (await mine()).filter((item) => item.state === "waiting");
    if (!waiting.length) return result;
    const phone = await ask();
    const { id } = (await owner()) || {};
    if (!phone || phone.person !== id) return { ...result, signedOut: true };
    for (const item of together(waiting)) {
      const outcome = await deliver(item, phone.token);
      if (outcome === "later") break;
      if (outcome === "signed out") return { ...result, signedOut: true };
      const isPaused = outcome.startsWith("paused");
      if (isPaused) await lock();
      await settle(item, outcome);
      if (!outcome.endsWith("look")) result.sent.push(item.date);
      result.paused ||= isPaused;
    }
    return result;
  }

  // One tab or the worker at a time; a tab that is killed lets go.
  function send() {
    if (!navigator.locks) return sendAll();
    return navigator.locks.request("rehab-outbox", sendAll);
  }

  return { SESSION, owner, setOwner, forget, lock, lockedSince, hasSign, tidy, ask, keyOf, today, keep, mine, put, remove, send };
})();
