// Shows the questions about a session once one was done. Without this file they are all there, with a hint.
// What was filled in is never hidden: a score on a session that was not done has to be seen to be corrected.
"use strict";

const details = document.getElementById("session-details");
const DONE = ["done", "partial", "stopped_pain"];

function isFilled() {
  const answered = details.querySelectorAll("input:checked, input[type='number']");
  return Array.from(answered).some((input) => input.value !== "" && input.value !== "none");
}

function update() {
  const chosen = document.querySelector("input[name='session']:checked");
  const done = chosen !== null && DONE.includes(chosen.value);
  details.hidden = !done && !isFilled() && !details.querySelector(".is-invalid");
  details.classList.toggle("is-needed", done);
}

// A guided session says what became of it, also to the form that a phone keeps for itself: never a score.
const said = new URLSearchParams(window.location.search).get("session");
const answer = DONE.includes(said) && document.querySelector(`input[name='session'][value='${said}']`);
if (answer && !document.querySelector("input[name='session']:checked:not([value=''])")) answer.checked = true;

if (details) {
  document.addEventListener("change", (event) => {
    if (event.target.name === "session") update();
  });
  update();
}
