// Leads through a session. The page is whole without this file: a list of steps with their times.
// What it keeps is on this device only, under a key of this runner, day, session and text.
"use strict";

(function () {
  const { clock, cues, view } = window.rehabPlayer;
  const script = JSON.parse(document.getElementById("player-script").textContent);
  const { steps } = script;
  const OPTIONS = "rehab:player-options";
  // A change that is noticed later than this gets its signal now; one in time had it from the plan.
  const LATE = 1500;

  let state = null; // as of player_clock.js, with `ended`: "", "asking" or "hurt"
  let seen = -1; // the step that was drawn last
  let audible = false; // whether the sounds to come are planned
  let basis = null; // both clocks when they were planned
  let last = null; // both clocks of the tick before
  let ticker = null;
  let locked = false; // she is paused, as another page of this phone said
  let waker = null; // a worker, whose timers go on in the background

  // --- what is kept ----------------------------------------------------------------------------
  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  }

  function keep(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full, or not allowed */ }
  }

  function forget() {
    try {
      const old = Object.keys(localStorage).filter((key) => key.startsWith("rehab:player:"));
      for (const key of old) if (key !== script.key || state === null) localStorage.removeItem(key);
    } catch { /* not allowed */ }
  }

  function sound(saved) {
    const known = saved && Number.isInteger(saved.step) && saved.step <= steps.length;
    return known && Number.isFinite(saved.since) ? saved : null;
  }

  const options = { sound: true, vibrate: true, ...read(OPTIONS) };

  // --- where we are ------------------------------------------------------------------------------
  function mode(here) {
    if (locked) return "locked";
    if (state === null) return "waiting";
    if (state.ended) return state.ended;
    if (here.over) return "finished";
    return state.paused === null ? "playing" : "paused";
  }

  function planCues(now) {
    const coming = clock.changes(steps, state, now).map(({ step, at }) => ({ kind: cues.kindOf(steps[step]), at }));
    audible = cues.plan(state.ended ? [] : coming, { sound: options.sound, now, wake: tick });
    basis = { now, audio: cues.audioTime() };
  }

  // The audio device may have slept, or woken up: its plan is only as good as its clock.
  function keepPlan(now) {
    const audio = cues.audioTime();
    if (audio === null) return;
    const drift = audible ? (audio - basis.audio) * 1000 - (now - basis.now) : Infinity;
    if (Math.abs(drift) > 250) planCues(now);
  }

  // However many steps went by unnoticed, only the newest is told of.
  function arrive(here, now, quietly) {
    seen = here.step;
    const kind = cues.kindOf(steps[here.step]);
    const late = here.over ? now - here.since > LATE : here.elapsed > LATE;
    if (!quietly) {
      if (options.sound && (late || !audible)) cues.playNow(kind);
      if (options.vibrate) cues.buzz(kind);
    }
    const heading = view.root.querySelector('[data-when="finished"] [data-take]');
    view.say(here.over ? heading.textContent.trim() : steps[here.step].say);
  }

  function draw(now) {
    const here = state ? clock.place(steps, state, now) : { step: 0, over: false };
    const current = mode(here);
    const seconds = state ? clock.remaining(steps, state, now) : steps[0].seconds;
    view.draw({ mode: current, steps, step: here.step, seconds, progress: state ? clock.progress(steps, state, now) : 0 });
    return current;
  }

  // The clock of the device was set back while we played: the time since the last tick is what counts.
  function steady(now) {
    const moment = performance.now();
    if (last && state && now - last.now < moment - last.moment - 2000) {
      state = clock.shift(state, now - last.now - (moment - last.moment));
      keep(script.key, state);
    }
    last = { now, moment };
  }

  function tick() {
    if (state === null || state.ended || state.paused !== null) return;
    const now = Date.now();
    steady(now);
    const here = clock.place(steps, state, now);
    keepPlan(now);
    if (here.step === seen) {
      view.drawClock(steps[here.step] || steps[steps.length - 1], clock.remaining(steps, state, now), clock.progress(steps, state, now));
      return;
    }
    state = { ...clock.settle(steps, state, now), ended: "" };
    keep(script.key, state);
    arrive(here, now, false);
    const current = draw(now);
    view.keepFocus(current);
    if (here.over) stop();
  }

  // --- what the runner does --------------------------------------------------------------------------
  async function keepScreenOn(wanted) {
    const kept = await cues.keepAwake(wanted);
    view.show(view.part("no-wake"), !kept);
  }

  function run() {
    if (ticker !== null) return;
    ticker = setInterval(tick, 200);
    if (waker) waker.postMessage(250);
  }

  function stop() {
    clearInterval(ticker);
    ticker = null;
    if (waker) waker.postMessage(0);
    keepScreenOn(false);
  }

  // After every act: kept, planned anew, drawn.
  function settle(next, quietly) {
    const now = Date.now();
    state = { ended: "", ...next };
    keep(script.key, state);
    const here = clock.place(steps, state, now);
    const moved = here.step !== seen;
    if (moved) arrive(here, now, quietly);
    planCues(now);
    const current = draw(now);
    const plays = current === "playing" || current === "paused";
    if (plays) run();
    else stop();
    keepScreenOn(current === "playing");
    return current;
  }

  const acts = {
    start() {
      view.show(view.part("other-day"), isOtherDay());
      if (isOtherDay()) return;
      cues.open();
      state = null;
      forget();
      seen = -1;
      view.focusOn(settle(clock.begin(Date.now()), false));
      view.root.scrollIntoView({ block: "start", behavior: "instant" });
    },
    pause() {
      view.focusOn(settle(clock.pause(steps, state, Date.now()), true));
      view.say(view.word("paused"));
    },
    resume() {
      cues.open();
      const current = settle(clock.resume(state, Date.now()), true);
      view.focusOn(current);
      if (steps[seen]) view.say(steps[seen].say);
    },
    jump(step) {
      cues.open();
      const now = Date.now();
      view.keepFocus(settle(clock.jump(clock.resume(state, now), step, now), false));
      view.root.scrollIntoView({ block: "start", behavior: "instant" });
    },
    "go-on"() { acts.jump(seen + 1); },
    leave() { acts.jump(steps[seen].leaves_to); },
    "cool-down"() { acts.jump(steps[seen].cool_down_at); },
    back() { acts.jump(seen - 1); },
    end() { acts.interrupt("asking"); },
    hurts() { acts.interrupt("hurt"); },
    interrupt(why) {
      const now = Date.now();
      const paused = clock.pause(steps, state || clock.begin(now), now);
      view.focusOn(settle({ ...paused, ended: why }, true));
    },
    "go-back"() {
      // Where nothing is counted nothing has to be started again.
      const goesOn = steps[seen] && steps[seen].seconds === null;
      const before = goesOn ? clock.resume(state, Date.now()) : state;
      view.focusOn(settle({ ...before, ended: "" }, true));
    },
  };

  // Her programme is paused: whatever was being played is over, and not taken up again.
  function lock() {
    if (locked) return;
    locked = true;
    state = null;
    forget();
    stop();
    cues.plan([], { sound: false, now: Date.now(), wake: tick });
    document.querySelector("[data-list]").hidden = true;
    view.focusOn(draw(Date.now()));
  }

  // A tab that slept heard nothing. Asked of the phone itself, so that it works without a connection.
  async function lookForLock() {
    if (typeof outbox !== "undefined" && (await outbox.lockedSince(performance.timeOrigin))) lock();
  }

  function onKey(event) {
    const busy = event.target.closest("button, a, input, summary, select, textarea");
    if (event.key !== " " || busy || !state || state.ended) return;
    const current = view.root.dataset.state;
    if (current !== "playing" && current !== "paused") return;
    event.preventDefault();
    acts[current === "playing" ? "pause" : "resume"]();
  }

  function onClick(event) {
    const pressed = event.target.closest("[data-do]");
    if (pressed) acts[pressed.dataset.do]();
    // The copy for reading offline is of no more use.
    const leaves = event.target.closest("[data-when='finished'] a, [data-when='hurt'] a");
    if (leaves) document.dispatchEvent(new Event("rehab:session-over"));
  }

  function onOption(event) {
    const name = event.target.dataset.option;
    if (!name) return;
    options[name] = event.target.checked;
    keep(OPTIONS, options);
    if (state) planCues(Date.now());
  }

  function onVisible() {
    lookForLock().catch(() => { /* nothing is kept here */ });
    if (document.visibilityState !== "visible" || !state) return;
    tick();
    if (view.root.dataset.state !== "playing") return;
    planCues(Date.now());
    keepScreenOn(true);
  }

  // A page that was kept for reading offline shows no plan of another day as today's.
  function isOtherDay() {
    const format = { timeZone: script.zone, year: "numeric", month: "2-digit", day: "2-digit" };
    try {
      return new Intl.DateTimeFormat("en-CA", format).format(new Date()) !== script.date;
    } catch {
      return false;
    }
  }

  // Loaded with the page, so that nothing is asked for later.
  function employ() {
    try {
      waker = new Worker(view.root.dataset.worker);
      waker.onmessage = tick;
      waker.onerror = () => { waker = null; };
    } catch {
      waker = null;
    }
  }

  function prepare() {
    employ();
    for (const box of view.root.querySelectorAll("[data-option]")) box.checked = options[box.dataset.option];
    view.show(view.root.querySelector("[data-needs='vibrate']"), Boolean(navigator.vibrate));
    view.show(view.part("no-wake"), !navigator.wakeLock);
    const list = document.querySelector("[data-list]");
    list.open = false;
    window.addEventListener("beforeprint", () => { list.open = true; });
    view.root.hidden = false;
    document.body.classList.add("has-player");
  }

  if (steps.length) {
    state = sound(read(script.key));
    forget();
    prepare();
    if (state) {
      seen = clock.place(steps, state, Date.now()).step;
      settle(state, true);
    } else {
      draw(Date.now());
      view.show(view.part("other-day"), isOtherDay());
    }
    view.root.addEventListener("click", onClick);
    view.root.addEventListener("change", onOption);
    document.addEventListener("keydown", onKey);
    document.addEventListener("visibilitychange", onVisible);
    window.addEventListener("pageshow", onVisible);
    window.addEventListener("online", onVisible);
    if (window.BroadcastChannel) new BroadcastChannel("rehab").onmessage = ({ data }) => { if (data === "locked") lock(); };
  }
})();
