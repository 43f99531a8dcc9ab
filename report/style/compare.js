"use strict";
/* Two extractions of one study, or two worksheets of appraisal, dropped on the page: what differs, κ
   where it means something, and what the review extracted with its place. No file leaves the page. */
(() => {
  const { ready, make, all, textOf } = dom;
  const FEWEST = 10;

  /* The rows of a CSV text (RFC 4180), each by the names of its columns. */
  function parse(text) {
    const rows = [[""]];
    for (const [, quoted, plain, mark] of
      text.replace(/^\ufeff/, "").matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
      const row = rows.at(-1);
      row[row.length - 1] = quoted === undefined ? plain : quoted.replaceAll('""', '"');
      if (mark === ",") row.push("");
      else if (mark) rows.push([""]);
      else break;
    }
    const [names, ...found] = rows.filter((row) => row.length > 1);
    return found.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] || ""])));
  }

  /* A file's answers by their key: `group` names those that are rated on one scale. */
  function answers(text) {
    const rows = parse(text);
    if (rows[0] && "field" in rows[0]) {
      return rows.map((row) => ({ key: row.field, ask: row.question, value: row.value, unit: row.unit,
        where: [row.page && `p. ${row.page}`, row.words].filter(Boolean).join(": "),
        group: row.kind === "choice" ? "yes, no or not reported" : "" }));
    }
    if (rows[0] && "judgement" in rows[0]) {
      return rows.map((row) => ({ key: row.item, ask: `${row.subject}: ${row.domain}`,
        value: row.judgement, unit: "", where: row.reason, group: row.tool }));
    }
    return null;
  }

  /* Numbers by their value, words without regard to case and space. */
  function plain(value) {
    const number = value.replace(/[\s%]/g, "").replace(",", ".");
    return /^-?\d*\.?\d+$/.test(number) ? Number(number) : value.toLowerCase().replace(/\s+/g, " ").trim();
  }
  const isGiven = (one) => Boolean(one?.value.trim());
  const isSame = (one, other) => plain(one.value) === plain(other.value)
    && (!one.unit || !other.unit || one.unit === other.unit);

  /* Cohen's κ with the limits of Fleiss, Cohen & Everitt 1969; null where it means nothing. */
  function kappaOf(pairs) {
    const count = pairs.length;
    const share = (of, value) => pairs.filter((pair) => pair[of] === value).length / count;
    const values = [...new Set(pairs.flat())];
    if (count < FEWEST || values.length < 2) return null;
    const same = pairs.filter(([one, other]) => one === other).length / count;
    const chance = values.reduce((sum, value) => sum + share(0, value) * share(1, value), 0);
    const kappa = (same - chance) / (1 - chance);
    const weights = pairs.reduce((sum, [one, other]) => sum
      + ((one === other) - (share(1, one) + share(0, other)) * (1 - kappa)) ** 2, 0) / count;
    const variance = (weights - (kappa - chance * (1 - kappa)) ** 2) / (count * (1 - chance) ** 2);
    const reach = 1.959964 * Math.sqrt(Math.max(variance, 0));
    return [kappa, kappa - reach, kappa + reach].map((value) => value.toFixed(2));
  }

  function sentence(name, pairs) {
    const same = pairs.filter(([one, other]) => isSame(one, other)).length;
    return `${name}: ${same} of ${pairs.length} the same`;
  }

  function summary(both, reference, names) {
    const lines = [];
    if (both.length) lines.push(sentence(`${names[0]} and ${names[1]}`, both));
    for (const group of new Set(both.map(([one]) => one.group).filter(Boolean))) {
      const pairs = both.filter(([one]) => one.group === group);
      const kappa = kappaOf(pairs.map((pair) => pair.map((one) => plain(one.value))));
      lines.push(`${sentence(group, pairs)}${kappa
        ? `, κ ${kappa[0]} (95% CI ${kappa[1]} to ${kappa[2]})` : "; too few, or too alike, for κ"}`);
    }
    reference.forEach((pairs, at) => {
      if (pairs.length) lines.push(sentence(`${names[at]} and the review`, pairs));
    });
    return make("ul", {}, ...lines.map((line) => make("li", {}, line)));
  }

  const shown = (one) => (isGiven(one) ? [`${one.value}${one.unit && one.unit !== "none"
    ? ` ${one.unit}` : ""}`, ...(one.where ? [make("span", { class: "small" }, ` ${one.where}`)] : [])] : ["–"]);

  function report(files, key) {
    const [first, second] = files.map(({ found }) => new Map(found.map((one) => [one.key, one])));
    const plainNames = files.map(({ name }) => name.replace(/\.csv$/, "").replace(/^extraction-.+-(?=\p{L}[^-]*$)/u, ""));
    const names = plainNames[0] === plainNames[1] ? plainNames.map((name, at) => `${name} (${at + 1})`) : plainNames;
    const keys = [...new Set([...first.keys(), ...second.keys()])];
    const hasKey = keys.some((name) => key.has(name));
    const of = (one, other) => keys.map((name) => [one.get(name), other.get(name)])
      .filter((pair) => pair.every(isGiven));
    const rows = keys.filter((name) => isGiven(first.get(name)) || isGiven(second.get(name)))
      .map((name) => {
        const [one, other] = [first.get(name), second.get(name)];
        const verdict = !isGiven(one) || !isGiven(other) ? "only one" : isSame(one, other) ? "same" : "differs";
        const review = key.get(name);
        return make("tr", { class: verdict.replace(" ", "-") },
          make("th", { scope: "row" }, (one || other).ask), make("td", {}, ...shown(one)),
          make("td", {}, ...shown(other)), make("td", {}, verdict),
          ...(hasKey ? [make("td", {}, ...(review ? shown(review) : ["–"]))] : []));
      });
    const heads = ["Question", ...names, "Agreement", ...(hasKey ? ["The review, and where"] : [])];
    const table = make("table", {}, make("caption", {}, "Field by field"),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...rows));
    return [summary(of(first, second), [of(first, key), of(second, key)], names),
      make("div", { class: "table-frame", role: "region", tabindex: "0", "aria-label": "Field by field" },
        table)];
  }

  /* What the page itself lists: the review's extraction. */
  function readKey(box) {
    const cells = all("tbody tr", box).map((row) => [...row.cells].map(textOf));
    return new Map(cells.map(([key, ask, value, unit, where]) => [key, { key, ask, value, unit, where }]));
  }

  function addDesk(box) {
    const key = readKey(box);
    let files = [];
    const said = make("p", { role: "status", class: "said" });
    const place = make("div", { class: "compared" });
    const take = async (given) => {
      for (const file of given) {
        const found = answers(await file.text());
        if (!found) {
          said.textContent = `${file.name} is neither a saved extraction nor a saved worksheet.`;
          return;
        }
        files = [...files.slice(-1), { name: file.name, found }];
      }
      said.textContent = files.map(({ name }) => name).join(" and ")
        + (files.length < 2 ? ": now the other file." : "");
      place.replaceChildren(...(files.length < 2 ? [] : report(files, key)));
    };
    const input = make("input", { type: "file", multiple: "", accept: ".csv,text/csv", id: "two-files",
      onchange: () => take(input.files) });
    const desk = make("div", { class: "drop" },
      make("label", { for: "two-files" }, "Drop two saved files here, or choose them: "), input, said);
    const over = (event) => { event.preventDefault(); desk.classList.add("over"); };
    desk.addEventListener("dragover", over);
    desk.addEventListener("dragleave", () => desk.classList.remove("over"));
    desk.addEventListener("drop", (event) => {
      event.preventDefault();
      desk.classList.remove("over");
      take(event.dataTransfer.files);
    });
    document.querySelector(".drop-here").replaceChildren(desk, place);
  }

  ready(() => all(".reference").forEach(addDesk));
})();
