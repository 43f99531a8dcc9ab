"use strict";
/* A table of counting choices becomes radio buttons: one rule at a time, with what it concludes.
   Everything is in the table; without this script the table is read as it is. */
(() => {
  const { ready, all, make, textOf } = dom;
  const SIGNS = { higher: "▲", lower: "▼", "no difference": "■", conflicting: "◆" };
  const TOLD = "The abstract’s conclusions: does each hold, and how many of those counted report a higher or a lower risk?";
  const COUNTED = /(\d+) (higher|lower|no difference|conflicting)/g;

  const verdictOf = (cell) => textOf(cell).split(", ")[0];

  function marks(cell) {
    return [...textOf(cell).matchAll(COUNTED)].map(([, count, way]) =>
      make("span", { class: `way-${way.replace(" ", "-")}` }, SIGNS[way].repeat(Number(count))));
  }

  /* The cell's own content, so that its number still leads to its trace. */
  function conclusion(head, cell, asReported) {
    const turned = verdictOf(cell) !== verdictOf(asReported);
    return make("li", { class: turned ? "turned" : null }, make("b", {}, head), " ",
      ...[...cell.childNodes].map((node) => node.cloneNode(true)), " ",
      make("span", { class: "ways", "aria-hidden": "true" }, ...marks(cell)), turned ? " – changed" : "");
  }

  function choose(table, number) {
    const heads = all("thead th", table).map(textOf);
    const rows = all("tbody tr", table).map((row) => [...row.cells]);
    const list = make("ul", { "aria-live": "polite" });
    const show = (row) => list.replaceChildren(...row.slice(1).map((cell, at) =>
      conclusion(heads[at + 1], cell, rows[0][at + 1])));
    const buttons = rows.map((row, at) => make("label", {},
      make("input", { type: "radio", name: `choice-${number}`, onchange: () => show(row), ...(at ? {} : { checked: "" }) }),
      " ", textOf(row[0])));
    show(rows[0]);
    return make("div", { class: "choices" },
      make("fieldset", {}, make("legend", {}, heads[0]), ...buttons),
      make("div", {}, make("p", {}, TOLD), list));
  }

  ready(() => all("table.choices").forEach((table, number) => {
    const shown = table.closest("[id^=tbl-]");
    const figure = shown && document.getElementById(shown.id.replace("tbl-", "fig-"));
    (figure || table.closest("details") || table).before(choose(table, number));
  }));
})();
