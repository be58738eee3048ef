// Stages may be dragged where there is a mouse. The buttons of each row do the same, and work without this file.
"use strict";

(() => {
  const list = document.querySelector("[data-order]");
  if (!list) return;

  const form = list.closest("form");
  let dragged = null;

  const rowOf = (event) => event.target.closest("[data-place]");

  for (const handle of list.querySelectorAll("[data-handle]")) {
    const row = handle.closest("[data-place]");
    handle.hidden = false;
    // Only by its handle, so that the words of a row can still be marked.
    handle.addEventListener("pointerdown", () => { row.draggable = true; });
    row.addEventListener("dragend", () => {
      row.draggable = false;
      row.classList.remove("is-dragged");
      for (const goal of list.querySelectorAll(".is-goal")) goal.classList.remove("is-goal");
      dragged = null;
    });
  }

  list.addEventListener("dragstart", (event) => {
    dragged = rowOf(event);
    if (!dragged) return;
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.place);
  });

  list.addEventListener("dragover", (event) => {
    const goal = rowOf(event);
    if (!dragged || !goal) return;
    event.preventDefault();
    for (const other of list.querySelectorAll(".is-goal")) other.classList.remove("is-goal");
    if (goal !== dragged) goal.classList.add("is-goal");
  });

  list.addEventListener("drop", (event) => {
    const goal = rowOf(event);
    if (!dragged || !goal) return;
    event.preventDefault();
    if (goal === dragged) return;
    const act = document.createElement("input");
    act.type = "hidden";
    act.name = "act";
    act.value = `move:${dragged.dataset.place}:${goal.dataset.place}`;
    form.append(act);
    form.submit();
  });
})();
