// Shows what needs passkeys only where the browser has them, and says in words what went wrong.
// The exchange itself is allauth's (webauthn.js). Without this file every page offers its other way.
"use strict";

const trouble = document.querySelector("[data-passkey-trouble]");

function say(words) {
  trouble.textContent = words;
  trouble.hidden = false;
}

for (const words of document.querySelectorAll("[data-without-scripts]")) words.hidden = true;

// Browsers bind passkeys to a name, and 127.0.0.1 is none.
const isNumeric = /^[\d.]+$|:/.test(window.location.hostname);

if (window.PublicKeyCredential && !isNumeric) {
  for (const element of document.querySelectorAll("[data-needs-passkeys]")) element.hidden = false;
} else if (document.querySelector("[data-needs-passkeys]:not(.passkey-login)")) {
  say(isNumeric ? trouble.dataset.numeric : trouble.dataset.unknown);
}

// Given up, timed out, or no passkey for this site: the browser does not say which.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(trouble.dataset.none);
});

// A new try: what went wrong with the last one is no longer news.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-needs-passkeys]")) trouble.hidden = true;
}, { capture: true });
