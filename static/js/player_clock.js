// Where a session stands, by the clock of the device. Nothing here counts ticks, so a page that
// was reloaded, locked or held back in the background knows its place at once.
//   state: {step, since, paused}: the step that began at `since`; `paused` is when, or null (milliseconds)
"use strict";

(function () {
  const begin = (now) => ({ step: 0, since: now, paused: null });

  // The step that is on now. A step without seconds lasts until somebody goes on.
  function place(steps, state, now) {
    const at = state.paused === null ? now : state.paused;
    let { step, since } = state;
    while (step < steps.length && steps[step].seconds !== null && at >= since + steps[step].seconds * 1000) {
      since += steps[step].seconds * 1000;
      step += 1;
    }
    return { step, since, elapsed: Math.max(0, at - since), over: step >= steps.length };
  }

  function remaining(steps, state, now) {
    const here = place(steps, state, now);
    const seconds = here.over ? null : steps[here.step].seconds;
    return seconds === null ? null : Math.max(0, Math.ceil(seconds - here.elapsed / 1000));
  }

  // How far, from 0 to 1; a step without seconds weighs as much as half a minute.
  function progress(steps, state, now) {
    const weigh = (step) => (step.seconds === null ? 30 : step.seconds);
    const here = place(steps, state, now);
    const sum = (some) => some.reduce((total, step) => total + weigh(step), 0);
    const current = steps[here.step];
    const part = current && current.seconds !== null ? here.elapsed / 1000 : 0;
    return Math.min(1, (sum(steps.slice(0, here.step)) + part) / sum(steps));
  }

  function settle(steps, state, now) {
    const here = place(steps, state, now);
    return { ...state, step: here.step, since: here.since };
  }

  function pause(steps, state, now) {
    return state.paused === null ? { ...settle(steps, state, now), paused: now } : state;
  }

  function resume(state, now) {
    if (state.paused === null) return state;
    return { ...state, since: state.since + (now - state.paused), paused: null };
  }

  function jump(state, step, now) {
    return { step, since: now, paused: state.paused === null ? null : now };
  }

  // The clock of the device was set: what has begun stays begun.
  function shift(state, by) {
    return { ...state, since: state.since + by, paused: state.paused === null ? null : state.paused + by };
  }

  // Every change that comes by itself, with its moment: up to the next step without seconds, or the end.
  function changes(steps, state, now) {
    if (state.paused !== null) return [];
    let { step, since } = place(steps, state, now);
    const found = [];
    while (step < steps.length && steps[step].seconds !== null) {
      since += steps[step].seconds * 1000;
      step += 1;
      found.push({ step, at: since });
    }
    return found;
  }

  window.rehabPlayer = { clock: { begin, place, remaining, progress, settle, pause, resume, jump, shift, changes } };
})();
