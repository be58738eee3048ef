// Fills the time zone from the browser. Without this file the list is there to choose from.
//   <select data-time-zone="fill">   takes the device's zone and folds the list away
//   <select data-time-zone="offer">  keeps the saved zone and offers the device's
//   <section data-zone-offer="Europe/London" hidden>  is shown where the device is in another zone
// Its words stand beside it in the language of the page: data-yours, data-change, data-here, data-use.
"use strict";

const zoneHere = Intl.DateTimeFormat().resolvedOptions().timeZone;
const shown = (zoneHere || "").replaceAll("_", " ");

// Browsers and servers may call one zone by two names: what this browser calls the saved one.
function asCalledHere(zone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return zone;
  }
}

function isHere(zone) {
  return zone === zoneHere || asCalledHere(zone) === zoneHere;
}

function wordsAndButton(text, label, onClick) {
  const line = document.createElement("p");
  const button = document.createElement("button");
  line.className = "zone-line";
  line.append(text);
  button.type = "button";
  button.className = "btn btn-link";
  button.textContent = label;
  button.addEventListener("click", onClick);
  line.append(button);
  return line;
}

function fill(select, wrapper) {
  select.value = zoneHere;
  wrapper.hidden = true;
  const line = wordsAndButton(select.dataset.yours.replace("%s", shown), select.dataset.change, () => {
    line.remove();
    wrapper.hidden = false;
    select.focus();
  });
  wrapper.before(line);
}

function offer(select, wrapper) {
  if (isHere(select.value)) return;
  const line = wordsAndButton(select.dataset.here.replace("%s", shown), select.dataset.use, () => {
    select.value = zoneHere;
    line.remove();
    select.focus();
  });
  wrapper.append(line);
}

for (const select of document.querySelectorAll("select[data-time-zone]")) {
  const known = zoneHere && Array.from(select.options).some((option) => option.value === zoneHere);
  const wrapper = document.getElementById(`div_${select.id}`) || select.parentElement;
  if (!known) continue;
  if (select.dataset.timeZone === "offer") offer(select, wrapper);
  // A zone that somebody chose, on a page that came back with errors, stays.
  else if (select.value === "UTC" || select.value === zoneHere) fill(select, wrapper);
}

for (const section of document.querySelectorAll("[data-zone-offer]")) {
  if (!zoneHere || isHere(section.dataset.zoneOffer)) continue;
  const place = shown.slice(shown.lastIndexOf("/") + 1);
  for (const part of section.querySelectorAll("[data-words]")) part.textContent = part.dataset.words.replace("%s", place);
  section.querySelector("input[name=zone]").value = zoneHere;
  section.hidden = false;
}
