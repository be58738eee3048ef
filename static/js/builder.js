// While somebody writes a part of a draft: ask what is wrong with it, and say so beside the form.
// Without this file the same is said after every save.
"use strict";

(() => {
  const form = document.querySelector("form[data-part]");
  const box = document.getElementById("check");
  if (!form || !box) return;

  const heading = box.querySelector("[data-heading]");
  const list = box.querySelector("[data-faults]");
  const PAUSE = 700;
  let waiting = null;
  let asked = 0;

  const lineOf = (fault) => {
    const item = document.createElement("li");
    if (fault.target) {
      const link = document.createElement("a");
      link.href = `#${fault.target}`;
      link.textContent = fault.label;
      item.append(link, `: ${fault.words}`);
    } else {
      item.textContent = `${fault.label}: ${fault.words}`;
    }
    return item;
  };

  const mark = (faults) => {
    const words = new Map();
    for (const fault of faults) {
      if (fault.name) words.set(fault.name, [...(words.get(fault.name) || []), fault.words]);
    }
    for (const place of form.querySelectorAll(".built-fault")) {
      const name = place.id.replace(/^id_/, "").replace(/_fault$/, "");
      const text = (words.get(name) || []).join(" ");
      if (place.textContent !== text) place.textContent = text;
      const field = place.closest(".built-field");
      if (field) field.classList.toggle("is-faulty", Boolean(text));
      for (const input of field ? field.querySelectorAll("input, select, textarea") : []) {
        if (text) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    }
  };

  const draw = (picture) => {
    const frame = document.querySelector("[data-outing]");
    if (!frame) return;
    const parsed = new DOMParser().parseFromString(picture, "text/html");
    frame.querySelector("[data-picture]").replaceChildren(...parsed.body.childNodes);
    frame.hidden = !picture;
  };

  const show = (answer) => {
    if (answer.changed) {
      heading.textContent = answer.changed;
      return;
    }
    heading.textContent = answer.heading;
    list.replaceChildren(...answer.faults.map(lineOf));
    mark(answer.faults);
    draw(answer.picture);
  };

  const check = async () => {
    const number = (asked += 1);
    try {
      const answer = await fetch(box.dataset.check, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      // Only what was asked last counts, and only an answer: a failure is said by the save.
      if (number === asked && answer.ok && !answer.redirected) show(await answer.json());
    } catch {
      // Without a connection the page says nothing new.
    }
  };

  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, PAUSE);
  };

  form.addEventListener("input", soon);
  // Somebody may write before this file has come, and a browser may fill in what she wrote last time.
  const isOther = (input) => {
    if (input.type === "checkbox" || input.type === "radio") return input.checked !== input.defaultChecked;
    return "defaultValue" in input && input.value !== input.defaultValue;
  };
  if ([...form.elements].some(isOther)) soon();

  // A link to a field that is folded away opens it, and moves into the field.
  box.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const folded = field.closest("details");
    if (folded) folded.open = true;
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
})();
