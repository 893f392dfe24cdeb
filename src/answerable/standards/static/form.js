/* Turns the filled-in form into a JSON file, with the SHA-256 of each screenshot. Sends nothing. */
"use strict";

async function hashFile(file) {
  const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function readAnswer(fieldset) {
  const chosen = fieldset.querySelector("input[type=radio]:checked");
  if (!chosen) return null;
  const file = fieldset.querySelector("[data-part=evidence]").files[0];
  return {
    setting: fieldset.dataset.setting,
    value: chosen.value,
    evidence: file ? file.name : "",
    sha256: file ? await hashFile(file) : "",
    quote: fieldset.querySelector("[data-part=quote]").value.trim(),
    note: fieldset.querySelector("[data-part=note]").value.trim(),
  };
}

async function save(event) {
  event.preventDefault();
  const form = event.target;
  const said = document.querySelector("#said");
  const missing = [...form.querySelectorAll("[required]")].find((item) => !item.value);
  if (missing) {
    said.textContent = `Fill in: ${missing.closest("label").firstChild.textContent.trim()}.`;
    missing.focus();
    return;
  }
  const value = (name) => form.elements[name].value.trim();
  const answers = await Promise.all([...form.querySelectorAll(".setting")].map(readAnswer));
  const body = {
    format: form.dataset.format,
    service: form.dataset.service,
    tester: value("tester"), on: value("on"), country: value("country"),
    app_version: value("app_version"), platform: value("platform"),
    run: Number(value("run")), age: Number(value("age")),
    observed: answers.filter(Boolean),
  };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(body, null, 1) + "\n"], { type: "application/json" }));
  link.download = `${body.on}-${body.tester}-run${body.run}-age${body.age}.json`.replace(/[^\w.-]+/g, "-");
  link.click();
  said.textContent = `${body.observed.length} answers saved as ${link.download}.`;
}

document.querySelector("#form").addEventListener("submit", save);
