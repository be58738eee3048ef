// Small conveniences. Every page works without this file.
"use strict";

// A second tap on "Save" while the first is under way would send the form twice.
// The server takes a repeat as one; this only spares the runner the doubt.
// The button is not disabled, so a press still counts if the page comes back.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 8000) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = String(Date.now());
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});

// Back from the next page: the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// The error summary takes the focus, so that a screen reader reads it first.
const summary = document.querySelector("[data-take-focus]");
if (summary) summary.focus();

// A link of the summary moves into the field, not only to it.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "center" });
});

// A phone that a runner uses keeps a little for her without a connection, and gives it to nobody else: offline.js.
// Nobody else's browser is bothered, unless a runner has used it.
const pageOwner = document.querySelector("meta[name='rehab-user']");

function usedByARunner() {
  try {
    return "zone" in pageOwner.dataset || localStorage.getItem("rehab-phone") !== null;
  } catch {
    return false;
  }
}

if (pageOwner && navigator.serviceWorker && usedByARunner()) {
  for (const address of document.currentScript.dataset.phone.split(" ")) {
    document.body.append(Object.assign(document.createElement("script"), { src: address, async: false }));
  }
}
