"use strict";
/* The form of the extraction exercise: a value, its unit, page and words for each field, kept in this
   browser and saved as a table that the page for comparing reads. */
(() => {
  const { ready, make, all, textOf } = dom;
  const { kept, signed, field } = club;
  const COLUMNS = ["field", "kind", "question", "value", "unit", "page", "words"];

  const choose = (label, options) => make("select", { "aria-label": label },
    make("option", { value: "" }, "–"), ...options.map((option) => make("option", {}, option)));
  const write = (label, attributes = {}) => make("input", { type: "text", autocomplete: "off",
    "aria-label": label, ...attributes });

  /* The four controls of a field, in the order of the blanks; of a choice, no unit. */
  function controls(item, units, choices) {
    const ask = textOf(item.querySelector(".asks"));
    const [value, unit, page, words] = all(".blank", item);
    const isNumber = item.dataset.kind === "number";
    if (!isNumber) {
      unit.previousSibling.textContent = " ";
      unit.remove();
    }
    return {
      name: item.dataset.field,
      kind: item.dataset.kind,
      ask,
      parts: [
        field(value, isNumber ? write(`Value: ${ask}`, { inputmode: "decimal", class: "number" })
          : choose(`Value: ${ask}`, choices)),
        isNumber ? field(unit, choose(`Unit: ${ask}`, units)) : { value: "" },
        field(page, write(`Page: ${ask}`, { class: "page" })),
        field(words, write(`Words: ${ask}`, { class: "words" })),
      ],
    };
  }

  function addForm(box) {
    const key = `extraction/${box.dataset.study}`;
    const before = kept.get(key) || {};
    const [units, choices] = [box.dataset.units.split("|"), box.dataset.choices.split("|")];
    const fields = all(".field", box).map((item) => controls(item, units, choices));
    fields.forEach(({ name, parts }) => parts.forEach((part, at) => {
      part.value = before[name]?.[at] || "";
    }));
    const done = make("span", { role: "status", class: "said filled" });
    const count = () => {
      const filled = fields.filter(({ parts }) => parts[0].value.trim()).length;
      done.textContent = `${filled} of ${fields.length} filled in`;
    };
    box.addEventListener("input", () => {
      kept.set(key,
        Object.fromEntries(fields.map(({ name, parts }) => [name, parts.map((p) => p.value)])));
      count();
    });
    const rows = () => [COLUMNS, ...fields.map(({ name, kind, ask, parts }) =>
      [name, kind, ask, ...parts.map((part) => part.value.trim())])];
    box.append(signed("Save this extraction (CSV)", `extraction-${box.dataset.study}`, rows, done));
    count();
  }

  ready(() => all(".extraction").forEach(addForm));
})();
