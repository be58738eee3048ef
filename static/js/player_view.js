// What the player shows. Every word comes from the page; this file holds none.
"use strict";

(function () {
  const OUTING = ["warm_up", "run", "walk", "cool_down"];
  const root = document.querySelector("[data-player]");
  const part = (name) => root.querySelector(`[data-${name}]`);
  const button = (name) => root.querySelector(`[data-do="${name}"]`);

  function show(element, wanted) {
    if (element.hidden === wanted) element.hidden = !wanted;
  }

  // Written only where it changes: a screen reader and a slow phone have less to do.
  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function clock(seconds) {
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  function figure(step) {
    const place = part("figure");
    if (place.dataset.of === step.exercise) return;
    place.dataset.of = step.exercise;
    place.replaceChildren();
    const picture = step.exercise && document.querySelector(`img[data-picture="${step.exercise}"]`);
    if (!picture) return;
    const copy = picture.cloneNode();
    delete copy.dataset.picture;
    copy.removeAttribute("loading");
    place.append(copy);
  }

  function drawStep(steps, index) {
    const step = steps[index];
    const next = steps[index + 1];
    root.dataset.kind = step.kind;
    write(part("where"), step.where);
    write(part("title"), step.title);
    write(part("unit"), step.unit);
    write(part("detail"), step.detail);
    write(part("easier"), step.easier);
    show(part("easier-line"), step.easier !== "");
    show(part("next-line"), next !== undefined);
    write(part("next"), next ? next.title : "");
    write(part("next-clock"), next ? next.clock || [next.big, next.unit].join(" ") : "");
    for (const rule of root.querySelectorAll("[data-rule]")) {
      show(rule, (rule.dataset.rule === "outing") === OUTING.includes(step.kind));
    }
    figure(step);
  }

  function drawButtons(mode, step) {
    const moves = mode === "playing" || mode === "paused";
    write(button("go-on"), step ? step.go_on : "");
    button("go-on").classList.toggle("is-minor", Boolean(step) && step.seconds !== null);
    show(button("go-on"), mode === "playing" && Boolean(step) && step.go_on !== "");
    show(button("back"), moves && Boolean(step) && step.can_go_back);
    show(button("leave"), moves && Boolean(step) && step.leaves_to !== null);
    show(button("cool-down"), moves && Boolean(step) && step.cool_down_at !== null);
    // Nothing runs that could be paused while the runner takes her own time.
    if (mode === "playing") show(button("pause"), Boolean(step) && step.seconds !== null);
  }

  function draw({ mode, steps, step, seconds, progress }) {
    root.dataset.state = mode;
    document.body.classList.toggle("is-playing", !["waiting", "finished", "locked"].includes(mode));
    for (const element of root.querySelectorAll("[data-when]")) {
      show(element, element.dataset.when.split(" ").includes(mode));
    }
    const current = steps[Math.min(step, steps.length - 1)];
    drawStep(steps, Math.min(step, steps.length - 1));
    drawButtons(mode, step < steps.length ? current : null);
    drawClock(current, seconds, progress);
  }

  function drawClock(step, seconds, progress) {
    write(part("clock"), seconds === null ? step.big : clock(seconds));
    root.dataset.timed = String(seconds !== null);
    const bar = part("progress");
    const value = progress.toFixed(3);
    if (bar.getAttribute("value") !== value) bar.setAttribute("value", value);
  }

  const say = (text) => write(part("say"), text);
  const word = (name) => root.querySelector(`[data-word="${name}"]`).textContent;

  // The focus follows what it stood on when that goes away; panels say themselves by their headings.
  function focusOn(mode) {
    const heading = root.querySelector(`[data-when="${mode}"] [data-take]`);
    const buttons = { playing: ["pause", "go-on"], paused: ["resume"] }[mode] || [];
    const target = heading || buttons.map(button).find((one) => !one.hidden);
    if (target) target.focus();
  }

  // After a press that took its own button away the keyboard must not stand nowhere.
  function keepFocus(mode) {
    const active = document.activeElement;
    if (!active || active === document.body || active.hidden || !active.getClientRects().length) focusOn(mode);
  }

  Object.assign(window.rehabPlayer, { view: { root, part, draw, drawClock, say, word, focusOn, keepFocus, show } });
})();
