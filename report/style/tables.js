"use strict";
/* Tables sort, filter and download as CSV, figures as SVG; what scrolls is reached by the keyboard. */
(() => {
  const { ready, all, make, save, textOf, unformulated } = dom;

  /* Tables: rows joined by a row span stay together. */
  function gridOf(table, section) {
    const grid = [];
    [...section.rows].forEach((row, y) => {
      grid[y] ||= [];
      let x = 0;
      for (const cell of row.cells) {
        while (grid[y][x]) x += 1;
        for (let dy = 0; dy < cell.rowSpan; dy += 1) {
          for (let dx = 0; dx < cell.colSpan; dx += 1) {
            (grid[y + dy] ||= [])[x + dx] = cell;
          }
        }
      }
    });
    return grid.slice(0, section.rows.length);
  }

  function groupsOf(table) {
    return [...table.tBodies].flatMap((body) => {
      const grid = gridOf(table, body);
      const groups = [];
      [...body.rows].forEach((row, y) => {
        const joined = y > 0 && grid[y].some((cell) => cell && cell === grid[y - 1]
          .find((above) => above === cell));
        if (joined) groups.at(-1).rows.push(row);
        else groups.push({ rows: [row], cells: grid[y], place: groups.length });
        groups.at(-1).text = groups.at(-1).rows.map(textOf).join(" ").toLowerCase();
      });
      return groups;
    });
  }

  /* The first number of a text; of a length of time, its days. Among lengths of time, a number of
     something else is none. */
  const DAYS = { day: 1, week: 7, month: 365.25 / 12, year: 365.25 };
  const TIMED = /\d[\s\u00a0-]*(day|week|month|year)/;
  const numberIn = (text, timed) => {
    const found = text.replace(/(\d),(?=\d{3}\b)/g, "$1")
      .match(/([-\u2212]?\d+(?:\.\d+)?)(?:[\s\u00a0-]*(day|week|month|year)s?\b)?/);
    return found && (!timed || found[2]) ? Number(found[1].replace("\u2212", "-")) * (DAYS[found[2]] || 1) : null;
  };

  function sortBy(table, groups, header, column) {
    const order = header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    all("th[aria-sort]", table).forEach((th) => th.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", order);
    const texts = new Map(groups.map((g) => [g, g.cells[column] ? textOf(g.cells[column]) : ""]));
    const numeric = groups.filter((g) => /^\D{0,2}\d/.test(texts.get(g))).length > groups.length / 2;
    const timed = [...texts.values()].some((text) => TIMED.test(text));
    const sign = order === "ascending" ? 1 : -1;
    const compare = (a, b) => {
      const [x, y] = [texts.get(a), texts.get(b)];
      if (!numeric) return sign * x.localeCompare(y, document.documentElement.lang, { numeric: true });
      const [m, n] = [numberIn(x, timed), numberIn(y, timed)];
      if (m === null || n === null) return (m === null) - (n === null);
      return sign * (m - n);
    };
    const sorted = [...groups].sort((a, b) => compare(a, b) || a.place - b.place);
    table.tBodies[0].append(...sorted.flatMap((group) => group.rows));
  }

  function addSorting(table, groups) {
    const grid = table.tHead ? gridOf(table, table.tHead) : [];
    new Set(grid.at(-1) || []).forEach((header) => {
      if (!header || header.colSpan > 1) return;
      const column = grid.at(-1).indexOf(header);
      const button = make("button", { type: "button", class: "sort",
        onclick: () => sortBy(table, groups, header, column) });
      button.append(...header.childNodes);
      header.append(button);
    });
  }

  /* What a cell says: without its marks and links, footnotes as `^a`. */
  const cellText = (cell) => {
    if (!cell) return "";
    const copy = cell.cloneNode(true);
    all("br", copy).forEach((br) => br.replaceWith("; "));
    all("sup", copy).forEach((sup) => sup.prepend("^"));
    all(".visually-hidden, .flag, .row-link", copy).forEach((hidden) => hidden.remove());
    return textOf(copy);
  };

  /* "this (or that)" is found under both. */
  const readingsOf = (text) => /^(.+) \(or (.+)\)$/.exec(text)?.slice(1) || [text];

  /* Filters: `data-filters="colour=Colour|window=Window"` on the table, `data-colour="A|B"` on
     its rows; or `data-filter` on a header cell for the texts of its column. */
  function filtersOf(table, groups) {
    const declared = (table.dataset.filters || "").split("|").filter(Boolean).map((part) => {
      const [name, label] = part.split("=");
      return { label: label || name, values: (group) => group.rows.flatMap((row) =>
        (row.getAttribute(`data-${name}`) || "").split("|").filter(Boolean)) };
    });
    const grid = table.tHead ? gridOf(table, table.tHead) : [];
    const columns = all("th[data-filter]", table).map((header) => {
      const column = grid.at(-1).indexOf(header);
      return { label: textOf(header), values: (group) => {
        const cell = group.cells[column];
        return cell ? cellText(cell).split("; ").flatMap(readingsOf).filter(Boolean) : [];
      } };
    });
    return [...declared, ...columns].map((filter) => ({ ...filter,
      options: [...new Set(groups.flatMap(filter.values))].sort() }));
  }

  function addFilters(table, groups, tools) {
    const filters = filtersOf(table, groups);
    const count = make("p", { class: "count", role: "status" });
    const words = make("input", { type: "search", autocomplete: "off" });
    const selects = filters.map((filter) => make("select", {},
      make("option", { value: "" }, "All"),
      ...filter.options.map((value) => make("option", { value }, value))));
    const apply = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const group of groups) {
        const fits = wanted.every((word) => group.text.includes(word))
          && selects.every((select, n) => !select.value
            || filters[n].values(group).includes(select.value));
        group.rows.forEach((row) => { row.hidden = !fits; });
        shown += fits ? 1 : 0;
      }
      count.textContent = shown === groups.length ? `${shown} rows`
        : `${shown} of ${groups.length} rows`;
    };
    const folded = make("details", { class: "filters" }, make("summary", {}, "Filter"),
      make("label", {}, "Search this table", words),
      ...filters.map((filter, n) => make("label", {}, filter.label, selects[n])));
    folded.open = !matchMedia("(max-width: 40rem)").matches;
    tools.append(folded);
    [words, ...selects].forEach((control) => control.addEventListener("input", apply));
    apply();
    tools.append(count);
  }

  const csvCell = (text) => `"${unformulated(text).replaceAll('"', '""')}"`;
  function csvOf(table) {
    const head = table.tHead ? gridOf(table, table.tHead) : [];
    const width = head[0]?.length || 0;
    const names = Array.from({ length: width }, (_, x) =>
      [...new Set(head.map((row) => cellText(row[x])))].join(" / "));
    const rows = [...table.tBodies].flatMap((body) => gridOf(table, body)
      .filter((_, y) => !body.rows[y].hidden).map((row) => row.map(cellText)));
    const lines = [names, ...rows].map((row) => row.map(csvCell).join(","));
    return `\ufeff${lines.join("\r\n")}\r\n`;
  }

  /* On the line of the caption's last word. */
  function addToCaption(caption, button) {
    const text = caption.lastChild;
    const last = text?.data ? text.splitText(text.data.trimEnd().lastIndexOf(" ") + 1) : "";
    caption.append(make("span", { class: "together" }, last, button));
  }

  const downloadButton = (what, onclick) =>
    make("button", { type: "button", class: "download", title: `Download this ${what}`,
      "aria-label": `Download this ${what}`, onclick }, "\u2913");

  /* One stop of the Tab key for each row, paragraph and card; the arrow keys lead to its other links. */
  const groupOf = (link) => link.closest(".matter, .dossier") || link.closest("tr") || link.closest("p, li, dd");
  function rove() {
    const groups = new Map();
    for (const link of all("main :is(a.traced, tr a[href], button.sort)")) {
      const group = groupOf(link);
      if (groups.has(group)) link.tabIndex = -1;
      if (group) groups.set(group, [...groups.get(group) || [], link]);
    }
    document.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const group = step && !event.altKey && event.target.closest && groupOf(event.target);
      const links = (groups.get(group) || []).filter((link) => link.checkVisibility());
      const at = links.indexOf(event.target);
      const next = at < 0 ? null : links[at + step];
      if (!next) return;
      links.forEach((link) => { link.tabIndex = link === next ? 0 : -1; });
      next.focus();
      event.preventDefault();
    });
  }

  /* On a phone the rows of a wide table are blocks, each cell after the heading of its column. */
  const MOST_ROWS = 60;
  function addLabels(table) {
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
    const heads = table.tHead ? gridOf(table, table.tHead).at(-1).map((head) => cellText(head).replace(/\^\w/g, "")) : [];
    const plain = rows.every((row) => row.cells.length === heads.length);
    if (heads.length < 4 || rows.length > MOST_ROWS || !plain) return;
    table.classList.add("labelled");
    rows.forEach((row) => [...row.cells].forEach((cell, n) => { if (cell.tagName === "TD") cell.dataset.label = heads[n]; }));
  }

  function addTableTools(table) {
    addLabels(table);
    const frame = table.closest(".table-frame") || table;
    const caption = table.closest("figure")?.querySelector("figcaption");
    const name = table.closest("figure[id], .quarto-float")?.id || table.id || "table";
    const tools = make("div", { class: "tools" });
    if (table.classList.contains("filterable")) {
      const groups = groupsOf(table);
      addFilters(table, groups, tools);
      addSorting(table, groups);
    }
    const download = downloadButton("table as CSV",
      () => save(`${name}.csv`, "text/csv;charset=utf-8", csvOf(table)));
    if (caption) addToCaption(caption, download);
    else tools.append(download);
    if (tools.childNodes.length) frame.before(tools);
  }

  function addFigureTools(figure) {
    const drawing = figure.querySelector("svg");
    if (!drawing) return;
    addToCaption(figure.querySelector("figcaption") || figure, downloadButton("figure as SVG",
      () => save(`${figure.id}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(drawing))));
  }

  /* Only what scrolls needs to be reached by the keyboard. */
  function watchFrames() {
    const look = (frame) => {
      const scrolls = frame.scrollWidth > frame.clientWidth + 1;
      if (scrolls) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    };
    const watcher = new ResizeObserver((entries) => entries.forEach((entry) => look(entry.target)));
    /* Reachable until it is known not to scroll; what is far off is measured when it comes near. */
    const frames = all(".table-frame, .figure-frame");
    frames.forEach((frame) => { frame.tabIndex = 0; watcher.observe(frame); });
    addEventListener("resize", () => frames.filter((frame) => !frame.checkVisibility({ contentVisibilityAuto: true }))
      .forEach((frame) => { frame.tabIndex = 0; }));
  }

  ready(
    () => all("figure.float-fig").forEach(addFigureTools),
    () => all(".table-frame > table, .quarto-float table.companion").forEach(addTableTools),
    rove,
    watchFrames,
  );
})();
