/* Finding, sorting, filtering and copying. Everything on the page can be read without it. */
"use strict";

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();

function setUpFind() {
  const input = document.querySelector("#find");
  const names = NAMES.map(([name, id]) => ({ name: plain(name), id }));
  document.querySelector("#names").append(...NAMES.map(([name]) => new Option("", name)));
  const findMatch = (text) => {
    const wanted = plain(text);
    if (!wanted) return null;
    return names.find((item) => item.name === wanted)
      ?? names.find((item) => item.name.startsWith(wanted))
      ?? names.find((item) => item.name.includes(wanted));
  };
  const go = (text) => {
    const match = findMatch(text);
    if (!match) return false;
    location.href = `${input.dataset.root}authorities/${match.id}.html`;
    return true;
  };
  input.form.addEventListener("submit", (event) => { if (go(input.value)) event.preventDefault(); });
  input.addEventListener("input", (event) => {
    // A choice from the list arrives without an inputType of typing.
    if (!event.inputType || event.inputType === "insertReplacementText") go(input.value);
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { input.value = asked; go(asked); }
}

function setUpSort(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (!head.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const numeric = head.dataset.sort === "number";
      const first = numeric ? "descending" : "ascending";
      const other = numeric ? "ascending" : "descending";
      const way = head.getAttribute("aria-sort") === first ? other : first;
      heads.forEach((item) => item.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", way);
      const sign = way === "ascending" ? 1 : -1;
      const key = (row) => numeric ? row.cells[column].dataset.value : plain(row.cells[column].textContent);
      const rows = [...body.rows].sort((a, b) => {
        const [left, right] = [key(a), key(b)];
        // A row without a number stays at the end whichever way the rest is sorted.
        if (left === "" || right === "") return (left === "") - (right === "");
        return sign * (numeric ? left - right : left.localeCompare(right, "en"));
      });
      body.append(...rows);
    });
  });
}

function setUpSieve(table) {
  const sieve = document.querySelector(".sieve");
  if (!sieve) return;
  sieve.hidden = false;
  const input = sieve.querySelector("input");
  const count = sieve.querySelector("#sieve-count");
  const rows = [...table.tBodies[0].rows];
  input.addEventListener("input", () => {
    const wanted = plain(input.value);
    let shown = 0;
    rows.forEach((row) => {
      row.hidden = !plain(row.dataset.words).includes(wanted);
      shown += !row.hidden;
    });
    count.textContent = wanted ? `${shown} of ${rows.length} shown` : "";
  });
}

function setUpCopy(button) {
  const said = document.querySelector("#copied");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).innerText.trim();
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      said.textContent = "Selected: press Ctrl and C to copy.";
    }
  });
}

function focusTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.matches("[tabindex]")) return;
  target.scrollIntoView({ block: "center", inline: "center" });
  target.focus({ preventScroll: true });
}

setUpFind();
document.querySelectorAll("table.standings").forEach(setUpSort);
document.querySelectorAll("table[data-sieve]").forEach(setUpSieve);
document.querySelectorAll("[data-copy]").forEach(setUpCopy);
addEventListener("hashchange", focusTarget);
focusTarget();
