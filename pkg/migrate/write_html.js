
"use strict";
(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const form = document.querySelector(".controls"), filter = document.getElementById("filter"), shown = document.getElementById("shown");
  const body = table.tBodies[0], rows = Array.from(body.rows);
  const boxes = Array.from(form.querySelectorAll("input[type=checkbox]"));
  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(boxes.filter(b => b.checked).map(b => b.value));
    let n = 0;
    for (const row of rows) {
      const content = row.textContent.toLowerCase();
      row.hidden = !(wanted.has(row.dataset.severity) && words.every(w => content.includes(w)));
      if (!row.hidden) n++;
    }
    shown.textContent = n + " of " + rows.length + " shown";
  };
  const key = (row, i) => row.cells[i].dataset.sort || row.cells[i].textContent.trim().toLowerCase();
  Array.from(table.tHead.rows[0].cells).forEach((th, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = th.textContent;
    th.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = th.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sorted = rows.map((row, at) => [key(row, i), at, row]).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) * (down ? -1 : 1) || a[1] - b[1]);
      body.append(...sorted.map(s => s[2]));
    });
  });
  form.addEventListener("submit", e => e.preventDefault());
  form.addEventListener("input", apply);
  form.hidden = false;
  apply();
})();
