// Wakes the player. Browsers hold back the timers of a page in the background, to once a minute after a
// while, and not those of a worker. It knows nothing: the player looks at the clock itself.
"use strict";

let timer = null;

self.onmessage = ({ data }) => {
  clearInterval(timer);
  timer = data ? setInterval(() => self.postMessage(null), data) : null;
};
