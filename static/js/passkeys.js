// Shows what needs passkeys only where the browser has them, and says in words what went wrong.
// The exchange itself is allauth's (webauthn.js). Without this file every page offers its other way.
"use strict";

const trouble = document.querySelector("[data-passkey-trouble]");

function say(words) {
  trouble.textContent = words;
  trouble.hidden = false;
}

for (const words of document.querySelectorAll("[data-without-scripts]")) words.hidden = true;

if (window.PublicKeyCredential) {
  for (const element of document.querySelectorAll("[data-needs-passkeys]")) element.hidden = false;
} else if (document.querySelector("[data-needs-passkeys]:not(.passkey-login)")) {
  say("Passkeys work only in a browser that knows them, and only on a secure address (https).");
}

// Given up, timed out, or no passkey for this site: the browser does not say which.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say("The browser gave us no passkey. Try again, or use another way.");
});

// A new try: what went wrong with the last one is no longer news.
document.addEventListener("click", () => { if (trouble) trouble.hidden = true; }, { capture: true });
