// Keys for the queue: each turns into a click on the button or link that carries it in data-key.
"use strict";

const isTyping = (element) =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;

function findKey(key) {
  const effect = document.querySelector("#effect");
  const within = effect ? [effect, document] : [document];
  for (const part of within) {
    for (const element of part.querySelectorAll("[data-key]")) {
      if (element.dataset.key === key && !element.disabled) return element;
    }
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
    event.preventDefault();
    return;
  }
  if (isTyping(event.target)) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  const found = findKey(event.key);
  if (!found) return;
  event.preventDefault();
  if (isTyping(found)) {
    found.focus();
    found.select();
  } else if (found.localName === "summary") {
    found.parentElement.open = !found.parentElement.open;
    found.focus();
  } else {
    found.click();
  }
});

function showFocus() {
  const lit = document.querySelector(".source .focus");
  const pane = document.querySelector(".source");
  if (lit && pane) lit.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const work = document.querySelector("#work");
  if (work) work.scrollIntoView({ block: "start", behavior: "instant" });
}

// A field that was answered from must not take the next key, which htmx would let it by keeping its focus.
document.addEventListener("htmx:beforeSwap", () => {
  if (isTyping(document.activeElement)) document.activeElement.blur();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "work") showFocus();
});
document.addEventListener("DOMContentLoaded", showFocus);
