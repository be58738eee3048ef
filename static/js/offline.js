// The page's side of a phone without a connection: whose phone it is now, what waits to be sent, answers that
// were not saved yet, and the question before signing out. app.js loads it where somebody uses this phone.
"use strict";

(() => {
  const meta = document.querySelector("meta[name='rehab-user']");
  const isRunner = Boolean(meta && "zone" in meta.dataset);
  const query = new URLSearchParams(window.location.search);
  const path = window.location.pathname;
  const OWNER = "rehab-user";
  const DRAFT = "draft:";
  const RESENT = "phone-resent";
  const REGISTERED = "rehab-phone";
  const FORMS = /^\/(check-in\/(\d{4}-\d\d-\d\d\/)?|something-wrong\/)$/;
  const form = Array.from(document.forms).find((one) => one.method === "post" && FORMS.test(addressOf(one)));
  let region = document.querySelector("[data-outbox]");
  const sentHere = new Set();
  // What she writes while the phone is still being asked is newer than any draft.
  let hasWritten = false;
  if (form) form.addEventListener("input", () => { hasWritten = true; }, { once: true });

  function addressOf(one) {
    return new URL(one.getAttribute("action") || path, window.location).pathname;
  }

  // --- whose phone it is ---------------------------------------------------------------------------------
  async function settle() {
    const id = meta.content;
    const before = (await outbox.owner()) || {};
    if (before.id && before.id !== id) {
      const hers = await outbox.mine();
      // Deleted with everything else about her.
      if (path === "/my-data/deleted/") for (const item of hers.splice(0)) await outbox.remove(item.id);
      await outbox.forget(id ? {} : { waits: hers.some((item) => item.sealed) });
      dropDrafts(id);
    }
    await outbox.tidy(id);
    if (!isRunner) return;
    const registration = await navigator.serviceWorker.register("/service-worker.js");
    if (registration) await take(id);
  }

  async function take(id) {
    const { zone, country } = meta.dataset;
    let key = ((await outbox.owner()) || {}).key;
    if (!key) {
      const phone = await outbox.ask();
      if (!phone || phone.person !== id) return;
      key = await outbox.keyOf(phone);
    }
    await outbox.setOwner({ id, zone, country, key });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ fresh: { lang: document.documentElement.lang, country } });
  }

  async function isMine() {
    const { id } = (await outbox.owner()) || {};
    return Boolean(id) && (!meta || meta.content === id);
  }

  // The last session that was opened: its address while it is hers and of today, else it goes.
  async function session() {
    if (!(await caches.has(outbox.SESSION))) return null;
    const cache = await caches.open(outbox.SESSION);
    const [request] = await cache.keys();
    const kept = request && (await cache.match(request));
    const { id, zone } = (await outbox.owner()) || {};
    if (kept && kept.headers.get("X-Person") === id && kept.headers.get("X-Date") === outbox.today(zone)) return request.url;
    await caches.delete(outbox.SESSION);
    return null;
  }

  // --- words: on the pages of the phone, and in its copy of one of them ----------------------------------
  let page = document.getElementById("phone-words") ? document : null;

  async function words() {
    if (page) return page;
    const kept = await caches.match("/offline/");
    if (kept) page = new DOMParser().parseFromString(await kept.text(), "text/html");
    return page;
  }

  async function say(name, date, put = () => {}) {
    const source = await words();
    const words_ = source && source.getElementById("phone-words").content.querySelector(`[data-word='${name}']`);
    if (!words_) return;
    const notice = document.createElement("div");
    notice.className = `notice tone-${{ look: "hold", gone: "hold", sent: "success" }[name] || "info"}`;
    const body = document.createElement("div");
    body.className = "notice-body";
    body.append(document.importNode(words_, true));
    notice.append(body);
    for (const slot of notice.querySelectorAll("[data-slot='date']")) slot.textContent = inWords(date);
    put(notice);
    place().append(notice);
  }

  function place() {
    if (!region) {
      region = document.createElement("div");
      const main = document.getElementById("content");
      const header = main.querySelector(".page-header");
      if (header) header.after(region);
      else main.prepend(region);
    }
    region.setAttribute("role", "status");
    return region;
  }

  function inWords(date) {
    const options = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
    return new Intl.DateTimeFormat(document.documentElement.lang, options).format(new Date(date));
  }

  // --- what waits ----------------------------------------------------------------------------------------
  async function sendAndTell() {
    if (!(await isMine())) return;
    const result = navigator.onLine ? await outbox.send().catch(() => null) : null;
    await tell(result || {});
  }

  async function tell({ sent = [], paused = false, signedOut = false }) {
    for (const date of sent) sentHere.add(date);
    if (paused && path !== "/paused/") return window.location.assign("/paused/");
    const items = await outbox.mine();
    const waiting = new Set(items.filter((item) => item.state === "waiting").map((item) => item.date));
    if (region) for (const notice of region.querySelectorAll(".notice:not(.stays)")) notice.remove();
    for (const date of sentHere) if (!waiting.has(date)) await say("sent", date);
    for (const date of waiting) await say(signedOut ? "sign-in" : "waiting", date);
    for (const item of items) {
      if (item.state === "look" && !(window.location.hash === "#from-phone" && item.path === path)) {
        await say("look", item.date, (notice) => { notice.querySelector("a").href = `${item.path}#from-phone`; });
      } else if (item.state === "gone") {
        await say("gone", item.at);
        await outbox.remove(item.id);
      }
    }
    clearTimeout(tell.again);
    if (waiting.size && !signedOut) tell.again = setTimeout(() => sendAndTell().catch(() => {}), 30_000);
  }

  // --- the form: whose it is, what was typed and not saved, what came back from the phone ----------------
  function typed() {
    const own = ["csrfmiddlewaretoken", OWNER, "made_at"];
    return [...new FormData(form)].filter(([name, value]) => !own.includes(name) && typeof value === "string");
  }

  function fill(fields) {
    for (const element of form.elements) {
      const values = fields.filter(([name]) => name === element.name).map(([, value]) => value);
      if (["radio", "checkbox"].includes(element.type)) element.checked = values.includes(element.value);
      // Answers of an older page say so: what came since is not taken back by their blanks.
      else if (["number", "text", "textarea", "select-one", "time"].includes(element.type) || element.name === "seen") element.value = values[0] || "";
    }
    for (const element of form.querySelectorAll("input:checked")) element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // And how far the one before was in a session.
  function dropDrafts(but) {
    for (const key of Object.keys(localStorage)) if (key.startsWith("rehab:player:")) localStorage.removeItem(key);

    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(DRAFT) && !(but && key.startsWith(`${DRAFT}${but}:`))) sessionStorage.removeItem(key);
    }
  }

  async function mindForm() {
    const { id, zone } = (await outbox.owner()) || {};
    const whose = meta ? meta.content : id;
    if (!whose) return;
    const input = Object.assign(document.createElement("input"), { type: "hidden", name: OWNER, value: whose });
    form.append(input);
    const date = addressOf(form).split("/")[2] || outbox.today(zone);
    const key = `${DRAFT}${whose}:${addressOf(form).split("/")[1]}:${date}`;
    const items = await outbox.mine();
    const found = window.location.hash === "#from-phone" && (await isMine()) && items.filter((item) => item.state === "look" && item.path === path).pop();
    if (found) await fromPhone(found);
    else await fromDraft(key);
    form.addEventListener("submit", askNow);
    const keep = () => sessionStorage.setItem(key, JSON.stringify(typed()));
    form.addEventListener("input", keep);
    if (hasWritten) keep();
  }

  // Without a connection the server cannot ask back, so the browser does; but never hold up a warning sign.
  function askNow(event) {
    const isPressing = form.querySelector("[name='red_flags']:checked");
    if (!navigator.onLine && !isPressing && !form.reportValidity()) event.preventDefault();
  }

  async function fromDraft(key) {
    const draft = sessionStorage.getItem(key);
    // A form that came back with a mistake holds what was sent, which is newer.
    if (!draft || hasWritten || document.querySelector("[data-take-focus]") || draft === JSON.stringify(typed())) return;
    fill(JSON.parse(draft));
    await say("draft", Date.now(), (notice) => notice.classList.add("stays"));
  }

  async function fromPhone(item) {
    // A warning sign that is on record stays ticked.
    const signs = typed().filter(([name]) => name === "red_flags");
    fill([...item.fields, ...signs]);
    form.addEventListener("submit", () => sessionStorage.setItem(RESENT, item.id));
    await say("from-phone", item.date, (notice) => {
      notice.classList.add("stays");
      notice.querySelector("button").addEventListener("click", async () => {
        await outbox.remove(item.id);
        window.location.assign(path);
      });
    });
  }

  // It arrived, or is kept anew: what was typed is no longer needed.
  async function arrived() {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(DRAFT)) sessionStorage.removeItem(key);
    if (path.endsWith("/saved/")) await caches.delete(outbox.SESSION);
    const resent = sessionStorage.getItem(RESENT);
    if (resent) await outbox.remove(resent);
    sessionStorage.removeItem(RESENT);
  }

  // --- signing out ---------------------------------------------------------------------------------------
  async function leave(out) {
    const waits = (await isMine()) && (await outbox.mine()).some((item) => item.sealed);
    if (waits && !(await mayGo())) {
      delete out.dataset.sent;
      for (const button of out.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
      return;
    }
    await outbox.forget();
    dropDrafts();
    out.submit();
  }

  async function mayGo() {
    const source = await words();
    if (!source) return true;
    const dialog = document.importNode(source.getElementById("phone-sign-out"), true);
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
      const done = (answer) => { dialog.remove(); resolve(answer); };
      dialog.addEventListener("cancel", () => done(false));
      dialog.addEventListener("click", async (event) => {
        const choice = event.target.value;
        if (choice === "stay") done(false);
        if (choice === "go") done(true);
        if (choice !== "send") return;
        await outbox.send().catch(() => {});
        if (!(await outbox.mine()).some((item) => item.sealed)) done(true);
        else dialog.querySelector("[data-failed]").hidden = false;
      });
    });
  }

  document.addEventListener("submit", (event) => {
    if (!isRunner || addressOf(event.target) !== "/accounts/logout/") return;
    event.preventDefault();
    leave(event.target).catch(() => event.target.submit());
  });

  // --- the pages of the phone ----------------------------------------------------------------------------
  async function onItsOwnPages() {
    for (const part of document.querySelectorAll("[data-level]")) {
      const level = query.has("failed") ? "failed" : query.get("level") || "none";
      part.hidden = part.dataset.level !== level && !(level === "failed" && part.dataset.level === query.get("level") && query.get("level") !== "none");
    }
    for (const part of document.querySelectorAll("[data-if-kept]")) part.hidden = query.has("failed");
    const opened = document.querySelector("[data-session]");
    const address = opened && (await session());
    if (address) opened.querySelector("a").href = address;
    if (opened) opened.hidden = !address;
    if (form) for (const radio of form.querySelectorAll("[name='session']")) radio.required = true;
    const nobody = document.querySelector("[data-nobody]");
    const { key } = (await outbox.owner()) || {};
    if (nobody && !key) nobody.hidden = !(form.hidden = true);
    if (path === "/offline/kept/" && !query.has("failed")) await arrived();
  }

  async function start() {
    if (isRunner && document.querySelector("[data-rehab-locked]")) await outbox.lock();
    if (document.querySelector("[data-rehab-no-session]")) await caches.delete(outbox.SESSION);
    if (meta) await settle();
    else await onItsOwnPages();
    await session();
    // Of answers beside a warning sign that were not taken, all stays: programs/views/check_in.py.
    if (path === "/paused/" && query.has("look")) sessionStorage.removeItem(RESENT);
    else if (path.endsWith("/saved/") || path === "/paused/") await arrived();
    if (form && (isRunner || !meta)) await mindForm();
    const waits = document.querySelector("[data-phone-waits]");
    if (waits) waits.hidden = !((await outbox.owner()) || {}).waits;
    await sendAndTell();
    if (isRunner) localStorage.setItem(REGISTERED, "1");
  }

  // Without a place to keep things (a private window), everything works as without this file.
  start().catch((error) => console.info("Nothing is kept on this phone:", error.message));
  window.addEventListener("online", () => sendAndTell().catch(() => {}));
  document.addEventListener("rehab:session-over", () => caches.delete(outbox.SESSION));
  if (navigator.serviceWorker) navigator.serviceWorker.addEventListener("message", ({ data }) => tell(data).catch(() => {}));
})();
