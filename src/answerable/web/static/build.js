// The line that says how the build stands, told by server-sent events.
"use strict";

const line = document.querySelector("#build");
if (line && window.EventSource) {
  const source = new EventSource("/build/events");
  source.addEventListener("progress", (event) => {
    const told = JSON.parse(event.data);
    line.textContent = told.text;
    line.dataset.state = told.state;
  });
  addEventListener("pagehide", () => source.close());
}
