// Looks again while a day is being decided, for half a minute at most. The link beside it does the same.
"use strict";

const KEY = "deciding";
const tries = Number(sessionStorage.getItem(KEY) || 0);

if (document.querySelector("[data-deciding]") && tries < 15) {
  sessionStorage.setItem(KEY, String(tries + 1));
  setTimeout(() => window.location.reload(), 2000);
} else {
  sessionStorage.removeItem(KEY);
}
