// Sounds, vibration, and a screen that stays on. Sounds are planned ahead on the clock of the audio
// device, which the browser does not slow down in the background as it does with timers; when one
// ends, the page is told, and so wakes at the right moment too.
"use strict";

(function () {
  // Frequency in hertz, start and length in seconds. Up is running, down is walking.
  const TONES = {
    run: [[660, 0, 0.16], [990, 0.2, 0.3]],
    walk: [[660, 0, 0.16], [440, 0.2, 0.3]],
    work: [[784, 0, 0.3]],
    wait: [[523, 0, 0.2]],
    over: [[660, 0, 0.16], [784, 0.2, 0.16], [1047, 0.4, 0.5]],
  };
  const BUZZES = { run: [200, 100, 200], walk: [400], work: [200], wait: [100], over: [200, 100, 200, 100, 400] };
  const KINDS = { run: "run", exercise: "work", rest: "wait", change_sides: "wait", position: "wait", ready: "wait" };
  const kindOf = (step) => (step ? KINDS[step.kind] || "walk" : "over");

  let audio = null;
  let planned = [];
  let wakeLock = null;
  let wantsLock = false;

  // Has to be called in a press of a button: browsers make no sound before one.
  function open() {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (!Context) return;
    audio = audio || new Context();
    if (audio.state !== "running") audio.resume().catch(() => {});
  }

  const isRunning = () => audio !== null && audio.state === "running";

  function note(frequency, start, length, loud) {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(loud ? 0.5 : 0, start + 0.02);
    gain.gain.setValueAtTime(loud ? 0.5 : 0, start + length - 0.04);
    gain.gain.linearRampToValueAtTime(0, start + length);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + length);
    planned.push(oscillator);
    return oscillator;
  }

  function play(kind, start, loud, whenDone) {
    TONES[kind].forEach(([frequency, after, length], index) => {
      const oscillator = note(frequency, start + after, length, loud);
      if (index === 0 && whenDone) oscillator.onended = whenDone;
    });
  }

  function cancel() {
    for (const oscillator of planned) {
      oscillator.onended = null;
      try { oscillator.stop(); } catch { /* it was over */ }
      oscillator.disconnect();
    }
    planned = [];
  }

  // [{kind, at}]: everything that was planned before is dropped. A silent plan still wakes the page.
  function plan(cues, { sound, now, wake }) {
    cancel();
    if (!isRunning()) return false;
    for (const cue of cues) {
      if (cue.at > now) play(cue.kind, audio.currentTime + (cue.at - now) / 1000, sound, wake);
    }
    return true;
  }

  function playNow(kind) {
    if (isRunning()) play(kind, audio.currentTime, true, null);
  }

  function buzz(kind) {
    if (navigator.vibrate) navigator.vibrate(BUZZES[kind]);
  }

  // Resolves to whether the browser keeps the screen on.
  async function keepAwake(wanted) {
    wantsLock = wanted;
    if (!wanted) {
      if (wakeLock) wakeLock.release().catch(() => {});
      wakeLock = null;
      return true;
    }
    if (!navigator.wakeLock) return false;
    if (wakeLock && !wakeLock.released) return true;
    try {
      wakeLock = await navigator.wakeLock.request("screen");
      if (!wantsLock) keepAwake(false);
      return true;
    } catch {
      return false;
    }
  }

  const audioTime = () => (isRunning() ? audio.currentTime : null);
  Object.assign(window.rehabPlayer, { cues: { open, plan, playNow, buzz, keepAwake, kindOf, audioTime } });
})();
